internal import Foundation
internal import JWTKit
internal import Logging
internal import NIOPosix

/// Tells whether a token speaks for somebody: signed by a key of the set, for this broker, in its time.
///
/// Signatures are JWTKit's (RSA, ECDSA and EdDSA by RFC 7518 and 8037), by the ``TokenKeys`` of the authority. The rest of
/// the claims is checked here.
final class TokenVerifier: Sendable {
    /// What a token has proven.
    struct Identity: Sendable, Equatable {
        let user: String
        /// Milliseconds since 1970.
        let expires: Int64
    }

    /// Why a token is not taken, for the log; never a part of it.
    struct Refusal: Error, Equatable {
        let reason: String
    }

    /// How far a token may begin in the future: clocks differ.
    static let skew: Int64 = 30_000

    private let keys: TokenKeys
    private let settings: BrokerConfiguration.TokenSettings

    private init(_ settings: BrokerConfiguration.TokenSettings, _ keys: TokenKeys) {
        self.settings = settings
        self.keys = keys
    }

    /// Reads the key set.
    /// - Throws: ``BrokerError`` when the file cannot be read or has a key that cannot be used.
    static func load(
        _ settings: BrokerConfiguration.TokenSettings,
        on threads: NIOThreadPool,
        logger: Logger
    ) async throws(BrokerError) -> TokenVerifier {
        TokenVerifier(settings, try await TokenKeys.load(settings.keySet, on: threads, logger: logger))
    }

    /// Who the token speaks for, at the time `now` (milliseconds since 1970).
    func verify(_ token: String, now: Int64) async throws(Refusal) -> Identity {
        let claims = try await claims(of: token, now: now)
        guard let expires = claims.expires, expires > now else {
            throw Refusal(reason: "the token has expired, or never does")
        }
        guard (claims.notBefore ?? 0) <= now + Self.skew else { throw Refusal(reason: "the token is not valid yet") }
        guard claims.texts["iss"] == settings.issuer else { throw Refusal(reason: "the token is of another issuer") }
        guard !claims.audience.isDisjoint(with: settings.audience) else {
            throw Refusal(reason: "the token is for another audience")
        }
        guard let user = claims.texts[settings.principalClaim], !user.isEmpty else {
            throw Refusal(reason: "the token has no claim `\(settings.principalClaim)`")
        }
        return Identity(user: user, expires: expires)
    }

    /// What the token says, if a key has signed it; a key that has come into the file since it was read counts.
    private func claims(of token: String, now: Int64) async throws(Refusal) -> Claims {
        let known = await keys.keys(atMost: TokenKeys.interval, before: now)
        do {
            return try await known.verify(token, as: Claims.self)
        } catch {
            let fresh = await keys.keys(atMost: TokenKeys.patience, before: now)
            guard fresh !== known else { throw Self.unverified }
            do {
                return try await fresh.verify(token, as: Claims.self)
            } catch {
                throw Self.unverified
            }
        }
    }

    private static let unverified = Refusal(reason: "the token's signature or form is wrong")
}

/// The claims that are looked at; their names are RFC 7519's.
private struct Claims: JWTPayload {
    /// Those that are texts.
    var texts: [String: String] = [:]
    /// One or more (`aud` is a text or a list).
    var audience: Set<String> = []
    /// Milliseconds since 1970.
    var expires: Int64?
    var notBefore: Int64?

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        for name in container.allKeys {
            switch name.stringValue {
            case "aud":
                audience =
                    if let single = try Self.text(name, in: container) { [single] } else {
                        Set(try container.decode([String].self, forKey: name))
                    }
            case "exp": expires = try Self.milliseconds(container.decode(Double.self, forKey: name))
            case "nbf": notBefore = try Self.milliseconds(container.decode(Double.self, forKey: name))
            default:
                // Claims of other types are somebody else's.
                texts[name.stringValue] = try Self.text(name, in: container)
            }
        }
    }

    /// `nil` for a claim that is no text.
    private static func text(_ name: Name, in container: KeyedDecodingContainer<Name>) throws -> String? {
        do {
            return try container.decodeIfPresent(String.self, forKey: name)
        } catch DecodingError.typeMismatch {
            return nil
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for (name, text) in texts { try container.encode(text, forKey: Name(stringValue: name)) }
    }

    /// Nothing here: what the claims must be depends on the settings.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    private static func milliseconds(_ seconds: Double) -> Int64? {
        seconds.isFinite && abs(seconds) < 1e12 ? Int64(seconds * 1000) : nil
    }
}
