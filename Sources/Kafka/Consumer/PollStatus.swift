public import Log
internal import Synchronization

/// How a consumer stands towards `max.poll.interval.ms`, at one moment.
///
/// The group throws a member out that does not poll for that long. The consumer's own thread polls, whether or not anybody
/// asks for messages: ``sinceLastPoll`` stays below a third of ``limit`` as long as the thread runs. Watch the ratio of
/// the two; above 0.5 something blocks the thread or the machine.
public struct PollStatus: Sendable, Hashable {
    /// Since the thread last asked librdkafka for messages.
    public let sinceLastPoll: Duration
    /// `max.poll.interval.ms`.
    public let limit: Duration
    /// Nobody asks for messages and a batch is ready: fetching is paused, polling goes on.
    public let isResting: Bool
    /// Partitions that the caller paused.
    public let paused: Set<TopicPartition>
    /// Partitions that the group gave to this consumer and that the caller has answered for.
    public let assigned: Set<TopicPartition>
    /// Commits that wait for the broker's answer.
    public let commitsUnderWay: Int
}

/// What the owner thread writes down for ``PollStatus``, to be read from any thread.
///
/// The time is an atomic, so that noting it costs the polling thread one store.
final class PollRecord: Sendable {
    struct Sets {
        var isResting = false
        var paused: Set<TopicPartition> = []
        var assigned: Set<TopicPartition> = []
        var commitsUnderWay = 0
    }

    private let origin = ContinuousClock.now
    /// Nanoseconds after `origin`.
    private let lastPoll = Atomic<Int64>(0)
    private let sets = Mutex(Sets())
    private let limit: Duration

    /// - Parameter limit: `max.poll.interval.ms`.
    init(limit: Duration) {
        self.limit = limit
    }

    func polled() {
        lastPoll.store(nanoseconds(ContinuousClock.now), ordering: .relaxed)
    }

    func change(_ body: (inout Sets) -> Void) {
        sets.withLock { body(&$0) }
    }

    var status: PollStatus {
        let sets = sets.withLock { $0 }
        let silence = nanoseconds(ContinuousClock.now) - lastPoll.load(ordering: .relaxed)
        return PollStatus(
            sinceLastPoll: .nanoseconds(max(0, silence)),
            limit: limit,
            isResting: sets.isResting,
            paused: sets.paused,
            assigned: sets.assigned,
            commitsUnderWay: sets.commitsUnderWay
        )
    }

    private func nanoseconds(_ instant: ContinuousClock.Instant) -> Int64 {
        let (seconds, attoseconds) = origin.duration(to: instant).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
