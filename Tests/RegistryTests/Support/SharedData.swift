import Foundation

/// Reference data beside the repository: `$BUSBAR_SHARED`, or `../shared` seen from the package.
enum SharedData {
    static func url(_ path: String) -> URL {
        let environment = ProcessInfo.processInfo.environment["BUSBAR_SHARED"].map { URL(filePath: $0) }
        let root = environment ?? packageRoot.appending(path: "../shared")
        return root.appending(path: path).standardizedFileURL
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: url(path).path)
    }

    /// The first folder above this file that holds `Sources`.
    private static var packageRoot: URL {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "Sources").path) {
            folder.deleteLastPathComponent()
        }
        return folder
    }
}
