internal import Dispatch
internal import Log
internal import Synchronization

/// Work that any task hands to a client's owner thread.
///
/// A command runs exactly once: on the owner thread while the client is open, or with `isOpen == false` where the
/// client is found closed, so that whoever waits for it always gets an answer. Its length is bounded by the number of
/// callers, each of which waits for its own command.
final class CommandQueue: Sendable {
    typealias Command = @Sendable (_ isOpen: Bool) -> Void

    private struct State {
        var commands: [Command] = []
        var isParked = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let gate = DispatchSemaphore(value: 0)
    private let handle: ClientHandle

    init(_ handle: ClientHandle) {
        self.handle = handle
    }

    func submit(_ command: @escaping Command) {
        let accepted = state.withLock { state in
            guard !state.isClosed else { return false }
            state.commands.append(command)
            if state.isParked {
                state.isParked = false
                gate.signal()
            } else {
                handle.wake()
            }
            return true
        }
        if !accepted { command(false) }
    }

    /// Runs `body` on the owner thread and returns what it returns.
    func run<R: Sendable>(_ body: @escaping @Sendable () throws(LogError) -> R) async throws(LogError) -> R {
        let result: Result<R, LogError> = await withCheckedContinuation { continuation in
            submit { isOpen in
                guard isOpen else { return continuation.resume(returning: .failure(.closedClient)) }
                do throws(LogError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Runs `body` here and now while the client is certain to live; `nil` when it is closed. For calls that do not
    /// block.
    func whileOpen<R: Sendable>(_ body: () -> R) -> R? {
        state.withLock { $0.isClosed ? nil : body() }
    }

    /// Takes what is waiting. Owner thread only.
    func drain() -> [Command] {
        state.withLock { state in
            guard !state.commands.isEmpty else { return [] }
            let commands = state.commands
            state.commands.removeAll()
            return commands
        }
    }

    /// Whether no command waits. Owner thread only.
    var isIdle: Bool { state.withLock { $0.commands.isEmpty } }

    /// Waits for a command without polling librdkafka. Owner thread only.
    func park(for wait: Duration) {
        let mustWait = state.withLock { state in
            guard state.commands.isEmpty else { return false }
            state.isParked = true
            return true
        }
        guard mustWait else { return }
        if gate.wait(timeout: .now() + .milliseconds(Int(wait.milliseconds))) == .timedOut {
            let wasSignalled = state.withLock { state in
                defer { state.isParked = false }
                return !state.isParked
            }
            // The signal came after the timeout: take it, or the next park returns at once.
            if wasSignalled { gate.wait() }
        }
    }

    /// Refuses commands from here on and fails those that wait. Owner thread only.
    func close() {
        let commands = state.withLock { state in
            state.isClosed = true
            defer { state.commands.removeAll() }
            return state.commands
        }
        for command in commands { command(false) }
    }
}
