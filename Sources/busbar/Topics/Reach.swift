internal import ArgumentParser
internal import Log
internal import Synchronization

/// Finds out whether brokers answer, in bounded time.
struct Reach: Sendable {
    /// How long a command waits for the first answer of a broker.
    static let patience = Duration.seconds(10)

    let log: any Log
    /// Of the brokers, for messages.
    let address: String

    /// The partitions of a topic.
    /// - Throws: ``CommandFailure`` when no broker answers within ``patience``, or there is no such topic.
    func partitions(of topic: TopicName) async throws -> [PartitionID] {
        let partitions = try await withPatience { [log] in try await log.partitions(of: topic) }
        guard !partitions.isEmpty else {
            throw CommandFailure(.failure, "there is no topic \(topic) at \(address)")
        }
        return partitions
    }

    /// Returns when a broker has answered.
    /// - Throws: ``CommandFailure`` when none does within ``patience``.
    func check() async throws {
        _ = try await withPatience { [log] in try await log.topics() }
    }

    /// The first of an answer and the deadline. The client's own timeout is longer, so a late answer is left behind.
    private func withPatience<R: Sendable>(_ ask: @escaping @Sendable () async throws -> R) async throws -> R {
        let first = FirstAnswer<R>()
        let asking = Task {
            do {
                first.give(.success(try await ask()))
            } catch {
                first.give(.failure(failure(error)))
            }
        }
        let waiting = Task {
            do {
                try await Task.sleep(for: Self.patience)
                first.give(.failure(CommandFailure(.failure, silence)))
            } catch {
                return  // cancelled: there was an answer
            }
        }
        defer {
            asking.cancel()
            waiting.cancel()
        }
        return try await first.wait().get()
    }

    private var silence: String {
        "no broker answers at \(address) within \(Self.patience.components.seconds) s; is it running, and is the address "
            + "right (--brokers, BUSBAR_BROKERS, brokers: in busbar.yaml)?"
    }

    private func failure(_ error: any Error) -> any Error {
        guard let error = error as? LogError else { return error }
        switch error.code {
        case .unreachable, .timedOut: return CommandFailure(.failure, silence)
        case .configuration: return CommandFailure(.configuration, "\(error)")
        default: return CommandFailure(.failure, "\(address): \(error)")
        }
    }
}

/// Takes the first of several answers.
private final class FirstAnswer<R: Sendable>: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Result<R, any Error>, Never>)
        case answered(Result<R, any Error>)
    }

    private let state = Mutex(State.open)

    func give(_ answer: Result<R, any Error>) {
        let waiter = state.withLock { state -> CheckedContinuation<Result<R, any Error>, Never>? in
            switch state {
            case .answered: return nil
            case .open:
                state = .answered(answer)
                return nil
            case .waiting(let continuation):
                state = .answered(answer)
                return continuation
            }
        }
        waiter?.resume(returning: answer)
    }

    /// - Precondition: called once.
    func wait() async -> Result<R, any Error> {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Result<R, any Error>? in
                if case .answered(let answer) = state { return answer }
                state = .waiting(continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }
}
