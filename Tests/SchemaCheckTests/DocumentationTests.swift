import Foundation
import SchemaCheck
import Testing
import Yams

/// docs/schema-check.md says what is so.
@Suite(.timeLimit(.minutes(1))) struct DocumentationTests {
    private static let text = page("schema-check.md")

    /// The text of a file of docs; empty when it is not there.
    static func page(_ name: String) -> String {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return FileManager.default.contents(atPath: root.appending(path: "docs/\(name)").path)
            .map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static let jobs = text.components(separatedBy: "```yaml\n").dropFirst().map { block in
        block.components(separatedBy: "```")[0]
    }

    @Test func theJobsAreYAMLAndNeedOneLine() throws {
        try #require(Self.jobs.count == 2)
        let github = try #require(try Yams.load(yaml: Self.jobs[0]) as? [String: Any])
        let contracts = try #require((github["jobs"] as? [String: Any])?["contracts"] as? [String: Any])
        let steps = try #require(contracts["steps"] as? [[String: Any]])
        #expect(steps.compactMap { $0["run"] as? String } == ["busbar schema check --format github"])
        let checkout = try #require(steps.first?["with"] as? [String: Any])
        #expect(checkout["fetch-depth"] as? Int == 0)
        let gitlab = try #require(try Yams.load(yaml: Self.jobs[1]) as? [String: Any])
        let job = try #require(gitlab["contracts"] as? [String: Any])
        #expect(job["script"] as? String == "busbar schema check --format junit > contracts.xml")
        let reports = try #require((job["artifacts"] as? [String: Any])?["reports"] as? [String: Any])
        #expect(reports["junit"] as? String == "contracts.xml")
    }

    @Test(arguments: CheckRule.allCases) func everyRuleHasItsExample(_ rule: CheckRule) {
        #expect(Self.text.contains("| `\(rule.rawValue)` | "))
        #expect(rule.meaning.hasSuffix("."))
    }
}
