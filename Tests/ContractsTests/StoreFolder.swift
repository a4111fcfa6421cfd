import Foundation
import Testing

/// A folder of contracts for one test.
enum StoreFolder {
    /// Lends a folder of its own with `files` by their path in it, gone after the test.
    static func with<R>(_ files: [String: String], _ body: (String) throws -> R) throws -> R {
        let root = FileManager.default.temporaryDirectory.appending(path: "busbar-\(UUID().uuidString)")
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: root) } }
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        for (path, text) in files { try write(text, to: path, in: root.path) }
        return try body(root.path)
    }

    /// Writes a file by its path in the folder.
    static func write(_ text: String, to path: String, in folder: String) throws {
        let file = URL(filePath: folder).appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
    }
}
