/// What is stored of a password: enough to check a proof, not enough to make one (RFC 5802 section 3).
package struct ScramCredential: Sendable, Hashable, Codable {
    let hash: ScramHash
    let salt: [UInt8]
    /// 4096 to 16384, as Kafka's.
    let iterations: Int
    let storedKey: [UInt8]
    let serverKey: [UInt8]

    /// Kafka's bounds of the iteration count (`ScramMechanism`).
    static let iterationRange = 4_096...16_384

    /// A credential of a password, with a fresh salt.
    init(password: String, hash: ScramHash, iterations: Int = 4_096) {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let salted = hash.saltedPassword(password, salt: salt, iterations: iterations)
        self.init(saltedPassword: salted, salt: salt, iterations: iterations, hash: hash)
    }

    /// A credential of a password that was salted elsewhere (AlterUserScramCredentials).
    init(saltedPassword: [UInt8], salt: [UInt8], iterations: Int, hash: ScramHash) {
        self.hash = hash
        self.salt = salt
        self.iterations = iterations
        let clientKey = hash.authenticationCode(Array("Client Key".utf8), key: saltedPassword)
        storedKey = hash.digest(clientKey)
        serverKey = hash.authenticationCode(Array("Server Key".utf8), key: saltedPassword)
    }

    /// Whether `password` is the one the credential was made of.
    func matches(_ password: String) -> Bool {
        let salted = hash.saltedPassword(password, salt: salt, iterations: iterations)
        let clientKey = hash.authenticationCode(Array("Client Key".utf8), key: salted)
        return isEqualInConstantTime(hash.digest(clientKey), storedKey)
    }
}
