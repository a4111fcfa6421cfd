internal import Log
internal import Synchronization

/// A login or a certificate that was refused: by a broker, by this client, or by whoever gives out tokens.
struct RefusedLogin: Sendable {
    /// For how long librdkafka keeps to itself that the same refusal has come again (`rd_kafka_broker_set_error`, from its
    /// first repetition on).
    static let silence = Duration.seconds(30)

    let error: LogError
    let time: ContinuousClock.Instant
    /// What a ``DeliveryReport`` carries of it.
    let number: UInt32

    init(_ error: LogError, at time: ContinuousClock.Instant) {
        self.error = error
        self.time = time
        number = RefusalNumbers.shared.add(error)
    }

    /// Whether it came after `start`, or so shortly before that librdkafka has not told of the next one yet.
    func explains(since start: ContinuousClock.Instant) -> Bool {
        time.advanced(by: Self.silence) >= start
    }
}

/// Refusals by number, so that a ``DeliveryReport`` names one in four bytes and without a reference.
///
/// One for the process, because reports outlive their producer. Of refusals that are older than the last ``capacity``
/// it is known only that they were refusals.
final class RefusalNumbers: Sendable {
    static let shared = RefusalNumbers()
    static let capacity = 64

    private struct State {
        var count: UInt32 = 0
        var last: [LogError] = []
    }

    private let state = Mutex(State())

    /// - Returns: 1, 2, 3, …; never 0.
    func add(_ error: LogError) -> UInt32 {
        state.withLock { state in
            // After 2^32 refusals the numbers begin anew.
            state.count = max(1, state.count &+ 1)
            let place = Int(state.count) % Self.capacity
            while state.last.count <= place { state.last.append(error) }
            state.last[place] = error
            return state.count
        }
    }

    /// The refusal with this number.
    subscript(number: UInt32) -> LogError {
        state.withLock { state in
            let age = state.count &- number
            guard age < Self.capacity, Int(number) % Self.capacity < state.last.count else { return .forgottenRefusal }
            return state.last[Int(number) % Self.capacity]
        }
    }
}

extension LogError {
    /// Whether it says that no answer came: what a broker that does not let the client in looks like.
    var isUnanswered: Bool { code == .timedOut || code == .unreachable }

    /// The same, with the refused login that kept the answer away as its cause.
    func explained(by refusal: LogError) -> LogError {
        var explained = self
        explained.code = .authentication
        explained.message += "; \(refusal.message)"
        return explained
    }

    fileprivate static let forgottenRefusal = LogError(
        .authentication,
        name: "_AUTHENTICATION",
        message: "a broker did not let the client in"
    )
}
