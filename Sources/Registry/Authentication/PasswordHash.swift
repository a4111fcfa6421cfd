internal import Crypto
internal import CryptoExtras
internal import Foundation

/// What is kept of a password: scrypt (RFC 7914) with a salt of its own, as text `scrypt:<log2 N>:<r>:<p>:<salt>:<key>`.
package struct PasswordHash: Sendable, Equatable, CustomStringConvertible {
    /// Binary logarithm of N, which memory and time grow with.
    let logRounds: Int
    private let blockSize: Int
    private let parallelism: Int
    private let salt: Data
    private let key: Data

    /// A hash of a password, with a fresh salt. The default cost is OWASP's for 16 MiB (N = 2^14, r = 8, p = 5).
    ///
    /// - Throws: when the machine has no memory for it.
    package init(of password: String, logRounds rounds: Int = 14) throws {
        var generator = SystemRandomNumberGenerator()
        salt = Data((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
        (logRounds, blockSize, parallelism) = (rounds, 8, 5)
        key = try Self.key(password, salt, logRounds, blockSize, parallelism)
    }

    /// Reads the text; nil when it is none, or asks for more than 128 MiB or less than N = 2^10.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let logRounds = Int(parts[1]), (10...20).contains(logRounds),
            let blockSize = Int(parts[2]), (1...32).contains(blockSize), blockSize << logRounds <= 1 << 20,
            let parallelism = Int(parts[3]), (1...16).contains(parallelism),
            let salt = Data(base64Encoded: String(parts[4])), salt.count >= 8,
            let key = Data(base64Encoded: String(parts[5])), key.count == 32
        else { return nil }
        (self.logRounds, self.blockSize, self.parallelism) = (logRounds, blockSize, parallelism)
        (self.salt, self.key) = (salt, key)
    }

    package var description: String {
        "scrypt:\(logRounds):\(blockSize):\(parallelism):\(salt.base64EncodedString()):\(key.base64EncodedString())"
    }

    /// Whether `password` is the one that was hashed. Takes as long whatever it is: some ten milliseconds of CPU.
    package func matches(_ password: String) throws -> Bool {
        let other = try Self.key(password, salt, logRounds, blockSize, parallelism)
        return zip(key, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func key(_ password: String, _ salt: Data, _ log: Int, _ block: Int, _ parallel: Int) throws -> Data
    {
        let key = try KDF.Scrypt.deriveKey(
            from: Data(password.utf8),
            salt: salt,
            outputByteCount: 32,
            rounds: 1 << log,
            blockSize: block,
            parallelism: parallel
        )
        return unsafe key.withUnsafeBytes { unsafe Data($0) }
    }
}
