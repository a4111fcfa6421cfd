internal import Dispatch
internal import Glibc
internal import Synchronization

/// A process that a test starts and ends by its id.
///
/// A thread waits for the exit. The id is reaped and the exit recorded under one lock, so that ``signal(_:)`` cannot
/// reach a stranger that was given the same id.
package final class ChildProcess: Sendable {
    private struct State {
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    package let pid: Int32
    private let state = Mutex(State())

    /// Starts `executable` with this process's environment; its output and errors go to the file `output`.
    /// - Throws: ``BrokerError`` when the program cannot be started.
    package init(_ executable: String, _ arguments: [String], output: String) throws(BrokerError) {
        pid = try Self.spawn(executable, arguments, output)
        DispatchQueue(label: "child-\(pid)").async { self.waitForExit() }
    }

    private static func spawn(_ executable: String, _ arguments: [String], _ output: String) throws(BrokerError)
        -> Int32
    {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        // Threads of the cooperative pool block signals, and a child inherits that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var pid: pid_t = 0
        let code = posix_spawn(&pid, executable, &actions, &attributes, &words, environ)
        guard code == 0 else {
            throw BrokerError("cannot start \(executable): \(String(cString: strerror(code)))")
        }
        return pid
    }

    /// Blocks its thread until the process ends.
    private func waitForExit() {
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        let (status, waiting) = state.withLock { state in
            var status: Int32 = 0
            waitpid(pid, &status, 0)
            state.status = status
            defer { state.waiting = [] }
            return (status, state.waiting)
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    /// Sends a signal, unless the process has ended.
    package func signal(_ number: Int32) {
        state.withLock { state in
            if state.status == nil { _ = kill(pid, number) }
        }
    }

    /// The status as `waitpid` gives it, when the process has ended.
    package func exited() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    package var isRunning: Bool { state.withLock { $0.status == nil } }

    /// Asks the process to end and kills it when it has not within `grace`; returns when it is gone.
    package func end(within grace: Duration = .seconds(5)) async {
        signal(SIGTERM)
        let killer = DispatchWorkItem { self.signal(SIGKILL) }
        DispatchQueue.global().asyncAfter(
            deadline: .now() + .milliseconds(Int(grace.components.seconds * 1000)),
            execute: killer
        )
        _ = await exited()
        killer.cancel()
    }
}
