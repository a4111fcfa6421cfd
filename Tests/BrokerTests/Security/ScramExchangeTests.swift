import Foundation
import Testing

@testable import Broker

/// The exchange of RFC 7677 section 3 (SCRAM-SHA-256), and what must not pass.
@Suite struct ScramExchangeTests {
    private static let salt = Array(Data(base64Encoded: "W22ZaJ0SNY7soEsUEjb6gQ==") ?? Data())
    private static let first = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
    private static let nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    private static let proof = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="

    private static func credential(_ password: String = "pencil") -> ScramCredential {
        ScramCredential(
            saltedPassword: ScramHash.sha256.saltedPassword(password, salt: salt, iterations: 4_096),
            salt: salt,
            iterations: 4_096,
            hash: .sha256
        )
    }

    private static func exchange() -> ScramExchange {
        ScramExchange(hash: .sha256, serverNonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
    }

    @Test func theExchangeOfTheRFCSucceeds() {
        var exchange = Self.exchange()
        let challenge = exchange.receive(Array(Self.first.utf8)) { _ in Self.credential() }
        #expect(challenge == .challenge(Array("r=\(Self.nonce),s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096".utf8)))
        let end = exchange.receive(Array("c=biws,r=\(Self.nonce),p=\(Self.proof)".utf8)) { _ in nil }
        #expect(
            end
                == .authenticated(
                    user: "user",
                    Array("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=".utf8)
                )
        )
    }

    @Test(arguments: [
        ("the password of another", "c=biws,r=\(nonce),p=\(proof)", "other"),
        ("a nonce of its own", "c=biws,r=rOprNGfwEbeRWgbNEkqOabc,p=\(proof)", "pencil"),
        ("channel binding", "c=cD10bHM=,r=\(nonce),p=\(proof)", "pencil"),
        ("no proof", "c=biws,r=\(nonce)", "pencil"),
        ("a short proof", "c=biws,r=\(nonce),p=YWJj", "pencil"),
        ("no base64", "c=biws,r=\(nonce),p=*", "pencil"),
    ])
    func aWrongFinalMessageFails(what: String, message: String, password: String) {
        var exchange = Self.exchange()
        _ = exchange.receive(Array(Self.first.utf8)) { _ in Self.credential(password) }
        guard case .failed = exchange.receive(Array(message.utf8), credential: { _ in nil }) else {
            Issue.record("\(what) was accepted")
            return
        }
        guard case .failed = exchange.receive(Array(Self.first.utf8), credential: { _ in Self.credential() }) else {
            Issue.record("an exchange that has failed goes on")
            return
        }
    }

    @Test func anUnknownUserGetsTheSameChallengeEveryTimeAndFails() {
        let challenges = (0..<2).map { _ in
            var exchange = Self.exchange()
            return exchange.receive(Array(Self.first.utf8)) { _ in nil }
        }
        #expect(challenges[0] == challenges[1])
        guard case .challenge = challenges[0] else {
            Issue.record("an unknown user is told so")
            return
        }
        var exchange = Self.exchange()
        _ = exchange.receive(Array(Self.first.utf8)) { _ in nil }
        let end = exchange.receive(Array("c=biws,r=\(Self.nonce),p=\(Self.proof)".utf8)) { _ in nil }
        #expect(end == .failed(reason: "wrong user or password"))
    }

    @Test(arguments: ["", "n,,", "p=tls-unique,,n=u,r=x", "n,,n=,r=x", "n,,n=u", "n,,m=x,n=u,r=x", "n,,n=a=b,r=x"])
    func aWrongFirstMessageFails(message: String) {
        var exchange = Self.exchange()
        guard case .failed = exchange.receive(Array(message.utf8), credential: { _ in Self.credential() }) else {
            Issue.record("\(message) was accepted")
            return
        }
    }

    @Test func aNameWithCommaAndEqualsSignIsDecoded() {
        var exchange = Self.exchange()
        var asked = ""
        _ = exchange.receive(Array("n,,n=a=2Cb=3Dc,r=x".utf8)) { user in
            asked = user
            return nil
        }
        #expect(asked == "a,b=c")
    }
}
