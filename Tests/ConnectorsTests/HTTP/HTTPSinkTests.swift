import ConnectorKit
import Delivery
import Log
import Synchronization
import TestKit
import Testing

@testable import Connectors

@Suite(.timeLimit(.minutes(1)))
struct HTTPSinkTests {
    private let target: FakeTarget
    private let statuses = Observed<[Int]>([])

    init() async throws {
        target = try await FakeTarget.start()
    }

    private func sink(
        headers: [HTTPSinkSettings.Field] = [],
        idempotencyKey: Bool = true,
        timeout: Duration = .seconds(20),
        batch: HTTPSinkSettings.Batch? = nil,
        cluster: @escaping @Sendable () async throws -> String? = { nil }
    ) throws -> HTTPSink {
        let settings = try HTTPSinkSettings(
            url: TargetURL("\(target.url)/api/tickets?x=1"),
            headers: headers,
            idempotencyKey: idempotencyKey,
            cluster: cluster,
            timeout: timeout,
            batch: batch,
            onResponse: { [statuses] status in statuses.update { $0.append(status) } }
        )
        return HTTPSink(settings, now: { testTime })
    }

    /// Delivers, closes the sink and stops the target.
    private func deliver(_ records: [Record], with sink: HTTPSink) async throws -> [SinkResult] {
        let results = await sink.deliver(records)
        await sink.close()
        try await target.stop()
        return results
    }

    @Test func theKeyOfARecordOfATopicBeginsWithItsClusterAndAnEventsDoesNot() async throws {
        let asked = Observed(0)
        var event = record("delivery-1", "{}")
        event.origin = nil
        let sink = try sink(cluster: {
            asked.update { $0 += 1 }
            return "c1"
        })
        #expect(try await deliver([record("events/0/7", "{}"), event], with: sink) == [.delivered, .delivered])
        #expect(target.requests.map(\.idempotencyKey) == ["c1/events/0/7", "delivery-1"])
        #expect(asked.value == 1)
    }

