import Foundation
import Testing

/// What the articles of the catalogue show is what the suites beside this one run.
@Suite struct ArticleTests {
    private static let here = URL(filePath: #filePath).deletingLastPathComponent()

    /// The package's folder: Tests/KafkaTests/Articles is three below it.
    private static let package = here.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test(arguments: ["Consuming", "Producing", "ExactlyOnce"])
    func everyPieceOfCodeIsCompiledAndRun(article: String) throws {
        let page = Self.package.appending(path: "Sources/Kafka/Kafka.docc/\(article).md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let source = lines(
            try String(contentsOf: Self.here.appending(path: "\(article)Article.swift"), encoding: .utf8)
        )
        let pieces = text.components(separatedBy: "```swift\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        #expect(!pieces.isEmpty)
        for piece in pieces {
            #expect(
                contains(source, lines(piece)),
                "\(article).md shows what \(article)Article.swift does not run:\n\(piece)"
            )
        }
    }

    /// Without indentation, which differs between a page and a test, and without empty lines.
    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private func contains(_ text: [String], _ piece: [String]) -> Bool {
        guard !piece.isEmpty, piece.count <= text.count else { return false }
        return (0...(text.count - piece.count)).contains { Array(text[$0..<($0 + piece.count)]) == piece }
    }
}
