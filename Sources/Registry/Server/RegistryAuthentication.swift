/// How the registry finds out who asks.
package struct RegistryAuthentication: Sendable {
    /// Nobody is asked; everybody is an administrator.
    package static let none = RegistryAuthentication()

    /// The `WWW-Authenticate` of a 401.
    let challenge = "Basic realm=\"busbar-registry\""

    /// Who a request comes from.
    /// - Throws: 401.
    func actor(_ authorization: String?) async throws(RegistryError) -> RegistryRequest.Actor { .anonymous }
}
