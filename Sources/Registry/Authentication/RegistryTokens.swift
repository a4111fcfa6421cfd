package import Foundation
internal import JWTKit

/// Tells whether a token speaks for somebody: signed by a key of the set, for this registry, in its time.
///
/// Signatures are JWTKit's (RFC 7518 and 8037); the claims `iss`, `aud`, `exp`, `nbf` and `sub` are RFC 7519's. The role is
/// in a claim of a name that is set; a token without a role of ours speaks for nobody.
package final class RegistryTokens: Sendable {
    /// How far a token may begin in the future: clocks differ.
    private static let skew: TimeInterval = 30

    private let keys: JWTKeyCollection
    private let issuer: String
    private let audience: String
    private let roleClaim: String

    /// Reads the key set.
    ///
    /// - Parameters:
    ///   - keySet: a JSON Web Key Set (RFC 7517) whose keys have `kid` and `alg`.
    ///   - issuer: what `iss` must be.
    ///   - audience: what must be in `aud`.
    ///   - roleClaim: the claim that holds `read`, `register` or `admin`.
    /// - Throws: 50001 for a set that cannot be used.
    package init(keySet: Data, issuer: String, audience: String, roleClaim: String) async throws(RegistryError) {
        keys = JWTKeyCollection()
        self.issuer = issuer
        self.audience = audience
        self.roleClaim = roleClaim
        do {
            let set = try JSONDecoder().decode(JWKS.self, from: keySet)
            // Without `alg` the first token that comes, forged or not, would choose a key's algorithm.
            guard !set.keys.isEmpty, set.keys.allSatisfy({ $0.algorithm != nil && $0.keyIdentifier != nil }) else {
                throw RegistryError(.store, "every key needs `alg` and `kid`, and there must be one")
            }
            try await keys.add(jwks: set)
        } catch {
            throw RegistryError(.store, "The key set of the tokens cannot be used: \(error)")
        }
    }

    /// Who the token speaks for; nil for one that is not to be believed.
    func actor(_ token: String, now: Date) async -> RegistryRequest.Actor? {
        let claims: Claims
        do { claims = try await keys.verify(token, as: Claims.self) } catch { return nil }
        guard let expires = claims.numbers["exp"], expires > now.timeIntervalSince1970,
            claims.numbers["nbf"] ?? 0 <= now.timeIntervalSince1970 + Self.skew,
            claims.texts["iss"] == [issuer], claims.texts["aud"]?.contains(audience) == true,
            let name = claims.texts["sub"]?.first, !name.isEmpty,
            let role = claims.texts[roleClaim]?.compactMap({ RegistryRole(rawValue: $0) }).max()
        else { return nil }
        return RegistryRequest.Actor(name: name, role: role)
    }
}

/// The claims that may be looked at: texts, lists of texts, and numbers.
private struct Claims: JWTPayload {
    var texts: [String: [String]] = [:]
    var numbers: [String: Double] = [:]

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        for name in container.allKeys {
            if let text = try Self.value(String.self, name, container) {
                texts[name.stringValue] = [text]
            } else if let list = try Self.value([String].self, name, container) {
                texts[name.stringValue] = list
            } else {
                numbers[name.stringValue] = try Self.value(Double.self, name, container)
            }
        }
    }

    /// `nil` for a claim of another form, which is somebody else's.
    private static func value<Value: Decodable>(
        _ type: Value.Type,
        _ name: Name,
        _ container: KeyedDecodingContainer<Name>
    ) throws -> Value? {
        do {
            return try container.decodeIfPresent(type, forKey: name)
        } catch DecodingError.typeMismatch {
            return nil
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for (name, values) in texts { try container.encode(values, forKey: Name(stringValue: name)) }
        for (name, value) in numbers { try container.encode(value, forKey: Name(stringValue: name)) }
    }

    /// Nothing here: what the claims must be depends on the settings.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
