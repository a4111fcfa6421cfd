import ConnectorTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SourceAndTargetTests {
    @Test func aWebhookHasItsHeadersAndKeyFromTheDelivery() async throws {
        let yaml = """
            connector: hook
            owner: shop
            from: { push: { key: .repository.full_name } }
            to: { topic: { name: events } }
            tests:
              - name: t
                input:
                  - json: { repository: { full_name: acme/api } }
                    headers: { X-GitHub-Event: issues, X-GitHub-Delivery: d1 }
                  - { json: {}, headers: { ce-id: e1, ce-source: shop }, key: own }
                expect:
                  delivered: 2
                  records:
                    - key: acme/api
                      headers:
                        ce_id: d1
                        ce_type: github.issues
                        ce_source: https://github.com/acme/api
                        x-github-event: issues
                    - { topic: events, key: own, headers: { ce_id: e1, ce_source: shop, ce_specversion: "1.0" } }
            """
        #expect(try await TestBench.mismatches(yaml) == [])
    }

    @Test func aSenderIsToldWhatBreaksTheContract() async throws {
        let yaml = """
            connector: hook
            owner: shop
            from: { push: {} }
            contract: orders
            on_violation: reject
            to: { topic: { name: events } }
            tests:
              - name: t
                input: [ { json: { id: 1 } }, { json: {} }, { text: "{" } ]
                expect: { delivered: 1, rejected: 2 }
            """
        #expect(try await TestBench.mismatches(yaml) == [])
    }

    @Test(arguments: ["push", "pull", "log"])
    func aBrokerThatIsAwayForAWhileLosesNothing(_ source: String) async throws {
        let yaml = """
            connector: copy
            owner: shop
            from: { \(source): \(source == "log" ? "{ topic: orders }" : "{}") }
            to: { topic: { name: events } }
            tests:
              - name: t
                input: [ { json: { n: 1 }, key: a }, { json: { n: 2 }, key: a } ]
                faults: [ { sink: 503, times: 2 }, { sink: hang } ]
                expect:
                  delivered: 2
                  records: [ { json_equals: { n: 1 } }, { json_equals: { n: 2 } } ]
            """
        #expect(try await TestBench.mismatches(yaml) == [])
    }

    @Test func whatASinkOutsideTheLogAcceptsAreRecordsWithoutTopic() async throws {
        let yaml = """
            connector: archive
            owner: shop
            from: { pull: {} }
            to:
              - when: .n == 1
                lines: {}
              - topic: { name: rest }
            tests:
              - name: t
                input: [ { json: { n: 1 }, headers: { a: b } }, { json: { n: 2 } } ]
                faults: [ { sink: 503 } ]
                expect: { delivered: 2, records: [ { json_equals: { n: 1 }, headers: { a: b } }, { topic: rest } ] }
            """
        #expect(try await TestBench.mismatches(yaml) == [])
    }

    @Test func recordsOfOneKeyKeepTheirOrderWhileTheTargetIsAway() async throws {
        let yaml = """
            connector: ordered
            owner: shop
            from: { log: { topic: orders } }
            to: { http: { url: "http://shop.test/", batch: { max: 10 } } }
            delivery: { order: key }
            tests:
              - name: t
                input: [ { json: 1, key: a }, { json: 2, key: a }, { json: 3, key: a } ]
                faults: [ { sink: 503, times: 4 } ]
                expect: { delivered: 3, requests: [ { json_equals: 1 }, { json_equals: 2 }, { json_equals: 3 } ] }
            """
        #expect(try await TestBench.mismatches(yaml) == [])
    }

    @Test func aReportNamesThePlaceForPeopleAndPrograms() async throws {
        let yaml = """
            connector: copy
            owner: shop
            from: { log: { topic: orders } }
            to: { topic: { name: events } }
            tests:
              - name: passes
                input: [ { json: 1 } ]
                expect: { delivered: 1 }
              - name: fails
                input: [ { json: 1 } ]
                expect: { filtered: 1 }
            """
        let reports = try await TestBench.reports(yaml)
        #expect(
            reports.map(\.rendered) == [
                "ok    copy: passes",
                "FAIL  copy: fails (t.yaml:9:5)\n      filtered: expected 1, got 0",
            ]
        )
        #expect(
            reports.last?.json == """
                {"v":1,"connector":"copy","test":"fails","file":"t.yaml","line":9,"passed":false,"mismatches":\
                [{"subject":"filtered","message":"expected 1, got 0","details":[]}]}
                """
        )
    }
}
