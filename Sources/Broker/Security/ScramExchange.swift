internal import FoundationEssentials

/// The server's side of one SCRAM exchange (RFC 5802 section 5): two messages in, two out.
///
///     start ─client-first→ challenged ─client-final→ done
///
/// Any step that fails ends in `done`; what failed is not told to the client beyond "authentication failed".
struct ScramExchange: Sendable {
    /// What a step came to.
    enum Step: Sendable, Equatable {
        /// Send this and wait for the client's answer.
        case challenge([UInt8])
        /// Send this: the client is `user`.
        case authenticated(user: String, [UInt8])
        /// Nothing proven; `reason` is for the log.
        case failed(reason: String)
    }

    private enum State: Sendable {
        case start
        case challenged(user: String, credential: ScramCredential, isKnown: Bool, nonce: String, transcript: String)
        case done
    }

    private let hash: ScramHash
    private let serverNonce: String
    private var state = State.start

    /// - Parameters:
    ///   - hash: of the mechanism.
    ///   - serverNonce: printable, without commas, never used before.
    init(hash: ScramHash, serverNonce: String = ScramExchange.nonce()) {
        self.hash = hash
        self.serverNonce = serverNonce
    }

    /// 24 random bytes as base64.
    static func nonce() -> String {
        var generator = SystemRandomNumberGenerator()
        return Data((0..<24).map { _ in UInt8.random(in: 0...255, using: &generator) }).base64EncodedString()
    }

    /// Takes the client's next message. `credential` is asked for the user's; for one it does not know it answers with
    /// ``ScramCredential/decoy(for:hash:)``, so that the exchange looks the same.
    mutating func receive(_ message: [UInt8], credential: (_ user: String) -> ScramCredential?) -> Step {
        guard let text = String(validating: message, as: UTF8.self) else { return fail("the message is not UTF-8") }
        switch state {
        case .start: return challenge(text, credential)
        case .challenged(let user, let credential, let isKnown, let nonce, let transcript):
            return verify(text, user, credential, isKnown, nonce, transcript)
        case .done: return fail("a message after the end of the exchange")
        }
    }

    private mutating func challenge(_ text: String, _ find: (String) -> ScramCredential?) -> Step {
        // gs2-header is "n,[a=authzid]," or "y,…"; "p=…" asks for channel binding, which no mechanism here has.
        let parts = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "n" || parts[0] == "y" else { return fail("no gs2 header") }
        let bare = String(parts[2])
        let attributes = Self.attributes(bare)
        guard attributes["m"] == nil, let name = attributes["n"], let clientNonce = attributes["r"],
            let user = Self.decodedName(name), !user.isEmpty, !clientNonce.isEmpty
        else { return fail("no user or nonce in the first message") }
        let found = find(user)
        let credential = found ?? .decoy(for: user, hash: hash)
        let nonce = clientNonce + serverNonce
        let salt = Data(credential.salt).base64EncodedString()
        let answer = "r=\(nonce),s=\(salt),i=\(credential.iterations)"
        state = .challenged(
            user: user,
            credential: credential,
            isKnown: found != nil,
            nonce: nonce,
            transcript: "\(bare),\(answer)"
        )
        return .challenge(Array(answer.utf8))
    }

    private mutating func verify(
        _ text: String,
        _ user: String,
        _ credential: ScramCredential,
        _ isKnown: Bool,
        _ nonce: String,
        _ transcript: String
    ) -> Step {
        // The proof is the last attribute, and base64 has no comma.
        guard let comma = text.lastIndex(of: ","), text[comma...].hasPrefix(",p=") else { return fail("no proof") }
        let withoutProof = String(text[..<comma])
        let attributes = Self.attributes(withoutProof)
        guard let binding = attributes["c"], ["biws", "eSws"].contains(binding) || Self.isPlainHeader(binding) else {
            return fail("channel binding does not match")
        }
        // librdkafka before 2.6 sends its own part of the nonce twice (its issue 4895); Kafka takes that since 3.8.1 too.
        guard attributes["r"]?.hasSuffix(nonce) == true else {
            return fail("the nonce is not the one of the challenge")
        }
        guard let proof = Data(base64Encoded: String(text[comma...].dropFirst(3))).map(Array.init) else {
            return fail("the proof is not base64")
        }
        let signed = Array("\(transcript),\(withoutProof)".utf8)
        let clientSignature = hash.authenticationCode(signed, key: credential.storedKey)
        guard proof.count == clientSignature.count else { return fail("the proof has the wrong length") }
        let clientKey = zip(proof, clientSignature).map { $0 ^ $1 }
        guard isEqualInConstantTime(hash.digest(clientKey), credential.storedKey), isKnown else {
            return fail("wrong user or password")
        }
        state = .done
        let signature = Data(hash.authenticationCode(signed, key: credential.serverKey)).base64EncodedString()
        return .authenticated(user: user, Array("v=\(signature)".utf8))
    }

    private mutating func fail(_ reason: String) -> Step {
        state = .done
        return .failed(reason: reason)
    }

    /// A gs2 header with an authorization id, in base64.
    private static func isPlainHeader(_ binding: String) -> Bool {
        guard let data = Data(base64Encoded: binding), let text = String(validating: data, as: UTF8.self) else {
            return false
        }
        return (text.hasPrefix("n,") || text.hasPrefix("y,")) && text.hasSuffix(",")
    }

    private static func attributes(_ text: String) -> [String: String] {
        var attributes: [String: String] = [:]
        for part in text.split(separator: ",") {
            guard let equals = part.firstIndex(of: "=") else { continue }
            attributes[String(part[..<equals])] = String(part[part.index(after: equals)...])
        }
        return attributes
    }

    /// `=2C` is a comma and `=3D` an equals sign; any other use of `=` is an error.
    private static func decodedName(_ name: String) -> String? {
        let decoded = name.replacing("=2C", with: ",").replacing("=3D", with: "\u{0}")
        return decoded.contains("=") ? nil : decoded.replacing("\u{0}", with: "=")
    }
}

extension ScramCredential {
    /// What stands in for the credential of an unknown user: always the same for one name, and proven by nobody.
    static func decoy(for user: String, hash: ScramHash) -> ScramCredential {
        let salt = Array(hash.authenticationCode(Array(user.utf8), key: decoyKey).prefix(32))
        return ScramCredential(saltedPassword: decoyKey, salt: salt, iterations: 4_096, hash: hash)
    }

    private static let decoyKey: [UInt8] = {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }()
}
