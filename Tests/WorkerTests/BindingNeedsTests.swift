import ConnectorKit
import Expressions
import Log
import Testing

@testable import Worker

@Suite struct BindingNeedsTests {
    private static let record = Record(
        id: "1",
        key: Array("k".utf8),
        value: .owned([]),
        headers: [Header("ce_id", "a1"), Header("null", nil)],
        origin: Record.Origin(TopicPartition("in", 3), 7)
    )

    private func bindings(for programs: String...) throws -> Bindings {
        BindingNeeds(try programs.map { try Program($0) }).bindings(of: Self.record, in: "tickets")
    }

    @Test func whatNoProgramNamesIsNotMade() throws {
        let bindings = try bindings(for: ".a == 1", "$meta.topic")
        #expect(bindings.headers.isEmpty)
        #expect(bindings.key == nil)
        #expect(bindings.meta.topic == "in" && bindings.meta.partition == 3 && bindings.meta.offset == 7)
        #expect(bindings.meta.connector == "tickets")
    }

    /// jq takes a variable's name apart from its `$`.
    @Test(arguments: ["$headers.ce_id", "$ headers", "\"\\($headers)\"", ". as $x | $headers"])
    func headersAreMadeForAProgramThatNamesThem(_ program: String) throws {
        let bindings = try bindings(for: ".a", program)
        #expect(bindings.headers.map(\.name) == ["ce_id", "null"])
        #expect(bindings.headers.map(\.value) == ["a1", ""])
        #expect(bindings.key == nil)
    }

    @Test func theKeyIsMadeForAProgramThatNamesIt() throws {
        let bindings = try bindings(for: "$key", ".a")
        #expect(bindings.key == "k")
        #expect(bindings.headers.isEmpty)
    }

    @Test func aProgramSeesWhatItNames() throws {
        let expression = try SharedExpression("[$key, $headers.ce_id, $meta.offset]", connector: "tickets")
        var tombstone = Self.record
        tombstone.value = .null
        #expect(try expression.outputs(for: tombstone) == [Array(#"["k","a1",7]"#.utf8)])
        let identity = try SharedExpression(".", connector: "tickets")
        #expect(try identity.outputs(for: tombstone) == [Array("null".utf8)])
    }
}
