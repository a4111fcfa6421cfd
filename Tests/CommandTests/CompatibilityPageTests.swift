import Foundation
import Testing

/// Runs the examples of docs/compatibility.md: two schemas, a line each, then what a command prints for them.
@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct CompatibilityPageTests {
    /// A command of the page, and what it is shown to print.
    struct Example: Sendable, CustomTestStringConvertible {
        /// v1.json and v2.json, the last ones that stand before the command.
        let schemas: [String]
        /// Without `busbar`.
        let arguments: [String]
        /// Standard output, then standard error.
        let shown: String

        var testDescription: String { "\(arguments.joined(separator: " ")): \(schemas)" }

        /// `compatible`, `incompatible` or `unknown`.
        var verdict: String { shown.split(separator: ": ").last.map { $0.trimmingCharacters(in: .newlines) } ?? "" }
    }

    private static let examples: [Example] = {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let page = FileManager.default.contents(atPath: root.appending(path: "docs/compatibility.md").path) ?? Data()
        // Every second piece is inside of a fence.
        let pieces = String(decoding: page, as: UTF8.self).components(separatedBy: "```").enumerated()
        var examples: [Example] = []
        var schemas: [String] = []
        for (index, piece) in pieces where index % 2 == 1 {
            let lines = piece.components(separatedBy: "\n")
            if lines[0] == "json" { schemas = lines.dropFirst().filter { !$0.isEmpty } }
            guard lines[0] == "text" else { continue }
            for command in lines.dropFirst().joined(separator: "\n").split(separator: "$ busbar ") {
                let parts = command.split(separator: "\n", maxSplits: 1)
                examples.append(
                    Example(
                        schemas: schemas,
                        arguments: parts[0].split(separator: " ").map(String.init),
                        shown: parts.count == 2 ? String(parts[1]) : ""
                    )
                )
            }
        }
        return examples
    }()

    @Test func thePageHasExamplesOfEveryVerdict() {
        #expect(Self.examples.count >= 10)
        #expect(Set(Self.examples.map(\.verdict)) == ["compatible", "incompatible", "unknown"])
        for example in Self.examples {
            #expect(example.schemas.count == 2)
            #expect(example.arguments.prefix(4) == ["schema", "diff", "v1.json", "v2.json"])
        }
    }

    @Test(arguments: examples) func anExampleShowsWhatIsPrinted(_ example: Example) async throws {
        try #require(example.schemas.count == 2)
        let files = ["v1.json": example.schemas[0], "v2.json": example.schemas[1]]
        try await Command.inFolder(files) { busbar in
            let result = try await busbar.start(example.arguments).result()
            #expect(result.output + result.errors == example.shown)
            #expect(result.status == (example.verdict == "compatible" ? 0 : 2))
        }
    }
}
