import Dev
import Foundation
import LocalStack
import Synchronization
import Testing

/// How a worker is started: the same each time, as a supervisor would.
struct WorkerSetup: Sendable {
    let name: String
    /// Of its health checks.
    let port: Int
    let connectors: [String]
    let settings: String
    let environment: [String: String]
    let log: String
    let bench: Bench

    /// The binary beside the test bundle. The test target depends on it, so that it is always built.
    static let executable = binary("busbar-worker")

    /// A product of this package.
    static func binary(_ name: String) -> String {
        let bundle = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
        return bundle.resolvingSymlinksInPath().deletingLastPathComponent().appending(path: name).path
    }

    /// Starts the worker; it is not ready yet.
    func start() async throws -> RunningWorker {
        try #require(
            FileManager.default.isExecutableFile(atPath: Self.executable),
            "\(Self.executable) is missing; run `swift build` first"
        )
        let process = try await ChildProcess.start(
            Self.executable,
            ["--config", settings] + connectors,
            environment: environment,
            output: log
        )
        bench.children.withLock { $0.append(process) }
        return RunningWorker(name: name, process: process, url: "http://127.0.0.1:\(port)", log: log)
    }
}

extension Bench {
    /// A worker of this world with a state folder of its own.
    ///
    /// A dynamic member that is killed keeps its partitions until its session has expired, here after `session`; a static one
    /// has them back as soon as it is started again. `log` is what its settings say of the log, by default this world's.
    func worker(
        _ name: String = "a",
        connectors: [String],
        log: String? = nil,
        schemas: String? = nil,
        environment: [String: String] = [:],
        isStatic: Bool = false,
        session: Duration = .seconds(6)
    ) throws -> WorkerSetup {
        let port = try LoopbackPort.free()
        let settings = """
            \(log ?? "brokers: [\(broker.address)]")
            kafka: { session.timeout.ms: "\(session.components.seconds * 1000)" }
            schemas: \(schemas ?? folder.appending(path: "schemas").path)
            state: \(folder.appending(path: "state-\(name)").path)
            http: 127.0.0.1:\(port)
            worker: { id: \(name), static: \(isStatic), drain: 20s }

            """
        return WorkerSetup(
            name: name,
            port: port,
            connectors: connectors,
            settings: try write(settings, to: "busbar-\(name).yaml"),
            environment: environment,
            log: folder.appending(path: "worker-\(name).log").path,
            bench: self
        )
    }
}

/// A worker's process.
struct RunningWorker: Sendable {
    let name: String
    let process: ChildProcess
    let url: String
    let log: String

    private var probe: WorkerProbe { WorkerProbe(url) }

    /// Ends it as a crash would.
    func kill() async throws {
        process.signal(SIGKILL)
        try await process.exit()
    }

    /// Asks it to drain and end.
    /// - Returns: its exit code.
    @discardableResult
    func stop() async throws -> Int32 {
        try await process.end(within: .seconds(40))
        return try await process.exit()
    }

    /// Waits until every connector is ready.
    func ready(within limit: Duration = .seconds(60)) async throws {
        try await poll("worker \(name) is ready", within: limit) {
            guard process.isRunning else { throw NotReached(description: "worker \(name) ended: \(try output())") }
            return await probe.isReady() ? () : nil
        }
    }

    /// What a connector has done; `nil` while the worker does not answer.
    func report(_ connector: String) async -> WorkerProbe.Connector? {
        do {
            return try await probe.connectors().first { $0.name == connector }
        } catch {
            return nil
        }
    }

    /// Waits until a connector has consumed `count` records and none is in flight.
    func settled(
        _ connector: String,
        consumed count: Int,
        within limit: Duration = .seconds(90)
    ) async throws -> WorkerProbe.Connector {
        var last: WorkerProbe.Connector?
        do {
            return try await poll("\(connector) has consumed \(count)", within: limit) {
                last = await report(connector) ?? last
                return last.flatMap { $0.consumed - $0.inFlight >= count && $0.inFlight == 0 ? $0 : nil }
            }
        } catch {
            Issue.record("\(connector) stands at \(String(describing: last))")
            throw error
        }
    }

    /// The end of what it wrote.
    func output() throws -> Substring { try String(contentsOfFile: log, encoding: .utf8).suffix(3000) }
}
