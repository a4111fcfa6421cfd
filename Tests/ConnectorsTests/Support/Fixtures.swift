import ConnectorKit
import Foundation
import Log

/// 2026-11-22T15:03:15.042Z.
let testTime = Timestamp(milliseconds: 1_795_359_795_042)

func record(
    _ id: String,
    _ value: String,
    topic: TopicName = "events",
    offset: Int64 = 0,
    key: String? = nil
) -> Record {
    Record(
        id: id,
        key: key.map { Array($0.utf8) },
        value: .owned(Array(value.utf8)),
        timestamp: testTime,
        origin: Record.Origin(TopicPartition(topic, 0), Offset(offset))
    )
}

/// Data that the project's folder of shared files holds.
enum SharedData {
    static let folder: String? = {
        let environment = ProcessInfo.processInfo.environment["BUSBAR_SHARED"]
        var root = URL(fileURLWithPath: #filePath)
        while root.path != "/", !FileManager.default.fileExists(atPath: root.appendingPathComponent("Sources").path) {
            root.deleteLastPathComponent()
        }
        let sibling = root.deletingLastPathComponent().appendingPathComponent("shared").path
        return [environment ?? sibling, sibling].first { FileManager.default.fileExists(atPath: "\($0)/data") }
    }()

    static var isPresent: Bool { folder != nil }

    static func file(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: "\(folder ?? "")/data/\(path)"))
    }

    /// Paths below `path`, sorted.
    static func files(_ path: String, suffix: String) throws -> [String] {
        let root = "\(folder ?? "")/data/\(path)"
        return try FileManager.default.subpathsOfDirectory(atPath: root)
            .filter { $0.hasSuffix(suffix) }.sorted().map { "\(path)/\($0)" }
    }
}
