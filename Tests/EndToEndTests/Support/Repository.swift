import Foundation

/// Files that lie beside the code.
enum Repository {
    /// The folder of Package.swift.
    static let root: URL = {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path)
        {
            folder.deleteLastPathComponent()
        }
        return folder
    }()

    /// GitHub's own examples of its payloads, a folder for each event.
    static let payloads: URL = {
        let shared =
            ProcessInfo.processInfo.environment["BUSBAR_SHARED"].map { URL(filePath: $0) }
            ?? root.appending(path: "../shared")
        return shared.appending(path: "data/payloads/github").standardizedFileURL
    }()

    static var hasPayloads: Bool { FileManager.default.fileExists(atPath: payloads.path) }
}
