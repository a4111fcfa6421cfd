package import Log
internal import Synchronization

/// Records in a compacted topic of one partition, in the form of Confluent's `_schemas`: an existing registry's topic can be
/// taken over as it is.
///
/// Any number of instances may share the topic, and each of them may write: a change is one transaction of the topic's
/// one transactional id (KIP-98). Whoever wants to write opens a producer of that id, which shuts out all others, and reads
/// to the end before it decides. So between what it read and what it writes nobody else's change can come:
///
/// | A                                  | B                                                          |
/// |------------------------------------|------------------------------------------------------------|
/// | reads to the end, decides          |                                                            |
/// |                                    | opens a producer: A is fenced; reads to the end, decides   |
/// | its transaction fails, nothing is stored |                                                      |
/// | opens a producer, reads B's change, decides anew |                                              |
///
/// A registry of another kind writes without such transactions and is not shut out: beside one, only read. An instance
/// that only reads opens no producer and makes no topic.
/// `@unchecked Sendable`: what is not a constant is used by one caller at a time, as ``RegistryStorage`` says.
package final class TopicStorage: RegistryStorage, @unchecked Sendable {
    /// Confluent's default name.
    package static let defaultTopic: TopicName = "_schemas"
    /// How long the brokers may take for any one step (Confluent's `kafkastore.timeout.ms` is 500 ms to 60 s).
    package static let patience = Duration.seconds(20)

    package let readOnly: ReadOnly?
    package let isShared = true
    private let log: any Log
    private let topic: TopicName
    private let partition: TopicPartition
    private let reader: any LogReader
    private let patience: Duration
    private var producer: (any LogProducer)?
    /// Everything before it has been returned.
    private var position: Offset = 0
    /// Where the topic ends if our last transaction is the last thing in it: its records, then its marker.
    private var ownEnd: Offset?

    private init(
        _ log: any Log,
        _ topic: TopicName,
        _ reader: any LogReader,
        _ patience: Duration,
        _ readOnly: ReadOnly?
    ) {
        self.log = log
        self.readOnly = readOnly
        self.topic = topic
        self.reader = reader
        self.patience = patience
        partition = TopicPartition(topic, 0)
    }

    /// Creates the topic where it does not exist, unless it is only to be read.
    /// - Throws: 50001 when the brokers do not answer, or the topic is not compacted or not of one partition.
    package static func open(
        _ log: any Log,
        topic: TopicName = defaultTopic,
        isReadOnly: Bool = false,
        patience: Duration = patience
    ) async throws(RegistryError) -> TopicStorage {
        do {
            let settings = ["cleanup.policy": "compact"]
            if !isReadOnly {
                try await log.createTopics([TopicSpecification(topic, partitions: 1, settings: settings)])
            }
            let partitions = try await log.partitions(of: topic)
            let policy = try await log.settings(of: [topic])[topic]?["cleanup.policy"]
            guard partitions == [0], policy?.contains("compact") == true else {
                throw RegistryError(
                    .store,
                    "The topic \(topic) has \(partitions.count) partitions and cleanup.policy \(policy ?? "delete"); schemas "
                        + "need one partition that is compacted, or retention deletes them."
                )
            }
            return TopicStorage(log, topic, try await log.reader(), patience, isReadOnly ? .instance : nil)
        } catch let error as LogError {
            throw failure("opened", topic, error)
        } catch let error as RegistryError {
            throw error
        } catch {
            throw RegistryError(.store, "The topic \(topic) cannot be opened: \(error)")
        }
    }

    /// Opens a producer, if there is none, and reads to the end.
    package func prepareForWriting() async throws(RegistryError) -> [RegistryRecord] {
        if producer == nil {
            let settings = ProducerConfiguration(
                transactionalID: "busbar-registry.\(topic)",
                linger: .zero,
                deliveryTimeout: patience,
                transactionTimeout: patience
            )
            do {
                producer = try await log.producer(settings)
            } catch {
                throw Self.failure("written to", topic, error)
            }
        }
        return try await news()
    }

    package func news() async throws(RegistryError) -> [RegistryRecord] {
        do {
            return try await readToEnd()
        } catch let error as RegistryError {
            throw error
        } catch let error as LogError {
            throw Self.failure("read", topic, error)
        } catch {
            throw RegistryError(.store, "The topic \(topic) cannot be read: \(error)")
        }
    }

    package func append(_ records: [RegistryRecord]) async throws(RegistryError) -> [RegistryRecord]? {
        guard let producer else { throw RegistryError(.store, "The topic \(topic) was not made ready for writing.") }
        var batch = ProduceBatch()
        for record in records { batch.append(topic: topic, partition: 0, key: record.key, value: record.value) }
        do {
            ownEnd = try await producer.transaction {
                var last: Offset?
                for result in try await producer.send(batch) {
                    switch result {
                    case .acknowledged(let place): last = place.offset
                    case .failed(let error): throw error
                    }
                }
                return last.map { $0.advanced(by: 2) }
            }
        } catch {
            return try await afterFailure(error, of: producer)
        }
        // Nobody else wrote since they were decided, so these are all the news there are. When they are read back later,
        // together with others', they come in their order once more, and the same catalogue comes out.
        return records
    }

    /// - Returns: nil when another instance took over, so that nothing was stored.
    /// - Throws: 50001 or 50002; whichever it is, the next producer settles what became of the transaction.
    private func afterFailure(
        _ error: any Error,
        of failed: any LogProducer
    ) async throws(RegistryError) -> [RegistryRecord]? {
        let cause = (error as? TransactionError)?.cause ?? error as? LogError
        var isOver = cause?.isFatal ?? true
        if case .fatal = error as? TransactionError { isOver = true }
        if isOver || cause?.code == .fenced {
            producer = nil
            await failed.close(within: .zero)
        }
        switch cause?.code {
        case .fenced: return nil
        case .timedOut:
            throw RegistryError(
                .storeTimeout,
                "The topic \(topic) did not take the change in time; ask what became of it."
            )
        case .tooLarge:
            throw RegistryError(
                .schemaTooLarge,
                "The schema is larger than the topic \(topic) takes: move parts of it to schemas of their own, or raise "
                    + "max.message.bytes of the topic and message.max.bytes in the properties of --kafka."
            )
        default:
            throw RegistryError(.store, "The topic \(topic) cannot be written to: \(error)")
        }
    }

    package func close() async {
        await producer?.close(within: .zero)
        await reader.close()
    }

    /// Everything from the position to the end as it is now.
    private func readToEnd() async throws -> [RegistryRecord] {
        let end = try await reader.bounds(of: partition).upperBound
        // An end on a marker is only seen by waiting for nothing to come; after our own changes that can be known.
        if end == ownEnd { position = end }
        guard position < end else { return [] }
        let deadline = ContinuousClock.now + patience
        var records: [RegistryRecord] = []
        try await reader.assign([partition: position])
        while position < end {
            switch try await reader.next(wait: .milliseconds(500)) {
            case .batch(let batch):
                for index in 0..<batch.count {
                    let message = batch[index].copy()
                    position = message.offset.next
                    // Without a key it is nobody's record, and a compacted topic would not have taken it.
                    if let key = message.key { records.append(RegistryRecord(key: key, value: message.value)) }
                }
            // The end may lie on offsets that hold no record: markers of transactions, what compaction removed.
            case .end(_, let reached): position = max(position, reached)
            case .idle: break
            }
            guard position >= end || ContinuousClock.now < deadline else {
                throw RegistryError(.store, "The topic \(topic) could not be read to its end in \(patience).")
            }
        }
        return records
    }

    private static func failure(_ what: String, _ topic: TopicName, _ error: LogError) -> RegistryError {
        RegistryError(.store, "The topic \(topic) cannot be \(what): \(error)")
    }
}
