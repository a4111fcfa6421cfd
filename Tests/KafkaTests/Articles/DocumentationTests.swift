import Foundation
import Testing

/// Every public symbol of what other packages take is documented.
@Suite struct DocumentationTests {
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")

    /// What a protocol of the standard library documents already.
    private static let witnesses = [
        "init(rawValue:", "init(integerLiteral", "init(stringLiteral", "init(from decoder", "var rawValue",
        "var description", "var customMirror", "func <", "func ==", "func hash", "func makeAsyncIterator",
    ]

    @Test(arguments: ["Kafka", "KafkaTesting", "Log"])
    func everyPublicSymbolHasADocumentationComment(module: String) throws {
        // The folder itself may be a link.
        let folder = Self.sources.appending(path: module).resolvingSymlinksInPath()
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
        #expect(!files.isEmpty)
        for file in files {
            let bare = try undocumented(in: file)
            #expect(bare.isEmpty, "\(file.lastPathComponent) has public symbols without documentation: \(bare)")
        }
    }

    /// The lines that declare something public below neither a documentation comment nor an attribute that is below one.
    private func undocumented(in file: URL) throws -> [String] {
        var found: [String] = []
        var isDocumented = false
        for line in try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n") {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.hasPrefix("///") {
                isDocumented = true
            } else if text.hasPrefix("@"), !text.contains("public ") {
                continue
            } else {
                let isPublic = text.contains(#/^(@\w+ )*public (?!import|extension)/#)
                if isPublic, !isDocumented, !Self.witnesses.contains(where: { text.contains($0) }) {
                    found.append(text)
                }
                isDocumented = false
            }
        }
        return found
    }
}
