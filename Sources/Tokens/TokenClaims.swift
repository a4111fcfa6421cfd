internal import JWTKit

/// The claims that are looked at; their names are RFC 7519's.
struct TokenClaims: JWTPayload {
    /// Those that are texts.
    var texts: [String: String] = [:]
    /// Those that are lists of texts.
    var lists: [String: [String]] = [:]
    /// Milliseconds since 1970.
    var expires: Int64?
    var notBefore: Int64?

    /// The texts of a claim that may be one or a list, such as `aud`.
    func values(of claim: String) -> [String] { texts[claim].map { [$0] } ?? lists[claim] ?? [] }

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
            case "exp": expires = try Self.milliseconds(container.decode(Double.self, forKey: name))
            case "nbf": notBefore = try Self.milliseconds(container.decode(Double.self, forKey: name))
            default:
                // Claims of other types are somebody else's.
                if let text = try Self.value(String.self, name, in: container) {
                    texts[name.stringValue] = text
                } else {
                    lists[name.stringValue] = try Self.value([String].self, name, in: container)
                }
            }
        }
    }

    /// `nil` for a claim of another type.
    private static func value<Value: Decodable>(
        _ type: Value.Type,
        _ name: Name,
        in container: KeyedDecodingContainer<Name>
    ) throws -> Value? {
        do {
            return try container.decodeIfPresent(type, forKey: name)
        } catch DecodingError.typeMismatch {
            return nil
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for (name, text) in texts { try container.encode(text, forKey: Name(stringValue: name)) }
        for (name, list) in lists { try container.encode(list, forKey: Name(stringValue: name)) }
    }

    /// Nothing here: what the claims must be depends on the requirements.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    private static func milliseconds(_ seconds: Double) -> Int64? {
        seconds.isFinite && abs(seconds) < 1e12 ? Int64(seconds * 1000) : nil
    }
}
