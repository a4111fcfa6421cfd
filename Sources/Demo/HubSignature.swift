internal import Crypto

/// GitHub's signature of a delivery.
package enum HubSignature {
    package static let header = "X-Hub-Signature-256"

    /// `sha256=` and the hexadecimal HMAC-SHA256 of the raw body, keyed with the secret's bytes.
    ///
    /// Source: docs.github.com, "Validating webhook deliveries".
    package static func signature(_ body: [UInt8], secret: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: secret))
        let digits = Array("0123456789abcdef".utf8)
        return "sha256="
            + String(decoding: code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
