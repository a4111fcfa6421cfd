import Foundation
import TestFiles

/// Files that lie beside the code.
enum Repository {
    /// The folder of Package.swift.
    static let root = SharedFiles.packageRoot

    /// GitHub's own examples of its payloads, a folder for each event.
    static let payloads = SharedFiles.url("data/payloads/github")

    static var hasPayloads: Bool { FileManager.default.fileExists(atPath: payloads.path) }
}
