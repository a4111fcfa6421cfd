internal import Crypto
package import Foundation

/// An authority whose tokens a broker takes: one ES256 key, made anew each time.
///
/// It signs by itself, not with the library that the broker verifies with.
package struct TokenIssuer: Sendable {
    /// `iss` of every token.
    package let issuer: String
    private let keyID: String
    private let key = P256.Signing.PrivateKey()

    package init(issuer: String = "https://issuer.test", keyID: String = "one") {
        self.issuer = issuer
        self.keyID = keyID
    }

    /// The JSON Web Key Set (RFC 7517) that verifies the tokens.
    package var keySet: String { Self.keySet(of: [self]) }

    /// The key set that verifies the tokens of several: an authority whose key changes is one issuer with two of these.
    package static func keySet(of issuers: [TokenIssuer]) -> String {
        let keys = issuers.map { issuer in
            let point = issuer.key.publicKey.rawRepresentation
            let (x, y) = (encoded(point.prefix(32)), encoded(point.suffix(32)))
            return #"{"kty":"EC","crv":"P-256","alg":"ES256","kid":"\#(issuer.keyID)","x":"\#(x)","y":"\#(y)"}"#
        }
        return #"{"keys":[\#(keys.joined(separator: ","))]}"#
    }

    /// Writes ``keySet`` to a file of its own, to be removed by the caller.
    package func writeKeySet() throws -> URL {
        let file = FileManager.default.temporaryDirectory.appending(path: "jwks-\(UUID().uuidString).json")
        try Data(keySet.utf8).write(to: file)
        return file
    }

    /// A token for `audience` that speaks for `subject` and ends after `lifetime`; `claims` replace or add to its own.
    package func token(
        _ subject: String,
        lifetime: Duration,
        audience: String = "busbar",
        claims: [String: any Sendable] = [:]
    ) throws -> String {
        let seconds = Double(lifetime.components.seconds)
        var payload: [String: Any] = [
            "iss": issuer, "aud": audience, "sub": subject, "exp": Date().timeIntervalSince1970 + seconds,
        ]
        payload.merge(claims) { $1 }
        let head = Self.encoded(Data(#"{"alg":"ES256","typ":"JWT","kid":"\#(keyID)"}"#.utf8))
        let text = "\(head).\(Self.encoded(try JSONSerialization.data(withJSONObject: payload)))"
        return "\(text).\(Self.encoded(try key.signature(for: Data(text.utf8)).rawRepresentation))"
    }

    /// Base64 for URLs, without padding (RFC 7515 section 2).
    private static func encoded(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
