internal import Glibc
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// A process of this machine that is started, watched and ended by its id.
package final class ChildProcess: Sendable {
    package let pid: Int32
    private let ended: Ended
    private let task: Task<Int32, any Error>

    /// Whether the process is gone. Set before its exit is reported, so that no signal follows it.
    private final class Ended: Sendable {
        private let flag = Mutex(false)
        var value: Bool { flag.withLock { $0 } }
        func set() { flag.withLock { $0 = true } }
    }

    private init(pid: Int32, ended: Ended, task: Task<Int32, any Error>) {
        self.pid = pid
        self.ended = ended
        self.task = task
    }

    /// Starts `executable`; its output and errors are appended to the file `output`.
    ///
    /// - Parameters:
    ///   - executable: absolute path.
    ///   - arguments: without the program's name.
    ///   - environment: on top of this process's own.
    ///   - output: path of the file.
    /// - Returns: the running process.
    /// - Throws: ``LocalStackError`` when the program cannot be started.
    package static func start(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        output: String
    ) async throws(LocalStackError) -> ChildProcess {
        let ended = Ended()
        let (pids, pid) = AsyncThrowingStream<Int32, any Error>.makeStream()
        let task = Task {
            defer { ended.set() }
            do {
                let status = try await run(executable, arguments, environment, output) { pid.yield($0) }
                pid.finish()
                return status
            } catch {
                pid.finish(throwing: error)
                throw error
            }
        }
        do {
            for try await pid in pids { return ChildProcess(pid: pid, ended: ended, task: task) }
        } catch {
            throw LocalStackError("cannot start \(executable): \(error)")
        }
        throw LocalStackError("cannot start \(executable): it has no process id")
    }

    package var isRunning: Bool { !ended.value }

    /// Sends a signal, unless the process has ended.
    package func signal(_ number: Int32) {
        if isRunning { kill(pid, number) }
    }

    /// Waits for the end of the process.
    /// - Returns: its exit code, or the number of the signal that ended it, negated.
    @discardableResult
    package func exit() async throws -> Int32 {
        try await task.value
    }

    /// Asks the process to end, kills it when it has not within `grace`, and returns when it is gone.
    package func end(within grace: Duration = .seconds(5)) async throws {
        signal(SIGTERM)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.exit() }
            group.addTask {
                try await Task.sleep(for: grace)
                self.signal(SIGKILL)
                try await self.exit()
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private static func run(
        _ executable: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ output: String,
        onStart: @escaping @Sendable (Int32) -> Void
    ) async throws -> Int32 {
        let file = try FileDescriptor.open(
            output,
            .writeOnly,
            options: [.create, .append, .closeOnExec],
            permissions: .ownerReadWrite
        )
        let variables = Dictionary(
            uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), String?.some($0.value)) }
        )
        let result = try await Subprocess.run(
            .path(FilePath(executable)),
            arguments: Arguments(arguments),
            environment: .inherit.updating(variables),
            input: .none,
            output: .fileDescriptor(file, closeAfterSpawningProcess: true),
            error: .combinedWithOutput
        ) { execution in
            onStart(execution.processIdentifier.value)
        }
        return switch result.terminationStatus {
        case .exited(let code): code
        case .signaled(let signal): -signal
        }
    }
}
