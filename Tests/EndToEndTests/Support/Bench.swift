import Foundation
import Kafka
import LocalStack
import Log
import Logging
import Synchronization

/// The world of one test: a broker, a folder, and the workers that it starts. Ended with it, however the test ends.
final class Bench: Sendable {
    let broker: LocalBroker
    /// Settings, connectors, contracts, local state and logs.
    let folder: URL
    /// The broker as the test's own clients see it.
    let log: KafkaLog
    /// Every worker that was started, so that a failed test leaves none behind.
    let children = Mutex<[ChildProcess]>([])

    private init(_ broker: LocalBroker, _ folder: URL) {
        self.broker = broker
        self.folder = folder
        log = KafkaLog(
            ClientConfiguration(brokers: [broker.address]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Runs `body` in a fresh world. A failing test keeps its folder and says where it is.
    static func run<R: Sendable>(_ body: (Bench) async throws -> R) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let bench = Bench(try await LocalBroker.start(), folder)
        let result: Result<R, any Error>
        do {
            result = .success(try await body(bench))
        } catch {
            print("the logs of the failed test are in \(folder.path)")
            result = .failure(error)
        }
        for child in bench.children.withLock({ $0 }) { child.signal(SIGKILL) }
        try await bench.broker.stop()
        if case .success = result { try FileManager.default.removeItem(at: folder) }
        return try result.get()
    }

    /// Writes a file below the folder.
    /// - Returns: its path.
    @discardableResult
    func write(_ text: String, to path: String) throws -> String {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    /// Puts a contract into the folder's `schemas`.
    func addContract(_ subject: String, _ schema: String) throws {
        try write(schema, to: "schemas/\(subject)/v1.json")
        try write(
            "owner: tests\ncompatibility: backward\ntopics: [\(subject)]\ndescription: Of a test.\n",
            to: "schemas/\(subject)/subject.yaml"
        )
    }
}
