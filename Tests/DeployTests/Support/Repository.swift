import Foundation

/// The files of this repository, as they were checked out.
enum Repository {
    static let root: URL = {
        // Links are followed, so that a package elsewhere that links to these sources finds the same files.
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/", !exists(folder.appending(path: "Makefile").path) { folder.deleteLastPathComponent() }
        return folder
    }()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func has(_ path: String) -> Bool { exists(root.appending(path: path).path) }

    /// The paths of every Swift file below `folder`, in order.
    static func swiftFiles(in folder: String) throws -> [String] {
        let url = root.appending(path: folder)
        return try FileManager.default.subpathsOfDirectory(atPath: url.path)
            .filter { $0.hasSuffix(".swift") }
            .sorted()
            .map { folder + "/" + $0 }
    }

    private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
