import Foundation
import JSON
import Log
import Registry
import Testing

@Suite struct AuthenticationTests {
    /// `reader`, `writer` and `boss`, whose passwords are their names turned round.
    private static func users() throws -> RegistryUsers {
        let lines = try [("reader", "read"), ("writer", "register"), ("boss", "admin")].map { name, role in
            "\(name)  \(role)\t\(try PasswordHash(of: String(name.reversed()), logRounds: 10))"
        }
        return try RegistryUsers("# who may do what\n\n" + lines.joined(separator: "\n") + "\n")
    }

    private static func basic(_ name: String, _ password: String? = nil) -> [(String, String)] {
        let text = "\(name):\(password ?? String(name.reversed()))"
        return [("Authorization", "Basic " + Data(text.utf8).base64EncodedString())]
    }

    @Test(.timeLimit(.minutes(1))) func aRoleMayDoWhatItIsForAndNothingAboveIt() async throws {
        let users = RegistryAuthentication(users: try Self.users(), tokens: nil)
        let storage = try await TopicStorage.open(InMemoryLog())
        try await RunningRegistry.with(storage, authentication: users) { registry async throws in
            let schema = RunningRegistry.schema("{}")
            let requests: [(method: String, path: String, body: String?, statuses: [Int])] = [
                ("POST", "/subjects/s/versions", schema, [403, 200, 200]),
                ("POST", "/subjects/s", schema, [200, 200, 200]),
                ("POST", "/compatibility/subjects/s/versions", schema, [200, 200, 200]),
                ("GET", "/subjects", nil, [200, 200, 200]),
                ("PUT", "/config", #"{"compatibility":"NONE"}"#, [403, 403, 200]),
                ("DELETE", "/subjects/s", nil, [403, 403, 200]),
            ]
            for request in requests {
                // From the strongest on, so that there is something to look up.
                for (name, status) in zip(["boss", "writer", "reader"], request.statuses.reversed()) {
                    let answer = try await registry.send(
                        request.method,
                        request.path,
                        request.body,
                        headers: Self.basic(name)
                    )
                    #expect(answer.status == status, "\(name) \(request.method) \(request.path)")
                    if status == 403 { #expect(answer.code == 403 && answer.message.contains(name)) }
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func whoIsNotKnownGetsNothingButHealth() async throws {
        let users = RegistryAuthentication(users: try Self.users(), tokens: nil)
        let storage = try await TopicStorage.open(InMemoryLog())
        try await RunningRegistry.with(storage, authentication: users) { registry async throws in
            let wrong: [[(String, String)]] = [
                [], Self.basic("reader", "wrong"), Self.basic("nobody"), Self.basic("reader", ""),
                [("Authorization", "Basic !!!")], [("Authorization", "Bearer x.y.z")], [("Authorization", "Basic")],
                [("Authorization", "Digest x")],
            ]
            for headers in wrong {
                let answer = try await registry.send("GET", "/subjects", headers: headers)
                #expect(answer.status == 401)
                #expect(answer.code == 401)
                #expect(answer.challenge == #"Basic realm="busbar-registry""#)
            }
            #expect(try await registry.send("GET", "/subjects", headers: Self.basic("reader")).status == 200)
            #expect(try await registry.send("GET", "/subjects", headers: Self.basic("reader", "reader")).status == 401)
            #expect(try await registry.get("/healthz").status == 200)
        }
    }

    @Test(arguments: [
        "a admin", "a boss scrypt:14:8:5:AAAAAAAAAAAAAAAAAAAAAA==:x", "a read plain", "a read certificate:12",
        "a read scrypt:30:8:1:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ])
    func aLineThatIsNoUserIsNamedByItsNumberOnly(line: String) throws {
        let error = try #require(throws: RegistryError.self) { try RegistryUsers("\n" + line) }
        #expect(error.message.hasPrefix("Line 2 "))
        #expect(!error.message.contains("AAAA") && !error.message.contains("plain"))
    }

    @Test func aHashIsReadBackAndMatchesItsPasswordOnly() throws {
        let hash = try PasswordHash(of: "sesame", logRounds: 10)
        let read = try #require(PasswordHash("\(hash)"))
        #expect(try read.matches("sesame"))
        #expect(try !read.matches("Sesame"))
        #expect(try PasswordHash(of: "sesame", logRounds: 10) != hash)
        // RFC 7914 section 12, N = 16384, r = 8, p = 1, cut to 32 bytes.
        let vector = "scrypt:14:8:1:U29kaXVtQ2hsb3JpZGU=:cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI="
        #expect(try PasswordHash(vector)?.matches("pleaseletmein") == true)
    }
}
