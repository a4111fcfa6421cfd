import AsyncHTTPClient
import Demo
import Logging
import NIOCore
import NIOHTTP1
import Testing

@Suite(.timeLimit(.minutes(2))) struct TicketServerTests {
    /// What a test talks to.
    private struct Target {
        let address: String

        func post(
            _ body: String,
            to path: String = "/api/tickets",
            key: String? = "k1",
            token: String = "sesame",
            timeout: TimeAmount = .seconds(30)
        ) async throws -> (status: Int, body: String, retryAfter: String?) {
            var request = HTTPClientRequest(url: address + path)
            request.method = .POST
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
            if let key { request.headers.add(name: "Idempotency-Key", value: key) }
            request.body = .bytes(ByteBuffer(string: body))
            let response = try await HTTPClient.shared.execute(request, timeout: timeout)
            let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
            return (Int(response.status.code), text, response.headers.first(name: "Retry-After"))
        }

        func record() async throws -> TicketRecord {
            let response = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: address + "/api/tickets"),
                timeout: .seconds(30)
            )
            let body = try await response.body.collect(upTo: 1 << 24)
            return try TicketRecord(ndjson: Array(body.readableBytesView))
        }
    }

    private func withServer(
        _ script: OutageScript = .none,
        _ body: @escaping @Sendable (Target) async throws -> Void
    ) async throws {
        let server = TicketServer(
            token: "sesame",
            script: script,
            logger: Logger(label: "tickets") { _ in SwiftLogNoOpLogHandler() }
        )
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run(port: 0) { port.yield($0) } }
            for await number in ports {
                try await body(Target(address: "http://127.0.0.1:\(number)"))
                break
            }
            group.cancelAll()
        }
    }

    private static func report(_ key: String, _ event: String) -> String {
        #"{"external_key":"\#(key)","event":"\#(event)","title":"Größe 🔥"}"#
    }

    @Test func aRepeatedKeyIsAnsweredAsTheFirstTimeAndOpensNothing() async throws {
        try await withServer { target in
            let first = try await target.post(Self.report("a", "e1"))
            let second = try await target.post(Self.report("a", "e1"))
            #expect(first.status == 201 && second.status == 201 && first.body == second.body)
            let record = try await target.record()
            #expect(record.tickets == [Ticket(externalKey: "a", openedBy: "e1")])
            #expect(record.counts.requests == 2 && record.counts.repeats == 1)
            let other = try await target.post(Self.report("b", "e2"))
            #expect(other.status == 422)
        }
    }

    @Test func anotherEventJoinsTheOpenTicketAndOpensANewOneAfterItsClose() async throws {
        try await withServer { target in
            #expect(try await target.post(Self.report("a", "e1"), key: "1").status == 201)
            #expect(try await target.post(Self.report("a", "e2"), key: "2").status == 200)
            #expect(try await target.post(Self.report("a", "e3"), to: "/api/tickets/close", key: "3").status == 200)
            #expect(
                try await target.post(Self.report("a", "e4"), to: "/api/tickets/close", key: "4").body
                    == #"{"closed":null}"#
            )
            #expect(try await target.post(Self.report("a", "e5"), key: "5").status == 201)
            let tickets = try await target.record().tickets
            #expect(tickets.map(\.events) == [["e1", "e2"], ["e5"]])
            #expect(tickets.map(\.closedBy) == ["e3", nil])
            #expect(tickets.map(\.state) == [.closed, .open])
        }
    }

    @Test func whoHasNoTokenOrNoKeyOrNoTicketIsRefused() async throws {
        try await withServer { target in
            #expect(try await target.post(Self.report("a", "e1"), token: "guess").status == 401)
            #expect(try await target.post(Self.report("a", "e1"), key: nil).status == 400)
            #expect(try await target.post("{}").status == 400)
            #expect(try await target.post("no JSON").status == 400)
            let record = try await target.record()
            #expect(record.tickets.isEmpty)
            #expect(record.counts.unauthorized == 1 && record.counts.invalid == 3)
        }
    }

    @Test func theOutageFollowsItsScriptByCount() async throws {
        let script = OutageScript([
            .init(2...3, .status(503, retryAfter: nil)), .init(4...4, .status(429, retryAfter: 1)), .init(5...5, .hang),
        ])
        try await withServer(script) { target in
            #expect(try await target.post(Self.report("a", "e1"), key: "1").status == 201)
            #expect(try await target.post(Self.report("b", "e2"), key: "2").status == 503)
            #expect(try await target.post(Self.report("b", "e2"), key: "2").status == 503)
            let limited = try await target.post(Self.report("b", "e2"), key: "2")
            #expect(limited.status == 429 && limited.retryAfter == "1")
            await #expect(throws: HTTPClientError.self) {
                _ = try await target.post(Self.report("b", "e2"), key: "2", timeout: .milliseconds(500))
            }
            // The request that hung was served: the repeat finds the ticket there.
            #expect(try await target.post(Self.report("b", "e2"), key: "2").status == 201)
            let record = try await target.record()
            #expect(record.tickets.map(\.events) == [["e1"], ["e2"]])
            #expect(record.counts.refused == 3 && record.counts.hung == 1 && record.counts.repeats == 1)
        }
    }

    @Test func theStandardOutageHasEveryKindAndAShortDayGetsAShortOne() {
        let standard = OutageScript.standard
        #expect(standard.fate(ofRequest: 59) == nil && standard.fate(ofRequest: 86) == nil)
        #expect(standard.fate(ofRequest: 60) == .status(503, retryAfter: nil))
        #expect(standard.fate(ofRequest: 85) == .status(429, retryAfter: 1))
        #expect((1...200).count { standard.fate(ofRequest: $0) == .hang } == 3)
        let short = OutageScript.fitting(requests: 8)
        #expect(short.windows.count == 3)
        #expect(short.windows.allSatisfy { $0.requests.upperBound <= 8 })
    }

    @Test func aRecordThatWasCutShortIsRefused() throws {
        let record = TicketRecord(tickets: [Ticket(externalKey: "a", openedBy: "e1")], counts: .init())
        #expect(try TicketRecord(ndjson: record.ndjson) == record)
        #expect(throws: (any Error).self) { try TicketRecord(ndjson: Array(record.ndjson.prefix(40))) }
        #expect(throws: DemoError.self) { try TicketRecord(ndjson: []) }
    }
}
