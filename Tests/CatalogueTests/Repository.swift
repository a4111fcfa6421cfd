import Foundation
import TestFiles

/// Where the files under test are.
enum Repository {
    /// The folder that holds Package.swift.
    static let root = SharedFiles.packageRoot

    static let schemas = root.appending(path: "schemas").path
    static let connectors = root.appending(path: "connectors").path

    /// Real payloads, a folder for each event; they are no part of the repository.
    static let payloads = SharedFiles.url("data/payloads/github")

    static var hasPayloads: Bool { FileManager.default.fileExists(atPath: payloads.path) }

    static func names(in folder: String, suffix: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(suffix) }.sorted()
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path)))
    }

    /// Every real payload with its event.
    static func realPayloads() throws -> [(event: String, file: String, body: [UInt8])] {
        try names(in: payloads.path).filter { !$0.contains(".") }.flatMap { event in
            let folder = payloads.appending(path: event).path
            return try names(in: folder, suffix: ".json").map { ($0, try bytes("\(folder)/\($0)")) }
                .map { (event: event, file: $0.0, body: $0.1) }
        }
    }
}
