import Synchronization

/// Lets tests wait for a condition by being told whenever it may have changed.
final class TestSignal: Sendable {
    private let waiting = Mutex<[UInt64: CheckedContinuation<Bool, Never>]>([:])
    private let numbers = Atomic<UInt64>(0)

    func notify() {
        let woken = waiting.withLock { waiting in
            defer { waiting = [:] }
            return Array(waiting.values)
        }
        for continuation in woken { continuation.resume(returning: true) }
    }

    /// Returns when `condition` holds, which whoever changes it has to follow by ``notify()``.
    func wait(
        _ what: @autoclosure @Sendable () -> String,
        within limit: Duration = .seconds(60),
        until condition: @escaping @Sendable () -> Bool
    ) async throws {
        let deadline = Task {
            do {
                try await ContinuousClock().sleep(for: limit)
            } catch {
                return  // the wait is over
            }
            self.notify()
        }
        defer { deadline.cancel() }
        let end = ContinuousClock.now.advanced(by: limit)
        while !condition() {
            try Task.checkCancellation()
            guard ContinuousClock.now < end else { throw TimeoutFailure(what()) }
            await next(unless: condition)
        }
    }

    private func next(unless condition: @escaping @Sendable () -> Bool) async {
        let number = numbers.wrappingAdd(1, ordering: .relaxed).newValue
        await withTaskCancellationHandler {
            _ = await withCheckedContinuation { continuation in
                waiting.withLock { $0[number] = continuation }
                // What changed before this wait was registered is seen here, what changes after it notifies.
                if condition() || Task.isCancelled { dismiss(number) }
            }
        } onCancel: {
            dismiss(number)
        }
    }

    private func dismiss(_ number: UInt64) {
        waiting.withLock { $0.removeValue(forKey: number) }?.resume(returning: false)
    }
}

/// What a test waited for did not happen.
struct TimeoutFailure: Error, CustomStringConvertible {
    let what: String

    init(_ what: String) {
        self.what = what
    }

    var description: String { "not in time: \(what)" }
}

/// Returns when `condition` holds. For conditions that nothing signals: the task lets others run between two looks.
func eventually(
    _ what: @autoclosure @Sendable () -> String,
    within limit: Duration = .seconds(60),
    _ condition: () throws -> Bool
) async throws {
    let end = ContinuousClock.now.advanced(by: limit)
    while try !condition() {
        try Task.checkCancellation()
        guard ContinuousClock.now < end else { throw TimeoutFailure(what()) }
        await Task.yield()
    }
}
