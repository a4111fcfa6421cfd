import Contracts
import Foundation
import JSON
import Testing

/// The table of docs/compatibility.md of what policy confluent lets pass. CommandTests run the page's other examples.
@Suite(.timeLimit(.minutes(1))) struct CompatibilityPageTests {
    /// A row: two versions, and what only sound says of them.
    struct Row: Sendable, CustomTestStringConvertible {
        let rule: String
        let old: String
        let new: String
        let document: String

        var testDescription: String { rule }
    }

    private static let rows: [Row] = {
        let page = DocumentationTests.page("compatibility.md")
        return page.matches(of: /\n\| `([A-Z_]+)` \| `(.+?)` \| `(.+?)` \| `(.+?)` \|/).map { match in
            Row(rule: "\(match.1)", old: "\(match.2)", new: "\(match.3)", document: "\(match.4)")
        }
    }()

    @Test func theTableIsThere() {
        #expect(Self.rows.count >= 8)
    }

    @Test(arguments: rows) func onlySoundRefusesTheChangeOfARow(_ row: Row) throws {
        let (old, new) = (try ComparedSchema(Array(row.old.utf8)), try ComparedSchema(Array(row.new.utf8)))
        #expect(CompatibilityPolicy.confluent.compare(old: old, new: new).verdict == .compatible)
        let sound = CompatibilityPolicy.sound.compare(old: old, new: new)
        #expect(sound.verdict == .incompatible)
        let refusals = sound.differences.filter { $0.effect == .incompatible }
        #expect(refusals.map(\.rule) == [row.rule])
        #expect(refusals.first?.counterexample?.description == row.document)
    }

    // MARK: Content models

    /// What the page's table of open and closed objects says of a change: the level that allows it.
    private static func documented(_ change: String) -> (open: String, closed: String)? {
        let page = DocumentationTests.page("compatibility.md")
        let rows = page.matches(of: /\n\| ([a-z ]+) \| `([a-z]+)` only \| `([a-z]+)` only \|/)
        return rows.first { $0.1 == change }.map { ("\($0.2)", "\($0.3)") }
    }

    /// The only level that allows the change; a text that no level has where it is not one.
    private func level(_ old: String, _ new: String, isOpen: Bool, isOpenAfter: Bool? = nil) throws -> String {
        func schema(_ text: String, _ isOpen: Bool) throws -> ComparedSchema {
            try ComparedSchema(Array("{\"type\":\"object\",\(text),\"additionalProperties\":\(isOpen)}".utf8))
        }
        let (old, new) = (try schema(old, isOpen), try schema(new, isOpenAfter ?? isOpen))
        let levels = [CompatibilityLevel.backward, .forward].filter { level in
            CompatibilityCheck(of: new, after: [old], level: level, policy: .sound).verdict == .compatible
        }
        return levels.map(\.rawValue).joined(separator: " and ")
    }

    @Test func anOpenObjectCannotBeClosedUnderBackward() throws {
        #expect(try level(#""properties":{}"#, #""properties":{}"#, isOpen: true, isOpenAfter: false) == "forward")
    }

    @Test(arguments: [
        ("optional property added", 0, 1), ("optional property removed", 1, 0), ("property made required", 1, 2),
        ("property made optional", 2, 1),
    ])
    func theTableOfContentModelsSaysWhichLevelAllowsAChange(_ change: String, _ old: Int, _ new: Int) throws {
        let forms = [
            #""properties":{}"#, #""properties":{"a":{"type":"string"}}"#,
            #""properties":{"a":{"type":"string"}},"required":["a"]"#,
        ]
        let documented = try #require(Self.documented(change))
        #expect(try level(forms[old], forms[new], isOpen: true) == documented.open)
        #expect(try level(forms[old], forms[new], isOpen: false) == documented.closed)
    }
}
