internal import Dispatch

/// State that only its own thread touches, for files: their calls block, and must not block the cooperative pool.
///
/// `@unchecked Sendable`: `state` is read and written on `queue` only, and the queue is serial.
final class Confined<State>: @unchecked Sendable {
    private let queue: DispatchQueue
    private var state: State

    /// - Parameters:
    ///   - state: handed over; the caller keeps no reference to anything inside.
    ///   - label: shown by debuggers.
    init(_ state: sending State, label: String) {
        self.state = state
        queue = DispatchQueue(label: label)
    }

    /// Runs `body` after everything that was asked for before, and returns its result. Not cancellable: a started write is
    /// finished and reported.
    func run<R: Sendable>(_ body: @escaping @Sendable (inout State) -> R) async -> R {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body(&self.state)) }
        }
    }

    /// As above, for a `body` that can fail.
    func run<R: Sendable, E: Error>(
        _ body: @escaping @Sendable (inout State) throws(E) -> R
    ) async throws(E) -> R {
        let result: Result<R, E> = await run { state in
            do throws(E) {
                return .success(try body(&state))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
