internal import ArgumentParser
internal import Dev
internal import Foundation
internal import LocalStack

/// `busbar-bench worker`: from start to ready against a running broker, and the memory of an idle worker.
struct WorkerStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Start to ready of busbar-worker against a running broker, and its resident memory when idle.",
        discussion: """
            Example: busbar-bench worker --runs 7

            The connector reads a topic, filters it and writes another. Ready is the first 200 of /readyz, asked for \
            every 2 ms. The reference of the same run is a process that starts and ends (`busbar-worker --help`).
            """
    )

    @OptionGroup var options: BenchOptions

    func run() async throws {
        try options.print(try await LocalBroker.with(measure))
    }

    private func measure(_ broker: LocalBroker) async throws -> [Figure] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var starts: [Double] = []
        var bare: [Double] = []
        var memory: [Double] = []
        try write(folder, broker)
        for round in 0...options.runs {
            let start = try await measureStart(folder)
            let help = try await measureHelp(folder)
            // The first start creates topics and warms the disk's cache.
            if round > 0 {
                starts.append(start.milliseconds)
                memory.append(start.megabytes)
                bare.append(help)
            }
        }
        try FileManager.default.removeItem(at: folder)
        return [
            Figure("worker", "start_to_ready", unit: "ms", starts),
            Figure("worker", "process_start", unit: "ms", bare),
            Figure("worker", "resident_idle", unit: "MB", memory),
        ]
    }

    private func write(_ folder: URL, _ broker: LocalBroker) throws {
        let settings = """
            brokers: [\(broker.address)]
            state: \(folder.appending(path: "state").path)
            """
        let connector = """
            connector: bench
            owner: bench
            from: { kafka: { topic: bench.in } }
            steps:
              - filter: '.state == "failed"'
            to: { kafka: { topic: bench.out } }
            """
        try settings.write(to: folder.appending(path: "busbar.yaml"), atomically: true, encoding: .utf8)
        try connector.write(to: folder.appending(path: "bench.yaml"), atomically: true, encoding: .utf8)
    }

    private func measureStart(_ folder: URL) async throws -> (milliseconds: Double, megabytes: Double) {
        let port = try LoopbackPort.free()
        let began = ContinuousClock.now
        let worker = try await ChildProcess.start(
            try executable,
            [
                "--config", folder.appending(path: "busbar.yaml").path, "--http", "127.0.0.1:\(port)",
                folder.appending(path: "bench.yaml").path,
            ],
            output: folder.appending(path: "worker.log").path
        )
        let deadline = began.advanced(by: .seconds(30))
        let probe = WorkerProbe("http://127.0.0.1:\(port)")
        while await !probe.isReady() {
            guard worker.isRunning, .now < deadline else {
                throw BenchError("the worker is not ready; see \(folder.path)/worker.log")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        let time = began.duration(to: .now) / .milliseconds(1)
        // Idle means joined and with nothing to read: the group's first join takes up to 3 s.
        try await Task.sleep(for: .seconds(5))
        let megabytes = try ProcessSample(of: worker.pid).residentMegabytes
        try await worker.end(within: .seconds(30))
        return (time, megabytes)
    }

    private func measureHelp(_ folder: URL) async throws -> Double {
        let began = ContinuousClock.now
        let process = try await ChildProcess.start(
            try executable,
            ["--help"],
            output: folder.appending(path: "help.log").path
        )
        try await process.exit()
        return began.duration(to: .now) / .milliseconds(1)
    }

    private var executable: String {
        get throws {
            let bench = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(filePath: bench).deletingLastPathComponent().appending(path: "busbar-worker").path
        }
    }
}
