/// The client's first message of SASL OAUTHBEARER (RFC 7628 section 3.1):
/// `n,[a=authzid],` ^A `auth=Bearer token` ^A, then more `key=value` ^A (KIP-342's extensions), then ^A.
struct BearerMessage: Sendable {
    /// ^A, which ends every pair; alone it is the client's answer to a failure.
    static let separator: UInt8 = 1

    /// In compact form.
    let token: String
    /// Whom the client wants to act for, if it says so.
    let identity: String?

    /// `nil` when the message is not of that shape.
    init?(_ message: [UInt8]) {
        guard let text = String(validating: message, as: UTF8.self), text.hasSuffix("\u{1}\u{1}") else { return nil }
        let parts = text.split(separator: "\u{1}", omittingEmptySubsequences: true)
        let header = parts.first?.split(separator: ",", omittingEmptySubsequences: false) ?? []
        guard header.count == 3, header[0] == "n", header[2].isEmpty else { return nil }
        guard header[1].isEmpty || header[1].hasPrefix("a=") else { return nil }
        let credentials = parts.dropFirst().filter { $0.hasPrefix("auth=") }
        // The scheme's name is case-insensitive (RFC 7235 section 2.1).
        guard credentials.count == 1, let credential = credentials.first?.dropFirst("auth=".count),
            credential.prefix(7).lowercased() == "bearer "
        else { return nil }
        let token = credential.dropFirst(7).drop { $0 == " " }
        guard !token.isEmpty else { return nil }
        self.token = String(token)
        identity = header[1].isEmpty ? nil : String(header[1].dropFirst(2))
    }

    /// What the server says of a token that it does not take (RFC 7628 section 3.2.2).
    static let refusal = Array(#"{"status":"invalid_token"}"#.utf8)
}
