package import Foundation
internal import Glibc
internal import Synchronization

/// A noida-db broker of this machine: its own process, port and folder.
///
/// What it cannot do, measured on 0.2.3: it ignores fetch limits (keep a topic under 50 MB), does not fence a stale
/// generation in TxnOffsetCommit, and rewrites its whole state on every save.
package final class LocalBroker: Sendable {
    package let port: Int
    package let dataFolder: URL
    private let executable: String
    private let process: Mutex<ChildProcess>

    private init(_ executable: String, port: Int, dataFolder: URL, _ process: ChildProcess) {
        self.executable = executable
        self.port = port
        self.dataFolder = dataFolder
        self.process = Mutex(process)
    }

    deinit {
        // A test that failed half-way leaves no process behind.
        process.withLock { $0.signal(SIGKILL) }
    }

    /// Whether there is a broker to start.
    package static var isInstalled: Bool { locate() != nil }
    /// What to say where there is none.
    package static let absence = "noida-db is not installed; run `make setup` or set BUSBAR_NOIDA to the binary"

    /// `host:port` for clients.
    package var address: String { "127.0.0.1:\(port)" }
    /// Client properties it needs: its fetch answers are as long as the log, so the longest answer is allowed.
    package static let clientProperties = ["receive.message.max.bytes": "1000000000"]

    /// Starts a broker on a free port with an empty folder and returns when it listens.
    /// - Throws: ``LocalStackError``.
    package static func start() async throws -> LocalBroker {
        guard let located = locate() else { throw LocalStackError(absence) }
        let executable = try native(beside: located) ?? located
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-broker-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for _ in 0..<4 {
            let port = try LoopbackPort.free()
            let process = try await launch(executable, port, folder)
            let broker = LocalBroker(executable, port: port, dataFolder: folder, process)
            // Somebody may have taken the port in between.
            if try await broker.isReady() { return broker }
        }
        throw LocalStackError("noida-db does not start:\n\(try output(in: folder))")
    }

    /// Ends the process as a crash would and leaves the folder; the next ``restart()`` finds what was saved.
    package func kill() async throws {
        let process = process.withLock { $0 }
        process.signal(SIGKILL)
        try await process.exit()
    }

    /// Ends the process as an operator would: it saves what it has. ``restart()`` brings it back.
    package func terminate() async throws {
        try await process.withLock { $0 }.end()
    }

    /// Ends the process, if it runs, and starts it on the same port and folder.
    package func restart() async throws {
        try await process.withLock { $0 }.end()
        let next = try await Self.launch(executable, port, dataFolder)
        process.withLock { $0 = next }
        guard try await isReady() else {
            throw LocalStackError("noida-db does not start again:\n\(try Self.output(in: dataFolder))")
        }
    }

    /// Ends the process and removes its folder.
    package func stop() async throws {
        try await process.withLock { $0 }.end()
        try FileManager.default.removeItem(at: dataFolder)
    }

    private static func launch(_ executable: String, _ port: Int, _ folder: URL) async throws -> ChildProcess {
        try await ChildProcess.start(
            executable,
            ["start", "--only", "kafka", "--kafka-port", String(port), "--data-dir", folder.path],
            output: folder.appending(path: "broker.log").path
        )
    }

    /// Connects until the broker listens; `false` when its process has ended instead.
    private func isReady() async throws -> Bool {
        let process = process.withLock { $0 }
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while process.isRunning {
            if try LoopbackPort.answers(port) { return true }
            guard .now < deadline else {
                throw LocalStackError("noida-db does not listen on port \(port):\n\(try Self.output(in: dataFolder))")
            }
            // Between two attempts only: nothing tells when a port is opened.
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    private static func output(in folder: URL) throws -> Substring {
        try String(contentsOf: folder.appending(path: "broker.log"), encoding: .utf8).suffix(2000)
    }

    /// The first `noida-db` of all places: a native binary, or the Python wrapper of one.
    private static func locate() -> String? {
        let environment = ProcessInfo.processInfo.environment
        let roots = [packageRoot.path, FileManager.default.currentDirectoryPath]
        let places =
            [environment["BUSBAR_NOIDA"]].compactMap { $0 } + roots.map { "\($0)/.venv/bin/noida-db" }
            + (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/noida-db" }
        return places.first(where: FileManager.default.isExecutableFile(atPath:))
    }

    /// The native binary that a Python wrapper starts, which does not pass signals on; `nil` where `wrapper` is none.
    /// - Throws: when the Python libraries beside it cannot be read.
    private static func native(beside wrapper: String) throws -> String? {
        let libraries = URL(filePath: wrapper).deletingLastPathComponent().appending(path: "../lib").standardizedFileURL
        guard FileManager.default.fileExists(atPath: libraries.path) else { return nil }
        return try FileManager.default.contentsOfDirectory(atPath: libraries.path)
            .filter { $0.hasPrefix("python3") }
            .map { libraries.appending(path: "\($0)/site-packages/noida_db/noida-db").path }
            .first(where: FileManager.default.isExecutableFile(atPath:))
    }

    /// The folder of Package.swift, above this file.
    private static let packageRoot: URL = {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path)
        {
            folder.deleteLastPathComponent()
        }
        return folder
    }()
}
