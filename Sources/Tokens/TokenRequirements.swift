/// Which tokens are believed.
package struct TokenRequirements: Sendable {
    /// Who must have issued them (`iss`).
    package let issuer: String
    /// Whom they must be for (`aud`): one of these.
    package let audience: Set<String>
    /// The claim that names whom the token speaks for; a text that is not empty.
    package let nameClaim: String

    package init(issuer: String, audience: Set<String>, nameClaim: String = "sub") {
        self.issuer = issuer
        self.audience = audience
        self.nameClaim = nameClaim
    }
}
