/// A group member of an ``InMemoryLog``. All state is the log's; this is its handle.
final class InMemoryConsumer: LogConsumer {
    /// How long the committed offsets may be unstable before the caller hears of it.
    private static let stabilityLimit = Duration.seconds(30)

    let id: Int64
    private let log: InMemoryLog

    init(_ id: Int64, of log: InMemoryLog) {
        self.id = id
        self.log = log
    }

    deinit {
        // A consumer that is dropped without `close()` leaves, as its process would.
        log.change { $0.closeConsumer(id) }
    }

    func next(wait: Duration) async throws(LogError) -> ConsumerEvent {
        try await log.wait(atMost: wait) { (state) throws(LogError) in
            try state.nextEvent(ofConsumer: id)
        } ?? .idle
    }

    func complete(
        _ rebalance: Rebalance,
        from positions: [TopicPartition: Offset]
    ) async throws(LogError) -> Bool {
        let answer = try await log.wait(atMost: Self.stabilityLimit) { (state) throws(LogError) in
            try state.complete(rebalance, from: positions, by: id)
        }
        guard let answer else { throw .unstableOffsets }
        return answer
    }

    func committed(_ partitions: [TopicPartition]) async throws(LogError) -> [TopicPartition: CommittedOffset] {
        let offsets = try await log.wait(atMost: Self.stabilityLimit) { (state) throws(LogError) in
            try state.committed(partitions, for: id)
        }
        guard let offsets else { throw .unstableOffsets }
        return offsets
    }

    func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(LogError) {
        try log.attempt { (state) throws(LogError) in try state.commit(offsets, by: id) }
    }

    func pause(_ partitions: [TopicPartition]) async throws(LogError) {
        try log.attempt { (state) throws(LogError) in try state.setPaused(true, partitions, of: id) }
    }

    func resume(_ partitions: [TopicPartition]) async throws(LogError) {
        try log.attempt { (state) throws(LogError) in try state.setPaused(false, partitions, of: id) }
    }

    func seek(_ partition: TopicPartition, to offset: Offset) async throws(LogError) {
        try log.attempt { (state) throws(LogError) in try state.seek(partition, to: offset, of: id) }
    }

    func groupMetadata() async throws(LogError) -> any ConsumerGroupMetadata {
        try log.attempt { (state) throws(LogError) in try state.snapshot(of: id) }
    }

    func knownEnd(of partition: TopicPartition) -> Offset? {
        log.change { $0.knownEnd(of: partition, for: id) }
    }

    func close() async {
        log.change { $0.closeConsumer(id) }
    }
}
