package import Foundation

/// Reference data that is no part of the repository: in the folder `$BUSBAR_SHARED`, else in `shared` beside the package.
/// Tests that need it are left out where it is not there.
package enum SharedFiles {
    /// The folder of Package.swift.
    package static let packageRoot: URL = {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path)
        {
            folder.deleteLastPathComponent()
        }
        return folder
    }()

    /// Where a file or folder of it is, or would be.
    package static func url(_ path: String) -> URL {
        let given = ProcessInfo.processInfo.environment["BUSBAR_SHARED"].map { URL(filePath: $0) }
        return (given ?? packageRoot.appending(path: "../shared")).appending(path: path).standardizedFileURL
    }

    /// Where a file or folder of it is; `nil` when it is not there.
    package static func present(_ path: String) -> URL? {
        let url = url(path)
        return FileManager.default.fileExists(atPath: url.path) ? url : nil
    }

    /// The files in a folder, but not below it, whose names end so, in order.
    /// - Throws: when the folder cannot be read.
    package static func files(in folder: URL, suffix: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasSuffix(suffix) }
            .sorted { $0.path < $1.path }
    }
}
