import RegistryClient
import TestKit
import Testing

/// What the client does when the registry does not answer as it should.
@Suite(.timeLimit(.minutes(1)))
struct RegistryConnectionTests {
    private static let list = TargetAnswer.status(200, body: #"["a"]"#)

    @Test(arguments: [500, 503, 429, 408])
    func whatMayPassIsAskedAgain(_ status: Int) async throws {
        let target = try await FakeTarget.start()
        target.answer(.status(status, body: #"{"error_code":50001,"message":"not now"}"#), times: 2)
        target.answer(Self.list)
        let waits = Observed<[Duration]>([])
        let client = try RegistryClient(to: target.url, waits: waits)
        #expect(try await client.subjects() == ["a"])
        #expect(target.requests.count == 3)
        #expect(waits.value.count == 2)
        #expect(waits.value[0] <= .milliseconds(200) && waits.value[1] <= .milliseconds(400))
        try await target.stop()
    }

    @Test func theRoundsHaveAnEnd() async throws {
        let target = try await FakeTarget.start()
        target.answer(.status(503, body: #"{"error_code":50003,"message":"no leader"}"#))
        let client = try RegistryClient(to: target.url, rounds: 2)
        let error = await #expect(throws: RegistryClientError.self) { try await client.subjects() }
        #expect(error?.code == .unavailable && error?.errorCode == 50003 && error?.isTransient == true)
        #expect(error?.message.contains("no leader") == true)
        #expect(target.requests.count == 2)
        try await target.stop()
    }

    @Test func whatItAsksForIsWaitedButNotLongerThanTheBound() async throws {
        let target = try await FakeTarget.start()
        target.answer(.status(429, retryAfter: "2"), times: 1)
        target.answer(.status(429, retryAfter: "3600"), times: 1)
        target.answer(Self.list)
        let waits = Observed<[Duration]>([])
        #expect(try await RegistryClient(to: target.url, waits: waits).subjects() == ["a"])
        #expect(waits.value == [.seconds(2), .seconds(5)])
        try await target.stop()
    }

    @Test(arguments: [400, 401, 403, 404, 409, 422])
    func whatWillNotPassIsSaidAtOnce(_ status: Int) async throws {
        let target = try await FakeTarget.start()
        target.answer(.status(status, body: #"{"error_code":40401,"message":"no"}"#))
        let client = try RegistryClient(to: target.url)
        let error = await #expect(throws: RegistryClientError.self) { try await client.subjects() }
        #expect(error?.isTransient == false)
        #expect(target.requests.count == 1)
        try await target.stop()
    }

    @Test func theNextAddressAnswersForOneThatIsAwayAndIsAskedFirstFromThenOn() async throws {
        let (away, here) = (try await FakeTarget.start(), try await FakeTarget.start())
        here.answer(Self.list)
        try await away.stop()
        let client = try RegistryClient(to: away.url, here.url)
        #expect(try await client.subjects() == ["a"])
        try await away.restart()
        #expect(try await client.subjects() == ["a"])
        #expect(away.requests.isEmpty && here.requests.count == 2)
        try await away.stop()
        try await here.stop()
    }

    @Test func aRegistryThatSaysNothingIsLeftInTime() async throws {
        let target = try await FakeTarget.start()
        let gate = ResponseGate()
        target.answer(.hang(until: gate, takesEffect: false))
        let client = try RegistryClient(to: target.url, rounds: 1, timeout: .milliseconds(150))
        let error = await #expect(throws: RegistryClientError.self) { try await client.subjects() }
        #expect(error?.code == .unreachable)
        gate.open()
        try await target.stop()
    }

    @Test(arguments: [
        TargetAnswer(manner: .garbage), TargetAnswer.reset(takesEffect: false),
        TargetAnswer(body: Array(#"["a","b"]"#.utf8), manner: .cutShort(bytes: 3)),
    ])
    func halfAnAnswerIsNone(_ answer: TargetAnswer) async throws {
        let target = try await FakeTarget.start()
        target.answer(answer)
        let client = try RegistryClient(to: target.url, rounds: 1)
        let error = await #expect(throws: RegistryClientError.self) { try await client.subjects() }
        #expect(error?.code == .unreachable)
        try await target.stop()
    }

    @Test(arguments: [
        TargetAnswer.status(200, body: "<html>hello</html>"), .status(200, body: #"{"hello":1}"#),
        .status(404, body: "nothing here"), .status(404, body: #"{"error_code":404,"message":"HTTP 404 Not Found"}"#),
        .status(302), .status(418),
    ])
    func whatIsNoRegistryIsNotTakenForOne(_ answer: TargetAnswer) async throws {
        let target = try await FakeTarget.start()
        target.answer(answer)
        let client = try RegistryClient(to: target.url, rounds: 1)
        let error = await #expect(throws: RegistryClientError.self) { try await client.schema(id: 1) }
        // Least of all for one that has no such schema: records would be dead-lettered for a wrong address.
        #expect(error?.code == .noRegistry)
        try await target.stop()
    }

    @Test func aTokenIsAskedForWithEachRequest() async throws {
        let target = try await FakeTarget.start()
        target.answer(Self.list)
        let tokens = Observed(0)
        let configuration = try RegistryClientConfiguration(urls: [target.url + "/"]) {
            .bearer("token-\(tokens.update { count in count += 1; return count })")
        }
        let client = try RegistryClient(configuration)
        _ = try await client.subjects()
        _ = try await client.subjects()
        #expect(target.requests.map { $0.header("Authorization") } == ["Bearer token-1", "Bearer token-2"])
        #expect(target.requests.map(\.path) == ["/subjects", "/subjects"])
        try await target.stop()
    }

    @Test(arguments: ["", "localhost:8081", "ftp://h", "http://u:secret@h", "http://h?x=1"])
    func anAddressThatIsNoneIsRefusedWithoutShowingIt(_ url: String) throws {
        let error = #expect(throws: RegistryClientError.self) { try RegistryClientConfiguration(urls: [url]) }
        #expect(error?.code == .configuration)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func credentialsShowNowhere() {
        let basic = RegistryClientConfiguration.Credentials.basic(user: "ci", password: "canary-1")
        let bearer = RegistryClientConfiguration.Credentials.bearer("canary-2")
        var dumped = ""
        dump([basic, bearer], to: &dumped)
        #expect(!"\(basic) \(bearer) \(dumped)".contains("canary"))
    }
}
