import Log
import Synchronization

/// An ``InMemoryLog`` whose calls are counted, over all clients, and of which the chosen ones fail.
final class FaultyLog: Log {
    /// What call number `number` shall fail with; `nil` lets it pass.
    typealias Script = @Sendable (_ number: Int, _ operation: LogOperation) -> LogError?

    private let log: InMemoryLog
    private let script: Script
    private let count = Mutex(0)

    init(_ log: InMemoryLog, _ script: @escaping Script) {
        self.log = log
        self.script = script
    }

    /// Calls so far.
    var calls: Int { count.withLock { $0 } }

    fileprivate func step(_ operation: LogOperation) {
        let number = count.withLock { count in
            count += 1
            return count
        }
        // The fault happens in the call that follows, with all that it does to the client's state.
        if let error = script(number, operation) { log.failNext(operation, with: error) }
    }

    func consumer(_ configuration: ConsumerConfiguration) async throws(LogError) -> any LogConsumer {
        step(.openConsumer)
        return FaultyConsumer(try await log.consumer(configuration), self)
    }

    func producer(_ configuration: ProducerConfiguration) async throws(LogError) -> any LogProducer {
        step(.openProducer)
        return FaultyProducer(try await log.producer(configuration), self)
    }

    func reader(onDeleted: DeletedRecords) async throws(LogError) -> any LogReader {
        step(.openReader)
        return FaultyReader(try await log.reader(onDeleted: onDeleted), self)
    }

    func createTopics(_ topics: [TopicSpecification]) async throws(LogError) {
        step(.createTopics)
        try await log.createTopics(topics)
    }

    func partitions(of topic: TopicName) async throws(LogError) -> [PartitionID] {
        try await log.partitions(of: topic)
    }

    func topics() async throws(LogError) -> [TopicName: Int] { try await log.topics() }

    func settings(of topics: [TopicName]) async throws(LogError) -> [TopicName: [String: String]] {
        try await log.settings(of: topics)
    }

    func clusterID() async throws(LogError) -> String? { try await log.clusterID() }
}

private final class FaultyConsumer: LogConsumer {
    let inner: any LogConsumer
    let log: FaultyLog

    init(_ inner: any LogConsumer, _ log: FaultyLog) {
        self.inner = inner
        self.log = log
    }

    func next(wait: Duration) async throws(LogError) -> ConsumerEvent { try await inner.next(wait: wait) }

    func complete(_ rebalance: Rebalance, from positions: [TopicPartition: Offset]) async throws(LogError) -> Bool {
        try await inner.complete(rebalance, from: positions)
    }

    func committed(_ partitions: [TopicPartition]) async throws(LogError) -> [TopicPartition: CommittedOffset] {
        log.step(.committed)
        return try await inner.committed(partitions)
    }

    func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(LogError) {
        log.step(.commit)
        try await inner.commit(offsets)
    }

    func pause(_ partitions: [TopicPartition]) async throws(LogError) { try await inner.pause(partitions) }
    func resume(_ partitions: [TopicPartition]) async throws(LogError) { try await inner.resume(partitions) }

    func seek(_ partition: TopicPartition, to offset: Offset) async throws(LogError) {
        try await inner.seek(partition, to: offset)
    }

    func groupMetadata() async throws(LogError) -> any ConsumerGroupMetadata { try await inner.groupMetadata() }
    func knownEnd(of partition: TopicPartition) -> Offset? { inner.knownEnd(of: partition) }
    func close() async { await inner.close() }
}

private final class FaultyProducer: LogProducer {
    let inner: any LogProducer
    let log: FaultyLog

    init(_ inner: any LogProducer, _ log: FaultyLog) {
        self.inner = inner
        self.log = log
    }

    var queueIsFull: Bool { inner.queueIsFull }

    func send(_ batch: ProduceBatch) async throws(LogError) -> [ProduceResult] {
        log.step(.send)
        return try await inner.send(batch)
    }

    func beginTransaction() async throws(TransactionError) {
        log.step(.beginTransaction)
        try await inner.beginTransaction()
    }

    func sendOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: any ConsumerGroupMetadata
    ) async throws(TransactionError) {
        log.step(.sendOffsets)
        try await inner.sendOffsets(offsets, of: group)
    }

    func commitTransaction() async throws(TransactionError) {
        log.step(.commitTransaction)
        try await inner.commitTransaction()
    }

    func abortTransaction() async throws(TransactionError) {
        log.step(.abortTransaction)
        try await inner.abortTransaction()
    }

    func close(within deadline: Duration) async { await inner.close(within: deadline) }
}

private final class FaultyReader: LogReader {
    let inner: any LogReader
    let log: FaultyLog

    init(_ inner: any LogReader, _ log: FaultyLog) {
        self.inner = inner
        self.log = log
    }

    func assign(_ positions: [TopicPartition: Offset]) async throws(LogError) {
        try await inner.assign(positions)
    }
    func next(wait: Duration) async throws(LogError) -> ReaderEvent { try await inner.next(wait: wait) }

    func bounds(of partition: TopicPartition) async throws(LogError) -> Range<Offset> {
        log.step(.offsets)
        return try await inner.bounds(of: partition)
    }

    func offset(in partition: TopicPartition, at time: Timestamp) async throws(LogError) -> Offset? {
        try await inner.offset(in: partition, at: time)
    }

    func close() async { await inner.close() }
}
