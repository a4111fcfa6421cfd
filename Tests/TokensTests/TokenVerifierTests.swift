import Foundation
import NIOPosix
import TestKit
import Testing

@testable import Tokens

@Suite(.timeLimit(.minutes(1))) struct TokenVerifierTests {
    private let issuer = TokenIssuer()

    private func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    private func verifier(claim: String = "sub", keys: String? = nil) async throws -> TokenVerifier {
        let file = try issuer.writeKeySet()
        defer {
            do {
                try FileManager.default.removeItem(at: file)
            } catch {
                Issue.record("left behind: \(file.path): \(error)")
            }
        }
        if let keys { try Data(keys.utf8).write(to: file) }
        return try await TokenVerifier.load(
            keySet: file.path,
            TokenRequirements(issuer: issuer.issuer, audience: ["busbar", "other"], nameClaim: claim),
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
            await #expect(throws: TokenError.refused(reason)) {
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
                await #expect(throws: TokenError.self) {
                    try await verifier.verify("\(head).\(signed[1]).\(signature)", now: now())
                }
            }
        }
    }

    @Test(arguments: [
        #"{"keys":[]}"#, "no JSON", #"{"keys":[{"kty":"oct","alg":"HS256","kid":"a","k":"AAAA"}]}"#,
        #"{"keys":[{"kty":"EC","crv":"P-256","kid":"one","x":"AA","y":"AA"}]}"#,
    ])
    func aKeySetThatCannotBeUsedIsAnError(_ keys: String) async throws {
        let error = await #expect(throws: TokenError.self) { try await verifier(keys: keys) }
        #expect(error?.code == .keySet && error?.message.contains("JSON Web Key Set") == true)
    }

    @Test func theTextsOfAnyClaimCanBeAskedFor() async throws {
        let token = try issuer.token("a", lifetime: .seconds(60), claims: ["roles": ["x", "y"], "one": "z", "n": 7])
        let identity = try await verifier().verify(token, now: now())
        #expect(identity.values(of: "roles") == ["x", "y"])
        #expect(identity.values(of: "one") == ["z"])
        #expect(identity.values(of: "n").isEmpty && identity.values(of: "none").isEmpty)
    }
}
