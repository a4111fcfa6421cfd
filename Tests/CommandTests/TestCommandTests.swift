import Testing

@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct TestCommandTests {
    private static let connector = """
        connector: tickets
        owner: shop
        from: { kafka: { topic: issues } }
        steps: [ { map: '{severity: "high"}' } ]
        to: { http: { url: "${env:TICKETS_URL}/api" } }
        tests:
          - name: an issue becomes a ticket
            input: [ { json: {} } ]
            faults: [ { sink: 503, times: 2 }, { sink: 429, retry_after: 5m } ]
            expect: { delivered: 1, requests: [ { json_contains: { severity: high } } ] }
          - name: an issue becomes another ticket
            input: [ { json: {} } ]
            expect: { delivered: 1, requests: [ { json_contains: { severity: low } } ] }

        """

    @Test func theResultsAreData() async throws {
        try await Command.inFolder(["connectors/tickets.yaml": Self.connector]) { busbar in
            let result = try await busbar.run("test")
            #expect(
                result.output == """
                    ok    tickets: an issue becomes a ticket
                    FAIL  tickets: an issue becomes another ticket (connectors/tickets.yaml:11:5)
                          requests[0]: no request is like it, of 1 in all; the nearest differs
                            /severity: expected "low", got "high"

                    """
            )
            #expect(result.errors == "1 passed, 1 failed\n")
            #expect(result.status == 2)
        }
    }

    @Test func aFilterTakesTestsByName() async throws {
        try await Command.inFolder(["t.yaml": Self.connector]) { busbar in
            let result = try await busbar.run("test", "t.yaml", "--filter", "a ticket", "--json")
            #expect(
                result.output == """
                    {"v":1,"connector":"tickets","test":"an issue becomes a ticket","file":"t.yaml","line":7,"passed":true,\
                    "mismatches":[]}

                    """
            )
            #expect(result.status == 0)
            let none = try await busbar.run("test", "t.yaml", "--filter", "x")
            #expect(none.errors == "busbar: --filter: no test's name holds “x”\n")
            #expect(none.status == 64)
        }
    }

    @Test func aFileWithErrorsIsNotTested() async throws {
        try await Command.inFolder(["t.yaml": "connector: a\nowner: b\n"]) { busbar in
            let result = try await busbar.run("test", "t.yaml")
            #expect(result.output == "")
            #expect(result.errors.hasPrefix("busbar: the files have errors\nt.yaml:1:1: error: "))
            #expect(result.status == 78)
        }
    }
}
