import Foundation
import NIOPosix
import TestKit
import Testing

@testable import Broker

@Suite(.timeLimit(.minutes(1))) struct TokenVerifierTests {
    private let issuer = TokenIssuer()

    private func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    private func verifier(claim: String = "sub", keys: String? = nil) async throws -> TokenVerifier {
        let file = try issuer.writeKeySet()
        defer { try? FileManager.default.removeItem(at: file) }
        if let keys { try Data(keys.utf8).write(to: file) }
        return try await TokenVerifier.load(
            .init(keySet: file.path, issuer: issuer.issuer, audience: ["busbar", "other"], principalClaim: claim),
            on: .singleton,
            logger: .quiet
        )
    }

    @Test func aTokenOfTheIssuerSpeaksForItsSubject() async throws {
        let identity = try await verifier().verify(issuer.token("alice", lifetime: .seconds(60)), now: now())
        #expect(identity.user == "alice")
        #expect((now() + 50_000...now() + 61_000).contains(identity.expires))
        let lists = try issuer.token(
            "bob",
            lifetime: .seconds(60),
            claims: ["aud": ["x", "other"], "groups": [1, 2]]
        )
        #expect(try await verifier().verify(lists, now: now()).user == "bob")
        let named = try issuer.token("id-1", lifetime: .seconds(60), claims: ["preferred_username": "carol"])
        #expect(try await verifier(claim: "preferred_username").verify(named, now: now()).user == "carol")
    }

    @Test func whatIsWrongWithATokenIsToldApartInTheLog() async throws {
        let verifier = try await verifier()
        let good = try issuer.token("alice", lifetime: .seconds(60))
        let stranger = try TokenIssuer().token("alice", lifetime: .seconds(60))
        let future = Date().timeIntervalSince1970 + 120
        let cases: [(String, String)] = [
            (stranger, "the token's signature or form is wrong"),
            (String(good.dropLast(4)) + "AAAA", "the token's signature or form is wrong"),
            ("e30.e30.", "the token's signature or form is wrong"),
            ("opaque", "the token's signature or form is wrong"),
            (try issuer.token("alice", lifetime: .seconds(-1)), "the token has expired, or never does"),
            (
                try issuer.token("alice", lifetime: .seconds(60), claims: ["exp": Double.greatestFiniteMagnitude]),
                "the token has expired, or never does"
            ),
            (try issuer.token("alice", lifetime: .seconds(60), claims: ["nbf": future]), "the token is not valid yet"),
            (
                try issuer.token("alice", lifetime: .seconds(60), claims: ["iss": "https://else.test"]),
                "the token is of another issuer"
            ),
            (try issuer.token("alice", lifetime: .seconds(60), audience: "me"), "the token is for another audience"),
            (try issuer.token("", lifetime: .seconds(60)), "the token has no claim `sub`"),
        ]
        for (token, reason) in cases {
            await #expect(throws: TokenVerifier.Refusal(reason: reason)) {
                try await verifier.verify(token, now: now())
            }
        }
    }

    @Test func anUnsignedTokenIsNotTaken() async throws {
        // {"alg":"none"} with the right claims.
        let signed = try issuer.token("alice", lifetime: .seconds(60)).split(separator: ".")
        let verifier = try await verifier()
        for head in ["eyJhbGciOiJub25lIn0", "eyJhbGciOiJub25lIiwia2lkIjoib25lIn0"] {
            for signature in ["", String(signed[2])] {
                await #expect(throws: TokenVerifier.Refusal.self) {
                    try await verifier.verify("\(head).\(signed[1]).\(signature)", now: now())
                }
            }
        }
    }

    @Test(arguments: [
        #"{"keys":[]}"#, "no JSON", #"{"keys":[{"kty":"oct","alg":"HS256","kid":"a","k":"AAAA"}]}"#,
        #"{"keys":[{"kty":"EC","crv":"P-256","kid":"one","x":"AA","y":"AA"}]}"#,
    ])
    func aKeySetThatCannotBeUsedKeepsTheBrokerFromStarting(_ keys: String) async throws {
        let error = await #expect(throws: BrokerError.self) { try await verifier(keys: keys) }
        #expect(error?.code == .configuration && error?.message.contains("sasl.oauth.jwks") == true)
    }

    @Test func theClientsMessageIsReadAsTheRFCHasIt() throws {
        let plain = try #require(BearerMessage(Array("n,,\u{1}auth=Bearer a.b.c\u{1}\u{1}".utf8)))
        #expect(plain.token == "a.b.c" && plain.identity == nil)
        let full = try #require(
            BearerMessage(Array("n,a=alice,\u{1}tenant=x\u{1}auth=bearer  t\u{1}host=h\u{1}\u{1}".utf8))
        )
        #expect(full.token == "t" && full.identity == "alice")
        for bad in [
            "", "\u{1}", "n,,\u{1}\u{1}", "n,,\u{1}auth=Basic x\u{1}\u{1}", "y,,\u{1}auth=Bearer x\u{1}\u{1}",
            "n,,\u{1}auth=Bearer \u{1}\u{1}", "n,,\u{1}auth=Bearer x\u{1}", "n,b=c,\u{1}auth=Bearer x\u{1}\u{1}",
            "n,,\u{1}auth=Bearer x\u{1}auth=Bearer y\u{1}\u{1}",
        ] {
            #expect(BearerMessage(Array(bad.utf8)) == nil, "\(bad)")
        }
    }
}
