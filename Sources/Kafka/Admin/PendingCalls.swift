internal import Log

/// The calls of an ``Admin`` that wait for an answer, each under a number that librdkafka carries as its request's
/// opaque. A value without a lock: ``AdminLoop`` guards it.
///
///     add ──▶ waiting ──take──▶ answered, once: by the answer, the deadline, a cancellation, or the close
///
/// A number is never used again, so an answer that comes after its call was taken finds nothing.
struct PendingCalls {
    typealias ID = UInt

    typealias Work = @Sendable () -> Void

    /// One call, and how it ends.
    struct Call: Sendable {
        /// What is being done, to follow "cannot".
        let action: String
        let deadline: Deadline
        /// What is to be done on the thread that the call is queued for.
        let work: Work
        /// Resumes the caller with a result from librdkafka. For calls of the owner's queue, after they were taken.
        let receive: @Sendable (AdminEvent) -> Void
        /// Resumes the caller with an error. After the call was taken.
        let fail: @Sendable (LogError) -> Void
    }

    private var calls: [ID: Call] = [:]
    private var lastID: ID = 0
    /// Numbers of calls in the order in which they came; those that are gone are skipped when taken.
    private var queues: [Queue: [ID]] = [:]
    private var turn: ID?

    /// Who does a call's work.
    enum Queue: Sendable {
        /// The owner thread, which sends it to librdkafka.
        case owner
        /// One of the threads for requests that block.
        case blocking
        /// Whoever releases the turn: one at a time, from then on until ``endTurn(of:)``.
        case turn
    }

    /// 1, 2, 3, …; never 0, which librdkafka gives for a result without an opaque.
    mutating func nextID() -> ID {
        lastID += 1
        return lastID
    }

    mutating func add(_ call: Call, _ id: ID, for queue: Queue) {
        calls[id] = call
        queues[queue, default: []].append(id)
    }

    /// Removes and returns the call; `nil` when it has been answered.
    mutating func take(_ id: ID) -> Call? {
        calls.removeValue(forKey: id)
    }

    /// The work of the calls in `queue` that still wait; the calls stay until they are taken.
    mutating func takeWork(of queue: Queue) -> [Work] {
        defer { queues[queue] = nil }
        return queues[queue, default: []].compactMap { calls[$0]?.work }
    }

    /// The work of the first call in `queue` that still waits.
    mutating func takeNextWork(of queue: Queue) -> Work? {
        nextWaiting(in: queue).flatMap { calls[$0]?.work }
    }

    /// Whose turn begins now, if nobody has it.
    mutating func beginTurn() -> Work? {
        guard turn == nil, let next = nextWaiting(in: .turn) else { return nil }
        turn = next
        return calls[next]?.work
    }

    mutating func endTurn(of id: ID) {
        if turn == id { turn = nil }
    }

    private mutating func nextWaiting(in queue: Queue) -> ID? {
        while let first = queues[queue]?.first {
            queues[queue]?.removeFirst()
            if calls[first] != nil { return first }
        }
        return nil
    }

    var nextDeadline: ContinuousClock.Instant? {
        calls.values.lazy.map(\.deadline.instant).min()
    }

    mutating func takeExpired() -> [Call] {
        let expired = calls.filter { $0.value.deadline.hasPassed }
        for id in expired.keys { calls[id] = nil }
        return Array(expired.values)
    }

    mutating func takeAll(of queue: Queue) -> [Call] {
        defer { queues[queue] = nil }
        return queues[queue, default: []].compactMap { calls.removeValue(forKey: $0) }
    }

    mutating func takeAll() -> [Call] {
        defer { (calls, queues, turn) = ([:], [:], nil) }
        return Array(calls.values)
    }
}
