import ConnectorTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConnectorTestRunnerTests {
    private func http(_ tests: String, delivery: String = "{}") -> String {
        """
        connector: orders
        owner: shop
        from: { log: { topic: orders } }
        contract: orders
        dedupe: { key: header.ce_id, window: 7d }
        steps:
          - filter: '.skip | not'
          - map: '{number: .id}'
        to:
          http:
            url: ${env:SHOP_URL}/orders
            headers: { Authorization: "Bearer ${secret:shop-token}" }
            idempotency_key: true
        delivery: \(delivery)
        tests:
          - name: t
        \(tests.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
        """
    }

    @Test func everyOutcomeIsCountedByTheRealPipeline() async throws {
        let yaml = http(
            """
            input:
              - { json: { id: 1 }, headers: { ce_id: a }, times: 3 }
              - { json: { id: 2, skip: true } }
              - { json: { id: no } }
              - { text: "{" }
            expect: { delivered: 1, duplicate: 2, filtered: 1, dead_lettered: { schema: 1, decode: 1 } }
            """
        )
        #expect(try await TestBench.mismatches(yaml) == [])
    }

    @Test func aWrongCountIsShownWithWhatDeadLettersSay() async throws {
        let yaml = http(
            """
            input: [ { json: { id: 1 } } ]
            faults: [ { sink: 422 } ]
            expect: { delivered: 1, dead_lettered: 0 }
            """
        )
        #expect(
            try await TestBench.mismatches(yaml) == [
                "delivered: expected 1, got 0",
                "dead_lettered: expected 0, got 1 | target_4xx: HTTP 422",
            ]
        )
    }

    @Test func deadLettersOfAnotherReasonAreAMismatch() async throws {
        let yaml = http("input: [ { text: x } ]\nexpect: { dead_lettered: { schema: 1 } }")
        let mismatches = try await TestBench.mismatches(yaml)
        #expect(mismatches.first == "dead_lettered.schema: expected 1, got 0")
        #expect(mismatches.last?.hasPrefix("dead_lettered.decode: expected 0, got 1 | decode: ") == true)
    }

    @Test func requestsAreWhatTheHTTPSinkWouldSend() async throws {
        let yaml = http(
            """
            input: [ { json: { id: 9007199254740993 } } ]
            expect:
              requests:
                - json_equals: { number: 9007199254740993 }
                  headers:
                    authorization: Bearer test-shop-token
                    idempotency-key: orders/0/0
                    Content-Type: application/json
            """
        )
        #expect(try await TestBench.mismatches(yaml) == [])
    }

    @Test func theNearestRequestIsComparedPlaceByPlace() async throws {
        let yaml = http(
            """
            input: [ { json: { id: 1 } } ]
            expect: { requests: [ { json_equals: { number: 2, more: [] }, headers: { X-A: b } } ] }
            """
        )
        #expect(
            try await TestBench.mismatches(yaml) == [
                """
                requests[0]: no request is like it, of 1 in all; the nearest differs | /number: expected 2, got 1 \
                | /more: expected [], got nothing | header X-A: expected "b", got nothing
                """
            ]
        )
    }

    @Test func twoExpectationsDoNotShareOneRequest() async throws {
        let yaml = http(
            """
            input: [ { json: { id: 1 } } ]
            expect: { requests: [ { json_contains: { number: 1 } }, { json_contains: {} } ] }
            """
        )
        #expect(
            try await TestBench.mismatches(yaml)
                == ["requests[1]: there is no request left for it, of 1 in all"]
        )
    }

    @Test func waitsOfHoursTakeNoTime() async throws {
        let yaml = http(
            """
            input: [ { json: { id: 1 } } ]
            faults:
              - { sink: 503, times: 5 }
              - { sink: 429, retry_after: 2h }
              - { sink: hang, times: 2 }
              - { sink: reset }
            expect: { delivered: 1, requests: [ {} ] }
            """,
            delivery: "{ retry: { attempts: 20, max: 30m, within: 7d }, timeout: 60s }"
        )
        let began = ContinuousClock.now
        #expect(try await TestBench.mismatches(yaml) == [])
        #expect(began.duration(to: .now) < .seconds(30))
    }

    @Test func attemptsRunOutAsTheConnectorSays() async throws {
        let yaml = http(
            """
            input: [ { json: { id: 1 } }, { json: { id: 2 } } ]
            faults: [ { sink: 503, times: 3 } ]
            expect: { delivered: 1, dead_lettered: { target_5xx: 1 } }
            """,
            delivery: "{ order: partition, retry: { attempts: 3 } }"
        )
        #expect(try await TestBench.mismatches(yaml) == [])
    }

    @Test func deadLettersAreRecordsOfTheirTopicOnly() async throws {
        let expectation = "json_equals: { id: no }, headers: { busbar-dlq-reason: schema }"
        let named = http(
            "input: [ { json: { id: no } } ]\nexpect: { records: [ { topic: orders.dlq, \(expectation) } ] }"
        )
        #expect(try await TestBench.mismatches(named) == [])
        let unnamed = http("input: [ { json: { id: no } } ]\nexpect: { records: [ { \(expectation) } ] }")
        #expect(
            try await TestBench.mismatches(unnamed) == [
                "records[0]: no record is like it, of 0 in all; the nearest differs | the record is a dead letter"
            ]
        )
    }

    @Test func aConnectorThatMayNotDeadLetterFailsItsTest() async throws {
        let yaml = http(
            "input: [ { json: { id: no } } ]\nexpect: { delivered: 0 }",
            delivery: "{ dead_letter: none }"
        )
        let mismatches = try await TestBench.mismatches(yaml)
        #expect(mismatches.count == 1)
        #expect(mismatches.first?.hasPrefix("run: the connector failed: record orders/0/0 was refused (schema") == true)
    }

    @Test func aTombstoneIsRefusedByTheHTTPSink() async throws {
        let yaml = """
            connector: orders
            owner: shop
            from: { log: { topic: "^shop\\\\..*$" } }
            to: { http: { url: "http://shop.test/" } }
            tests:
              - name: t
                input: [ { tombstone: true, key: a }, { json: {}, key: a } ]
                expect: { delivered: 1, dead_lettered: { policy: 1 } }
            """
        #expect(try await TestBench.mismatches(yaml) == [])
    }

    @Test(arguments: ["ndjson", "json_array"])
    func aBatchIsOneRequest(_ format: String) async throws {
        let expected =
            format == "ndjson"
            ? #"{ body_equals: "{\"n\":1}\n{\"n\":2}\n", json_contains: { n: 2 } }"#
            : #"{ json_equals: [ { n: 1 }, { n: 2 } ] }"#
        let yaml = """
            connector: orders
            owner: shop
            from: { log: { topic: orders } }
            to: { http: { url: "http://shop.test/", batch: { max: 2, format: \(format) } } }
            tests:
              - name: t
                input: [ { json: { n: 1 } }, { json: { n: 2 } } ]
                expect: { delivered: 2, requests: [ \(expected) ] }
            """
        #expect(try await TestBench.mismatches(yaml) == [])
    }
}
