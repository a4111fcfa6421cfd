import Foundation
import LocalStack
import Testing

/// `busbar-registry`, the program beside the tests.
struct RegistryProcess: Sendable {
    let child: ChildProcess
    let client: RunningRegistry

    /// Starts it over a storage and returns when it answers.
    static func start(_ storage: ProcessStorage) async throws -> RegistryProcess {
        let port = try LoopbackPort.free()
        let child = try await launch(storage, port: port)
        while try !LoopbackPort.answers(port) {
            try #require(child.isRunning, "busbar-registry ended: see \(storage.output)")
            await Task.yield()
        }
        return RegistryProcess(
            child: child,
            client: RunningRegistry(url: "http://127.0.0.1:\(port)", port: port, registry: nil)
        )
    }

    static func launch(_ storage: ProcessStorage, port: Int) async throws -> ChildProcess {
        let running = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(filePath: running).deletingLastPathComponent().appending(path: "busbar-registry")
        return try await ChildProcess.start(
            program.path,
            storage.arguments + ["--listen", "127.0.0.1:\(port)"],
            output: storage.output
        )
    }
}

/// Where a program keeps its contracts.
struct ProcessStorage: Sendable {
    let arguments: [String]
    /// The file of its output.
    let output: String

    static func file(_ file: StoreFile) -> ProcessStorage {
        ProcessStorage(arguments: ["--file", file.path], output: file.path + ".log")
    }

    static func topic(_ broker: LocalBroker) -> ProcessStorage {
        ProcessStorage(
            arguments: ["--brokers", broker.address],
            output: broker.dataFolder.appending(path: "registry.log").path
        )
    }
}

extension StoreKind {
    /// Runs `body` with an empty storage of this kind for programs: a file, or the topic of a broker of its own.
    func withProcesses(_ body: (ProcessStorage) async throws -> Void) async throws {
        switch self {
        case .sqlite:
            let file = StoreFile()
            try await body(.file(file))
        case .topic: try await LocalBroker.with { try await body(.topic($0)) }
        }
    }
}
