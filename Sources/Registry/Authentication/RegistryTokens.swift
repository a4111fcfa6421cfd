internal import Foundation
package import Logging
internal import NIOPosix
internal import Tokens

/// Tells what a bearer token lets somebody do.
///
/// The role is in a claim of a name that is set, as one text or among several; a token without a role of ours speaks for
/// nobody. Keys are read again when their file changes.
package struct RegistryTokens: Sendable {
    private let verifier: TokenVerifier
    private let roleClaim: String

    /// Reads the key set.
    ///
    /// - Parameters:
    ///   - keySet: path of a JSON Web Key Set (RFC 7517) whose keys have `kid` and `alg`.
    ///   - issuer: what `iss` must be.
    ///   - audience: what must be in `aud`.
    ///   - roleClaim: the claim that holds `read`, `register` or `admin`.
    ///   - logger: told of keys that were read again, and of a changed file that cannot be used.
    /// - Throws: 50001 for a set that cannot be used.
    package init(
        keySet: String,
        issuer: String,
        audience: String,
        roleClaim: String,
        logger: Logger
    ) async throws(RegistryError) {
        self.roleClaim = roleClaim
        do {
            verifier = try await TokenVerifier.load(
                keySet: keySet,
                TokenRequirements(issuer: issuer, audience: [audience]),
                on: .singleton,
                logger: logger
            )
        } catch {
            throw RegistryError(.store, "The key set of the tokens cannot be used: \(error)")
        }
    }

    /// Who the token speaks for; nil for one that is not to be believed.
    func actor(_ token: String) async -> RegistryRequest.Actor? {
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        do {
            let identity = try await verifier.verify(token, now: now)
            let roles = identity.values(of: roleClaim).compactMap { RegistryRole(rawValue: $0) }
            return roles.max().map { RegistryRequest.Actor(name: identity.user, role: $0) }
        } catch {
            return nil
        }
    }
}
