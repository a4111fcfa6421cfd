import SchemaCheck
import Testing

@Suite(.timeLimit(.minutes(1))) struct ConnectorReviewTests {
    private static let yaml = "owner: a\ntopics: [orders, orders.eu]\ncompatibility: none\n"
    private static let released = [
        "orders/subject.yaml": Self.yaml,
        "orders/v1.json": """
        {"properties":{"id":{"type":"string"},"note":{"type":"string"},"customer":{"properties":{"name":{},"age":{}}},
        "lines":{"items":{"properties":{"sku":{},"count":{}}}}}}
        """,
    ]

    private static func check(_ new: String, _ connectors: ConnectorUse...) async -> [CheckFinding] {
        let files = released.merging(["orders/v2.json": new]) { $1 }
        return await CheckInput.check(files, released: released, connectors: connectors)
            .findings.filter { $0.severity == .error }
    }

    private static func reader(_ steps: [ConnectorUse.Step], contract: String? = "orders") -> ConnectorUse {
        ConnectorUse(
            name: "tickets",
            file: "connectors/tickets.yaml",
            contract: contract,
            hasContract: contract != nil,
            inputs: ["orders.eu"],
            steps: steps
        )
    }

    private static let withoutNote = """
        {"properties":{"id":{},"customer":{"properties":{"name":{}}},"lines":{"items":{"properties":{"sku":{}}}}}}
        """

    @Test func aReaderOfWhatWentAwayIsFound() async {
        let program = ConnectorUse.Program(#".note != null and (.lines[] | .count > 1)"#, line: 12, column: 13)
        let findings = await Self.check(Self.withoutNote, Self.reader([.filter(program)]))
        #expect(findings.map(\.rule) == ["FIELD_READ_GONE", "FIELD_READ_GONE"])
        #expect(findings.first?.place == .init("connectors/tickets.yaml", line: 12, column: 13))
        #expect(
            findings.map(\.message) == [
                "connector tickets reads .note (1:1 of its program), which v1 lists and v2 does not",
                "connector tickets reads .lines[].count (1:31 of its program), which v1 lists and v2 does not",
            ]
        )
    }

    @Test func whatAMapMadeIsFollowedThroughTheNextSteps() async {
        let steps: [ConnectorUse.Step] = [
            .map(.init("{who: .customer, note: .id}", line: 3, column: 3)),
            .filter(.init(".who.age > 17 and .note != \"\"", line: 4, column: 3)),
        ]
        let findings = await Self.check(Self.withoutNote, Self.reader(steps))
        #expect(
            findings.map(\.message) == [
                "connector tickets reads .customer.age (1:5 of its program), which v1 lists and v2 does not"
            ]
        )
    }

    @Test func onlyReadersOfTheNewestVersionCount() async {
        let steps: [ConnectorUse.Step] = [.filter(.init(".note", line: 1, column: 1))]
        // No contract, but a topic of the subject.
        #expect(await Self.check(Self.withoutNote, Self.reader(steps, contract: nil)).count == 1)
        // Another contract.
        #expect(await Self.check(Self.withoutNote, Self.reader(steps, contract: "users")).isEmpty)
        // A version of this one.
        let pinned = ConnectorUse(
            name: "p",
            file: "p.yaml",
            contract: nil,
            hasContract: true,
            inputs: ["orders"],
            steps: steps
        )
        #expect(await Self.check(Self.withoutNote, pinned).isEmpty)
    }

    @Test func whatIsCoveredByASchemaForAllMembersIsStillThere() async {
        let steps: [ConnectorUse.Step] = [.filter(.init(".note", line: 1, column: 1))]
        let covered = #"{"properties":{"id":{}},"additionalProperties":{"type":"string"}}"#
        #expect(await Self.check(covered, Self.reader(steps)).isEmpty)
        let matched = #"{"properties":{"id":{}},"patternProperties":{"^no":{}}}"#
        #expect(await Self.check(matched, Self.reader(steps)).isEmpty)
        let other = #"{"properties":{"id":{}},"patternProperties":{"^x":{}}}"#
        #expect(await Self.check(other, Self.reader(steps)).count == 1)
    }

    @Test func keysAndConditionsAreReadToo() async {
        let connector = ConnectorUse(
            name: "k",
            file: "k.yaml",
            contract: "orders",
            hasContract: true,
            dedupe: .init(".note", line: 2, column: 2),
            conditions: [.init(".customer.age", line: 5, column: 5)]
        )
        let findings = await Self.check(Self.withoutNote, connector)
        #expect(findings.map(\.place.line) == [2, 5])
    }

    @Test func aWriterOfWhatWentAwayIsFound() async {
        let writer = ConnectorUse(
            name: "import",
            file: "connectors/import.yaml",
            inputs: ["elsewhere"],
            steps: [
                .map(.init("{id: .x, note: .y, lines: [.z[] | {sku: .a, count: 1}], other: 1}", line: 7, column: 3))
            ],
            outputs: ["orders"]
        )
        let findings = await Self.check(Self.withoutNote, writer)
        #expect(findings.map(\.rule) == ["FIELD_WRITTEN_GONE", "FIELD_WRITTEN_GONE"])
        #expect(findings.first?.message == "connector import writes .note, which v1 lists and v2 does not")
        #expect(findings.last?.message == "connector import writes .lines[].count, which v1 lists and v2 does not")
        #expect(findings.first?.place == .init("connectors/import.yaml", line: 7, column: 3))
    }
}
