internal import Foundation

/// How the registry finds out who asks: by a password (RFC 7617), a bearer token (RFC 6750) or a client's certificate.
///
/// A request with an `Authorization` is judged by that alone; a certificate speaks for a request without one.
package struct RegistryAuthentication: Sendable {
    private let users: RegistryUsers?
    private let tokens: RegistryTokens?

    /// Nobody is asked; everybody is an administrator.
    package static let none = RegistryAuthentication(users: nil, tokens: nil)

    /// With neither, nobody is asked.
    package init(users: RegistryUsers?, tokens: RegistryTokens?) {
        self.users = users
        self.tokens = tokens
    }

    private var asksNobody: Bool { users == nil && tokens == nil }

    /// The `WWW-Authenticate` of a 401.
    var challenge: String {
        let schemes = [users.map { _ in "Basic" }, tokens.map { _ in "Bearer" }].compactMap(\.self)
        return schemes.map { "\($0) realm=\"busbar-registry\"" }.joined(separator: ", ")
    }

    /// Finds out who a request comes from.
    ///
    /// - Parameters:
    ///   - authorization: the header of that name.
    ///   - certificate: the DER of the client's certificate, which TLS has verified.
    /// - Returns: whom the request comes from.
    /// - Throws: 401, without saying what exactly was wrong.
    func actor(_ authorization: String?, certificate: [UInt8]?) async throws(RegistryError) -> RegistryRequest.Actor {
        if asksNobody { return .anonymous }
        guard let authorization else {
            if let certificate, let actor = users?.actor(certificate: certificate) { return actor }
            throw Self.refusal
        }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { throw Self.refusal }
        let found =
            switch parts[0].lowercased() {
            case "basic": await password(String(parts[1]))
            case "bearer": await tokens?.actor(String(parts[1]))
            default: RegistryRequest.Actor?.none
            }
        guard let found else { throw Self.refusal }
        return found
    }

    private func password(_ encoded: String) async -> RegistryRequest.Actor? {
        guard let users, let data = Data(base64Encoded: encoded),
            let text = String(validating: data, as: UTF8.self), let colon = text.firstIndex(of: ":")
        else { return nil }
        return await users.actor(String(text[..<colon]), password: String(text[text.index(after: colon)...]))
    }

    private static let refusal = RegistryError(
        .unauthorized,
        "Who asks is not known: send a user and password, a token, or a certificate that this registry knows."
    )
}