    @Test func withoutTheClustersIDNothingIsSent() async throws {
        let failing = try sink(cluster: {
            throw LogError(.unreachable, name: "_TRANSPORT", message: "no broker answers", isRetriable: true)
        })
        let results = try await deliver([record("events/0/7", "{}")], with: failing)
        #expect(
            results == [
                .pause(.target, detail: "the cluster's id, for Idempotency-Key: no broker answers [_TRANSPORT]")
            ]
        )
        #expect(target.requests.isEmpty)
    }

    @Test func sendsTheValueUnchangedWithItsIDAsIdempotencyKey() async throws {
        var sent = record("events/0/7", "{ \"a\" : 820982911946154508 }\n")
        sent.headers = [
            Header("content-type", "application/cloudevents+json"), Header("x-internal", "no"),
            Header("traceparent", "00-a-b-01"),
        ]
        let token = HTTPSinkSettings.Field("Authorization") { SecretString("Bearer s3cret") }
        #expect(try await deliver([sent], with: sink(headers: [token])) == [.delivered])
        let request = try #require(target.requests.first)
        #expect(request.method == "POST")
        #expect(request.path == "/api/tickets?x=1")
        #expect(request.text == "{ \"a\" : 820982911946154508 }\n")
        #expect(request.header("Content-Type") == "application/cloudevents+json")
        #expect(request.header("Idempotency-Key") == "events/0/7")
        #expect(request.header("Authorization") == "Bearer s3cret")
        #expect(request.header("x-internal") == nil)
        #expect(request.header("traceparent") == "00-a-b-01")
        #expect(statuses.value == [200])
    }

    @Test func aRotatedSecretIsUsedAtTheNextRequest() async throws {
        let secret = Observed("old")
        let sink = try sink(headers: [.init("X-Token") { SecretString(secret.value) }])
        _ = await sink.deliver([record("1", "1")])
        secret.update { $0 = "new" }
        _ = try await deliver([record("2", "2")], with: sink)
        #expect(target.requests.map { $0.header("X-Token") } == ["old", "new"])
    }

    @Test(arguments: [
        (204, nil, SinkResult.delivered),
        (
            302, nil,
            .reject(.target4xx, detail: "HTTP 302: redirects are not followed, set `url` to the target: why")
        ),
        (400, nil, .reject(.target4xx, detail: "HTTP 400: why")),
        (401, nil, .pause(.credentials, detail: "HTTP 401: the target refuses the credentials: why")),
        (403, nil, .reject(.permission, detail: "HTTP 403: why")),
        (403, "60", .retry(.rateLimit, after: .seconds(60), detail: "HTTP 403: why")),
        (408, nil, .retry(.timeout, detail: "HTTP 408: why")),
        (409, nil, .retry(.target4xx, detail: "HTTP 409: why")),
        (413, nil, .reject(.tooLarge, detail: "HTTP 413: why")),
        (422, nil, .reject(.target4xx, detail: "HTTP 422: why")),
        (429, "7", .retry(.rateLimit, after: .seconds(7), detail: "HTTP 429: why")),
        (429, "99999999999999999999", .retry(.rateLimit, after: .seconds(3600), detail: "HTTP 429: why")),
        (500, nil, .retry(.target5xx, detail: "HTTP 500: why")),
        (503, "Sun, 22 Nov 2026 15:03:25 GMT", .retry(.target5xx, after: .seconds(10), detail: "HTTP 503: why")),
        (503, "soon", .retry(.target5xx, detail: "HTTP 503: why")),
        (504, nil, .retry(.timeout, detail: "HTTP 504: why")),
    ])
    func eachStatusHasItsAnswer(_ status: Int, _ retryAfter: String?, _ answer: SinkResult) async throws {
        // 204 has no body, by definition.
        let body = status == 204 ? "" : "\u{1b}why\r\n"
        var scripted = TargetAnswer.status(status, retryAfter: retryAfter, body: body)
        if status == 302 { scripted.headers.append(.init("Location", "\(target.url)/elsewhere")) }
        target.answer(scripted)
        #expect(try await deliver([record("1", "1")], with: sink()) == [answer])
        #expect(target.requests.count == 1)
        #expect(statuses.value == [status])
    }

    @Test func aLongAnswerIsQuotedInPart() async throws {
        target.answer(.status(500, body: String(repeating: "é", count: 200_000)))
        guard case .retry(_, _, let detail) = try await deliver([record("1", "1")], with: sink())[0] else {
            Issue.record("not retried")
            return
        }
        #expect(detail.utf8.count < 300)
    }

    @Test func aRefusedConnectionIsRetriedAsTargetTrouble() async throws {
        try await target.stop()
        guard case .retry(.target5xx, nil, let detail) = try await deliver([record("1", "1")], with: sink())[0] else {
            Issue.record("not retried")
            return
        }
        #expect(detail.contains("127.0.0.1:\(target.port)"))
        #expect(statuses.value == [0])
    }

    @Test func aHangIsATimeout() async throws {
        let gate = ResponseGate()
        target.answer(.hang(until: gate, takesEffect: true))
        let results = try await deliver([record("1", "1")], with: sink(timeout: .milliseconds(100)))
        gate.open()
        guard case .retry(.timeout, nil, _) = results[0] else {
            Issue.record("\(results)")
            return
        }
    }

    @Test(arguments: [
        TargetAnswer.reset(takesEffect: false), TargetAnswer(manner: .garbage, takesEffect: false),
    ])
    func aBrokenAnswerIsRetried(_ answer: TargetAnswer) async throws {
        target.answer(answer, times: 1)
        let sink = try sink()
        guard case .retry(.target5xx, nil, _) = await sink.deliver([record("1", "1")])[0] else {
            Issue.record("not retried")
            return
        }
        #expect(try await deliver([record("1", "1")], with: sink) == [.delivered])
    }

    @Test func aSuccessWhoseBodyBreaksOffIsASuccess() async throws {
        target.answer(TargetAnswer(status: 200, body: Array("0123456789".utf8), manner: .cutShort(bytes: 3)))
        #expect(try await deliver([record("1", "1")], with: sink()) == [.delivered])
    }

    @Test func aLostAnswerHasItsEffectOnceUnderTheIdempotencyKey() async throws {
        target.answer(.reset(takesEffect: true), times: 1)
        let sink = try sink()
        guard case .retry = await sink.deliver([record("1", "1")])[0] else {
            Issue.record("not retried")
            return
        }
        #expect(try await deliver([record("1", "1")], with: sink) == [.delivered])
        #expect(target.effects.count == 1)
        #expect(target.repeats.count == 1)
    }

    @Test func aBatchIsOneRequestOfLines() async throws {
        let batch = HTTPSinkSettings.Batch(BatchPolicy(max: 10, within: .zero), format: .ndjson)
        let sink = try sink(batch: batch)
        #expect(sink.batching == BatchPolicy(max: 10, within: .zero))
        var tombstone = record("3", "")
        tombstone.value = .null
        let records = [record("1", "{\n\"a\": 1}"), record("2", "no json"), tombstone, record("4", "4")]
        let results = try await deliver(records, with: sink)
        #expect(results[0] == .delivered && results[3] == .delivered)
        guard case .reject(.decode, _) = results[1], case .reject(.policy, _) = results[2] else {
            Issue.record("\(results)")
            return
        }
        let request = try #require(target.requests.first)
        #expect(target.requests.count == 1)
        #expect(request.text == "{\"a\":1}\n4\n")
        #expect(request.header("Content-Type") == "application/x-ndjson")
        #expect(request.idempotencyKey?.hasPrefix("batch-") == true)
    }

    @Test func aBatchCanBeOneArray() async throws {
        let batch = HTTPSinkSettings.Batch(BatchPolicy(max: 10, within: .zero), format: .jsonArray)
        _ = try await deliver([record("1", "{ }"), record("2", "2")], with: sink(batch: batch))
        #expect(target.requests.first?.text == "[{ },2]")
    }

    @Test func aBatchKeepsItsKeyOnlyAsLongAsItIsTheSame() {
        let one = HTTPRequestPlan([record("a", "1"), record("bc", "2")], format: .ndjson)
        let same = HTTPRequestPlan([record("a", "1"), record("bc", "2")], format: .ndjson)
        let other = HTTPRequestPlan([record("ab", "1"), record("c", "2")], format: .ndjson)
        #expect(one.idempotencyKey == same.idempotencyKey)
        #expect(one.idempotencyKey != other.idempotencyKey)
    }

    @Test func aBatchWithNothingToSendSendsNothing() async throws {
        let batch = HTTPSinkSettings.Batch(BatchPolicy(max: 10, within: .zero), format: .ndjson)
        let results = try await deliver([record("1", "no json")], with: sink(batch: batch))
        guard case .reject(.decode, _) = results[0] else {
            Issue.record("\(results)")
            return
        }
        #expect(target.requests.isEmpty)
    }

    @Test func idsThatNoHeaderCanHoldAreEncodedAndStayDifferent() {
        #expect(HTTPFieldText.encoded("events/0/7") == "events/0/7")
        #expect(HTTPFieldText.encoded("a b\r\nX: é%") == "a%20b%0D%0AX:%20%C3%A9%25")
    }

    @Test(arguments: [
        ("ftp://host/", "http:// or https://"), ("host/path", "http:// or https://"), ("http:///path", "no valid host"),
        ("http://user:secret@host/", "user name or password"), ("http://host:0/", "no valid host"),
        ("http://host:port/", "no valid host"), ("http://ho st/", "no valid host"),
        ("http://host/a b", "percent-encode"),
        ("http://host/#x", "percent-encode"), ("http://host/é", "percent-encode"), ("http://[::1/", "no valid host"),
    ])
    func badAddressesAreRefusedWithoutShowingSecrets(_ url: String, _ words: String) {
        #expect {
            try TargetURL(url)
        } throws: {
            "\($0)".contains(words) && !"\($0)".contains("secret@")
        }
    }

    @Test(arguments: [
        "http://host", "https://host:8443/a?b=c", "http://127.0.0.1:1/", "http://[::1]:80/x", "HTTP://h/",
    ])
    func goodAddressesAreTaken(_ url: String) throws {
        #expect(try !TargetURL(url).description.contains("?"))
    }

    @Test func headersThatWouldBreakTheRequestAreRefusedWithoutTheirValue() throws {
        let url = try TargetURL("http://host/")
        for (name, value) in [("Host", "x"), ("content-length", "1"), ("a b", "x"), ("X-A", "secret\r\nX-B: 1")] {
            #expect {
                try HTTPSinkSettings(url: url, headers: [.init(name) { SecretString(value) }])
            } throws: {
                "\($0)".contains("headers.\(name)") && !"\($0)".contains("secret")
            }
        }
    }
}
