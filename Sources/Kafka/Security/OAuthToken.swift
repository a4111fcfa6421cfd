internal import FoundationEssentials
public import Log

/// Fetches a token for OAUTHBEARER.
///
/// Called on the cooperative pool: when a client is opened, when 80 % of a token's life is over, and 10 s after a call
/// that threw. One call per client at a time. A call that takes longer than 30 s counts as failed and is cancelled; a token
/// that it still brings is used. What it throws is reported as an ``Log/LogError/Code/authentication`` error with the
/// thrown error's description, which therefore must not hold a secret.
public typealias OAuthTokenProvider = @Sendable () async throws -> OAuthToken

/// What an OAUTHBEARER client shows to a broker (RFC 7628, KIP-255).
public struct OAuthToken: Sendable, Hashable {
    /// As the authority gave it, for example a JWT in its compact form.
    public var value: ClientConfiguration.Secret
    /// When brokers stop accepting it; must be in the future.
    public var expires: Timestamp
    /// Who it speaks for; librdkafka wants one, brokers read their own from the token.
    public var principal: String
    /// SASL extensions (KIP-342) by name; letters only, and not `auth`.
    public var extensions: [String: String]

    /// A token as an authorisation server issued it.
    public init(
        _ value: ClientConfiguration.Secret,
        expires: Timestamp,
        principal: String,
        extensions: [String: String] = [:]
    ) {
        self.value = value
        self.expires = expires
        self.principal = principal
        self.extensions = extensions
    }

    /// A JSON Web Token in compact form, with expiry and principal from its payload's `exp` and `sub` (RFC 7519).
    ///
    /// Nothing is verified: that is the broker's task, which has the key.
    /// - Throws: ``Log/LogError/Code/authentication`` when it is no such token or one of the two is missing; the message
    ///   holds nothing of the token.
    public init(jwt: String, extensions: [String: String] = [:]) throws(LogError) {
        let parts = jwt.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Self.decoded(parts[1]) else {
            throw .unusableToken("it is not a JSON Web Token in compact form")
        }
        let claims: Claims
        do {
            claims = try JSONDecoder().decode(Claims.self, from: payload)
        } catch {
            throw .unusableToken("its payload has no `exp` in seconds, or no `sub`")
        }
        guard claims.exp.isFinite, abs(claims.exp) < 1e12 else { throw .unusableToken("its `exp` is not a time") }
        self.init(
            ClientConfiguration.Secret(jwt),
            expires: Timestamp(milliseconds: Int64(claims.exp * 1000)),
            principal: claims.sub,
            extensions: extensions
        )
    }

    private struct Claims: Decodable {
        let exp: Double
        let sub: String
    }

    private static func decoded(_ part: Substring) -> Data? {
        let base64 = part.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4))
    }
}

extension LogError {
    fileprivate static func unusableToken(_ reason: String) -> LogError {
        LogError(
            .authentication,
            name: "_AUTHENTICATION",
            message: "the token cannot be used: \(reason); give its expiry and principal by hand"
        )
    }
}
