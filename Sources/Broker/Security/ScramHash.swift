internal import Crypto

/// The hash functions that SCRAM is used with, and what RFC 5802 (section 2.2) builds from them.
enum ScramHash: String, Sendable, Codable, Hashable, CaseIterable {
    case sha256
    case sha512

    func digest(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        }
    }

    func authenticationCode(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: key)
        return switch self {
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
        case .sha512: Array(HMAC<SHA512>.authenticationCode(for: bytes, using: key))
        }
    }

    /// `Hi(password, salt, iterations)`: PBKDF2 with one block. Takes about a microsecond an iteration.
    func saltedPassword(_ password: String, salt: [UInt8], iterations: Int) -> [UInt8] {
        let key = Array(password.utf8)
        var block = authenticationCode(salt + [0, 0, 0, 1], key: key)
        var sum = block
        for _ in 1..<max(iterations, 1) {
            block = authenticationCode(block, key: key)
            for index in sum.indices { sum[index] ^= block[index] }
        }
        return sum
    }
}

/// Compares in a time that depends on the lengths only.
func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
}
