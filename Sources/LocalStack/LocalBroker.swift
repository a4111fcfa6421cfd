package import Foundation
internal import Glibc
internal import Synchronization

/// A busbar-broker of this machine: its own process, port and folder. For tests that kill it, and for `busbar dev`.
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

    /// `host:port` for clients.
    package var address: String { "127.0.0.1:\(port)" }

    /// Of the running process.
    package var pid: Int32 { process.withLock { $0.pid } }

    /// Starts a broker on a free port with an empty folder and returns when it listens.
    /// - Throws: ``LocalStackError``.
    package static func start() async throws -> LocalBroker {
        let executable = try locate()
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-broker-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for _ in 0..<4 {
            let port = try LoopbackPort.free()
            let process = try await launch(executable, port, folder)
            let broker = LocalBroker(executable, port: port, dataFolder: folder, process)
            // Somebody may have taken the port in between.
            if try await broker.isReady() { return broker }
        }
        throw LocalStackError("busbar-broker does not start:\n\(try output(in: folder))")
    }

    /// Runs `body` with a broker of its own and stops it, whatever becomes of `body`.
    package static func with<R: Sendable>(_ body: (LocalBroker) async throws -> R) async throws -> R {
        let broker = try await start()
        let result: Result<R, any Error>
        do {
            result = .success(try await body(broker))
        } catch {
            result = .failure(error)
        }
        try await broker.stop()
        return try result.get()
    }

    /// Ends the process as a crash would and leaves the folder; the next ``restart()`` recovers what was acknowledged.
    package func kill() async throws {
        let process = process.withLock { $0 }
        process.signal(SIGKILL)
        try await process.exit()
    }

    /// Ends the process as an operator would. ``restart()`` brings it back.
    package func terminate() async throws {
        try await process.withLock { $0 }.end()
    }

    /// Ends the process, if it runs, and starts it on the same port and folder.
    package func restart() async throws {
        try await process.withLock { $0 }.end()
        let next = try await Self.launch(executable, port, dataFolder)
        process.withLock { $0 = next }
        guard try await isReady() else {
            throw LocalStackError("busbar-broker does not start again:\n\(try Self.output(in: dataFolder))")
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
            ["--data-dir", folder.appending(path: "data").path, "--listen", "127.0.0.1:\(port)"],
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
                throw LocalStackError(
                    "busbar-broker does not listen on port \(port):\n\(try Self.output(in: dataFolder))"
                )
            }
            // Between two attempts only: nothing tells when a port is opened.
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    private static func output(in folder: URL) throws -> Substring {
        try String(contentsOf: folder.appending(path: "broker.log"), encoding: .utf8).suffix(2000)
    }

    /// `BUSBAR_BROKER_PROGRAM`, or the program beside the one that runs: an installation and a build folder both have it
    /// there.
    private static func locate() throws -> String {
        let named = ProcessInfo.processInfo.environment["BUSBAR_BROKER_PROGRAM"].map { URL(filePath: $0) }
        // proc(5): a program that was replaced since it was started has " (deleted)" behind its path; its folder is the same.
        let running = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(filePath: running).deletingLastPathComponent()
        let program = named ?? folder.appending(path: "busbar-broker")
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw LocalStackError(
                "there is no busbar-broker at \(program.path); run `make build` or set BUSBAR_BROKER_PROGRAM"
            )
        }
        return program.path
    }
}
