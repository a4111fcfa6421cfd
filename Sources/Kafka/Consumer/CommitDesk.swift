internal import CLibrdkafka
internal import Log

/// Commits that wait for the broker's answer, in the order in which they were made. Confined to the owner thread.
///
/// librdkafka sends them to the coordinator in order and puts the answers on a queue of ours; a new answer there makes the
/// owner thread look, whatever it waits in. So a slow commit never stops polling. The number under way is bounded by the
/// callers, each of which waits for its own.
@safe struct CommitDesk {
    typealias Outcome = [TopicPartition: Result<CommittedOffset, LogError>]

    private struct Waiting {
        /// What librdkafka hands back with the answer.
        let ticket: UInt
        let offsets: [TopicPartition: CommittedOffset]
        let deadline: ContinuousClock.Instant
        let answer: CheckedContinuation<Result<Outcome, LogError>, Never>
    }

    private let handle: ClientHandle
    private let commands: CommandQueue
    private let record: PollRecord
    /// Made for the first commit.
    private var queue: OpaquePointer?
    private var waiting: [Waiting] = [] {
        didSet { record.change { $0.commitsUnderWay = waiting.count } }
    }
    private var lastTicket: UInt = 0

    init(_ handle: ClientHandle, _ commands: CommandQueue, _ record: PollRecord) {
        self.handle = handle
        self.commands = commands
        self.record = record
    }

    var isEmpty: Bool { waiting.isEmpty }

    /// Sends a commit; its outcome goes to `answer`, at the latest ``PollLoop/requestTimeout`` from now.
    mutating func send(
        _ offsets: [TopicPartition: CommittedOffset],
        answer: CheckedContinuation<Result<Outcome, LogError>, Never>
    ) {
        guard !offsets.isEmpty else { return answer.resume(returning: .success([:])) }
        guard let queue = unsafe answers() else { return answer.resume(returning: .failure(.closedClient)) }
        lastTicket += 1
        let list = PartitionList(committing: offsets)
        let opaque = unsafe UnsafeMutableRawPointer(bitPattern: lastTicket)
        let code = unsafe rd_kafka_commit_queue(handle.pointer, list.pointer, queue, nil, opaque)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            return answer.resume(returning: .failure(LogError(code, cannot: "commit offsets")))
        }
        let deadline = ContinuousClock.now.advanced(by: PollLoop.requestTimeout)
        waiting.append(Waiting(ticket: lastTicket, offsets: offsets, deadline: deadline, answer: answer))
    }

    /// Hands out the answers that have come, and gives up on commits whose time is over.
    mutating func serve() {
        guard !waiting.isEmpty else { return }
        take(within: .zero)
        let now = ContinuousClock.now
        while let first = waiting.first, first.deadline <= now {
            waiting.removeFirst()
            first.answer.resume(returning: .failure(.timedOut("commit offsets", after: PollLoop.requestTimeout)))
        }
    }

    /// Waits for the answers that are outstanding.
    mutating func finish(until deadline: ContinuousClock.Instant) {
        while !waiting.isEmpty, .now < deadline { take(within: .milliseconds(100)) }
    }

    /// Answers whoever still waits, and gives the queue back. No commit can be sent afterwards.
    mutating func close() {
        for one in waiting {
            one.answer.resume(returning: .failure(.timedOut("commit offsets", after: PollLoop.closeTimeout)))
        }
        waiting = []
        if let queue = unsafe queue {
            unsafe rd_kafka_queue_cb_event_enable(queue, nil, nil)
            unsafe rd_kafka_queue_destroy(queue)
        }
        unsafe queue = nil
    }

    private mutating func answers() -> OpaquePointer? {
        if let queue = unsafe queue { return unsafe queue }
        unsafe queue = unsafe rd_kafka_queue_new(handle.pointer)
        if let queue = unsafe queue { unsafe commands.watch(queue) }
        return unsafe queue
    }

    private mutating func take(within wait: Duration) {
        guard let queue = unsafe queue else { return }
        var wait = wait
        while let event = unsafe rd_kafka_queue_poll(queue, wait.milliseconds) {
            wait = .zero
            defer { unsafe rd_kafka_event_destroy(event) }
            let ticket = unsafe UInt(bitPattern: rd_kafka_event_opaque(event))
            guard unsafe rd_kafka_event_type(event) == RD_KAFKA_EVENT_OFFSET_COMMIT,
                let index = waiting.firstIndex(where: { $0.ticket == ticket })
            else { continue }
            let answered = waiting.remove(at: index)
            unsafe answered.answer.resume(returning: Self.outcome(event, of: answered.offsets))
        }
    }

    /// The outcome of each partition; a failure where the request as a whole has failed.
    private static func outcome(
        _ event: OpaquePointer,
        of offsets: [TopicPartition: CommittedOffset]
    ) -> Result<Outcome, LogError> {
        var outcome: Outcome = offsets.mapValues { .success($0) }
        var hasFailures = false
        if let answered = unsafe rd_kafka_event_topic_partition_list(event) {
            for element in unsafe PartitionList.elements(of: answered)
            where element.error != RD_KAFKA_RESP_ERR_NO_ERROR {
                hasFailures = true
                let action = "commit the offset of \(element.partition)"
                outcome[element.partition] = .failure(LogError(element.error, cannot: action))
            }
        }
        let code = unsafe rd_kafka_event_error(event)
        // Partition errors say more than the summary.
        guard hasFailures || code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            return .failure(LogError(code, cannot: "commit offsets"))
        }
        return .success(outcome)
    }
}

extension CommandQueue {
    /// Makes the owner thread look around whenever something comes into `queue` while it is empty.
    ///
    /// The callback runs on librdkafka's threads, inside the queue's lock; it must be taken off, by
    /// `rd_kafka_queue_cb_event_enable(queue, NULL, NULL)`, while this object lives.
    func watch(_ queue: OpaquePointer) {
        unsafe rd_kafka_queue_cb_event_enable(
            queue,
            { _, opaque in
                guard let opaque = unsafe opaque else { return }
                unsafe Unmanaged<CommandQueue>.fromOpaque(opaque).takeUnretainedValue().nudge()
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }
}
