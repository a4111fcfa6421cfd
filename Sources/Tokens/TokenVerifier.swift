internal import JWTKit
package import Logging
package import NIOPosix

/// Tells whether a token speaks for somebody: signed by a key of the set, for whoever asks here, in its time.
///
/// Signatures are JWTKit's (RSA, ECDSA and EdDSA by RFC 7518 and 8037), by the ``TokenKeys`` of the authority. The rest of
/// the claims is checked here.
package final class TokenVerifier: Sendable {
    /// What a token has proven.
    package struct Identity: Sendable {
        package let user: String
        /// Milliseconds since 1970.
        package let expires: Int64
        fileprivate let claims: TokenClaims

        /// The texts of a claim, one or several; empty for a claim that is not there or of another type.
        package func values(of claim: String) -> [String] { claims.values(of: claim) }
    }

    /// How far a token may begin in the future, in milliseconds: clocks differ.
    static let skew: Int64 = 30_000

    private let keys: TokenKeys
    private let requirements: TokenRequirements

    private init(_ requirements: TokenRequirements, _ keys: TokenKeys) {
        self.requirements = requirements
        self.keys = keys
    }

    /// Reads the key set, a JSON Web Key Set (RFC 7517) whose keys have `kid` and `alg`. It is read again when it changes.
    ///
    /// - Parameters:
    ///   - path: of the key set.
    ///   - requirements: which tokens are believed.
    ///   - threads: where the file is read.
    ///   - logger: told of keys that were read again, and of a changed file that cannot be used.
    /// - Returns: the verifier.
    /// - Throws: `keySet` when the file cannot be read or has a key that cannot be used.
    package static func load(
        keySet path: String,
        _ requirements: TokenRequirements,
        on threads: NIOThreadPool,
        logger: Logger
    ) async throws(TokenError) -> TokenVerifier {
        TokenVerifier(requirements, try await TokenKeys.load(path, on: threads, logger: logger))
    }

    /// Who the token speaks for, at the time `now` (milliseconds since 1970).
    /// - Throws: `refused`.
    package func verify(_ token: String, now: Int64) async throws(TokenError) -> Identity {
        let claims = try await claims(of: token, now: now)
        guard let expires = claims.expires, expires > now else {
            throw .refused("the token has expired, or never does")
        }
        guard (claims.notBefore ?? 0) <= now + Self.skew else { throw .refused("the token is not valid yet") }
        guard claims.texts["iss"] == requirements.issuer else { throw .refused("the token is of another issuer") }
        guard !requirements.audience.isDisjoint(with: claims.values(of: "aud")) else {
            throw .refused("the token is for another audience")
        }
        guard let user = claims.texts[requirements.nameClaim], !user.isEmpty else {
            throw .refused("the token has no claim `\(requirements.nameClaim)`")
        }
        return Identity(user: user, expires: expires, claims: claims)
    }

    /// What the token says, if a key has signed it; a key that has come into the file since it was read counts.
    private func claims(of token: String, now: Int64) async throws(TokenError) -> TokenClaims {
        let known = await keys.keys(atMost: TokenKeys.interval, before: now)
        do {
            return try await known.verify(token, as: TokenClaims.self)
        } catch {
            let fresh = await keys.keys(atMost: TokenKeys.patience, before: now)
            guard fresh !== known else { throw Self.unverified }
            do {
                return try await fresh.verify(token, as: TokenClaims.self)
            } catch {
                throw Self.unverified
            }
        }
    }

    private static let unverified = TokenError.refused("the token's signature or form is wrong")
}
