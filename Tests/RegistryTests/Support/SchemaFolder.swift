import Contracts
import Foundation
import Registry
import TestFiles

/// Contracts in a folder that goes away with the last reference.
final class SchemaFolder {
    private let folder = TemporaryFolder()
    var url: URL { folder.url }

    /// - Parameter files: texts by path, for example `a/v1.json`.
    /// - Throws: when a file cannot be written.
    init(_ files: [String: String]) throws {
        for (path, text) in files { try add(path, text) }
    }

    func add(_ path: String, _ text: String) throws {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
    }

    func storage() throws -> FolderStorage { try FolderStorage(ContractStore(folder: url.path)) }
}
