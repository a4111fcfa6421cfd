internal import Crypto

/// Checks `X-Hub-Signature-256: sha256=<hex>`: HMAC-SHA256 over the raw body, keyed with the secret's UTF-8 bytes.
///
/// Source: docs.github.com, "Validating webhook deliveries". The older SHA-1 header is never looked at.
package enum GitHubSignature {
    /// The header that carries the signature.
    package static let header = "X-Hub-Signature-256"

    /// Why a request is not authentic: a closed set for logs and metrics. Senders learn none of it.
    package enum Failure: String, Error, Sendable, CaseIterable {
        case configEmptySecret = "config_empty_secret"
        case missingHeader = "missing_header"
        /// More than one header line.
        case malformedHeader = "malformed_header"
        /// Not `sha256=` and hexadecimal digits.
        case malformedSignature = "malformed_signature"
        case signatureMismatch = "signature_mismatch"
    }

    /// Reads the header lines of a request, which must be one.
    /// - Returns: the bytes of the signature, of any length.
    package static func parse(_ lines: [String]) throws(Failure) -> [UInt8] {
        guard let line = lines.first else { throw .missingHeader }
        guard lines.count == 1 else { throw .malformedHeader }
        guard line.hasPrefix("sha256="), let bytes = hexadecimal(line.dropFirst(7).utf8) else {
            throw .malformedSignature
        }
        return bytes
    }

    /// Compares with every secret, in time that depends on neither the signature nor which of them fits.
    /// - Returns: the index of the secret that fits; 0 is the current one.
    @discardableResult
    package static func verify(_ signature: [UInt8], body: [UInt8], secrets: [[UInt8]]) throws(Failure) -> Int {
        guard !secrets.isEmpty, !secrets.contains(where: \.isEmpty) else { throw .configEmptySecret }
        var match: Int?
        for (index, secret) in secrets.enumerated() {
            let fits = HMAC<SHA256>.isValidAuthenticationCode(
                signature,
                authenticating: body,
                using: SymmetricKey(data: secret)
            )
            if fits, match == nil { match = index }
        }
        guard let match else { throw .signatureMismatch }
        return match
    }

    /// The header's value for `body`, as GitHub would send it.
    package static func sign(_ body: [UInt8], secret: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: secret))
        let digits = Array("0123456789abcdef".utf8)
        return "sha256="
            + String(decoding: code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func hexadecimal(_ text: Substring.UTF8View) -> [UInt8]? {
        guard !text.isEmpty, text.count.isMultiple(of: 2), text.count <= 128 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text {
            guard let digit = Character(UnicodeScalar(character)).hexDigitValue else { return nil }
            if let first = high {
                bytes.append(first << 4 | UInt8(digit))
                high = nil
            } else {
                high = UInt8(digit)
            }
        }
        return bytes
    }
}
