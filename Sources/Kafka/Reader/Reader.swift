internal import CLibrdkafka
public import Log
public import Logging

/// Reads explicit partitions outside any group; see ``Log/LogReader``.
///
/// It never commits and joins no group; the group id that librdkafka insists on is a name only.
public final class Reader: LogReader {
    private let loop: PollLoop

    private init(_ loop: PollLoop) {
        self.loop = loop
    }

    deinit {
        loop.abandon()
    }

    /// Opens a reader that reads nothing yet; `maxBatch` bounds the messages of one batch, at least 1; `onDeleted` says
    /// what happens at an offset that is not in the log.
    /// - Throws: ``Log/LogError/Code/configuration`` where librdkafka refuses a property.
    public static func open(
        client: ClientConfiguration,
        maxBatch: Int = 1000,
        onDeleted: DeletedRecords = .skip,
        logger: Logger
    ) async throws(LogError) -> Reader {
        let settings = try ClientSettings(
            .consumer,
            client,
            defaults: ["check.crcs": "true", "fetch.wait.max.ms": "100", "queued.max.messages.kbytes": "32768"],
            fixed: [
                "group.id": "busbar.reader",
                "enable.auto.commit": "false",
                "enable.auto.offset.store": "false",
                "enable.partition.eof": "true",
                "auto.offset.reset": onDeleted == .skip ? "earliest" : "error",
                "isolation.level": "read_committed",
            ]
        )
        return Reader(try await PollLoop.open(settings, batchLimit: max(1, maxBatch), logger: logger) { _ in })
    }

    /// Replaces what is read; see ``Log/LogReader/assign(_:)``. Batches that were handed out stay valid.
    public func assign(_ positions: [TopicPartition: Offset]) async throws(LogError) {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.read(positions) }
    }

    /// See ``Log/LogReader/next(wait:)``.
    public func next(wait: Duration) async throws(LogError) -> ReaderEvent {
        switch try await loop.next(wait: wait) {
        case .batch(let batch): .batch(batch)
        case .end(let partition, let offset): .end(partition, offset)
        case .idle, .rebalance: .idle
        case .closed: throw .closedClient
        }
    }

    /// The offsets that a broker has, asked for anew (`ListOffsets`).
    public func bounds(of partition: TopicPartition) async throws(LogError) -> Range<Offset> {
        try await loop.bounds(of: partition)
    }

    /// See ``Log/LogReader/offset(in:at:)`` (`rd_kafka_offsets_for_times`).
    public func offset(in partition: TopicPartition, at time: Timestamp) async throws(LogError) -> Offset? {
        try await loop.offsets(at: [partition: time])[partition]
    }

    /// For each partition the first offset whose record is not older than its time, in one request per broker
    /// (`rd_kafka_offsets_for_times`); partitions without such a record are absent.
    /// - Throws: the first partition's error, or ``Log/LogError/Code/timedOut`` after 15 s.
    public func offsets(at times: [TopicPartition: Timestamp]) async throws(LogError) -> [TopicPartition: Offset] {
        try await loop.offsets(at: times)
    }

    /// Ends the reader, in at most 10 s. Requests under way end by themselves within 15 s.
    public func close() async {
        await loop.close()
    }
}
