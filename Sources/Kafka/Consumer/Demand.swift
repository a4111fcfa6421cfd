internal import Log
internal import Synchronization

/// One caller that waits for the next of something until its deadline. Answered exactly once, by the owner thread.
struct Demand<Event: Sendable>: Sendable {
    let deadline: ContinuousClock.Instant
    let cancellation: Cancellation
    let answer: CheckedContinuation<Result<Event, LogError>, Never>

    /// Whether it is to be answered though there is nothing.
    func isOver(_ now: ContinuousClock.Instant) -> Bool { deadline <= now || cancellation.isCancelled }

    /// Says whether the waiting task was cancelled. The flag is set before the owner thread is told, so that a demand that
    /// arrives after its own cancellation finds it.
    final class Cancellation: Sendable {
        private let flag = Atomic(false)

        var isCancelled: Bool { flag.load(ordering: .acquiring) }

        func cancel() {
            flag.store(true, ordering: .releasing)
        }
    }
}

extension CommandQueue {
    /// Hands a demand to the owner thread by `register` and waits for its answer. A cancelled task is answered at once.
    ///
    /// - Parameters:
    ///   - wait: how long the demand may stay unanswered.
    ///   - closed: the answer of a closed client.
    ///   - register: runs on the owner thread.
    /// - Returns: what the owner thread answers.
    /// - Throws: likewise.
    func demand<Event: Sendable>(
        wait: Duration,
        whenClosed closed: Result<Event, LogError>,
        register: @escaping @Sendable (Demand<Event>) -> Void
    ) async throws(LogError) -> Event {
        let cancellation = Demand<Event>.Cancellation()
        let deadline = ContinuousClock.now.advanced(by: wait)
        let result: Result<Event, LogError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                submit { isOpen in
                    guard isOpen else { return continuation.resume(returning: closed) }
                    register(Demand(deadline: deadline, cancellation: cancellation, answer: continuation))
                }
            }
        } onCancel: {
            cancellation.cancel()
            // Any command makes the owner thread look at its demands again.
            nudge()
        }
        return try result.get()
    }

    /// Makes the owner thread look around, whatever it waits in. Any thread, also one of librdkafka's.
    func nudge() {
        submit { _ in }
    }
}
