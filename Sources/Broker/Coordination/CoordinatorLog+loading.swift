internal import KafkaProtocol
internal import LogStorage
internal import NIOCore

extension CoordinatorLog {
    /// What stands in a coordinator's topic.
    enum Entry {
        /// A record, the base offset of its batch, and the producer of a transactional batch.
        case record(CoordinatorRecord, offset: Int64, producer: ProducerIdentity?)
        /// The end of a producer's transaction in this partition.
        case marker(producerID: Int64, partition: Int32, committed: Bool)
    }

    /// Bytes that are read at a time.
    private static let chunk = 1 << 20

    /// Gives every entry of the topic to `take`, partition by partition in the order of the log.
    /// - Throws: what reading throws; what `take` throws, with the place.
    func load(_ take: (Entry) throws -> Void) throws {
        for index in 0..<InternalTopic.partitions {
            guard let log = try partitions[topic.rawValue, index]?.existingLog() else { continue }
            try load(log, index, take)
        }
    }

    private func load(_ log: PartitionLog, _ index: Int32, _ take: (Entry) throws -> Void) throws {
        // What is in the file counts, synced or not: the sync is repeated by whoever opened the log after a crash.
        try log.sync()
        var offset = log.offsets.startOffset
        while offset < log.offsets.highWatermark {
            let slice = try log.read(from: offset, maxBytes: Self.chunk, minOneBatch: true, isolation: .uncommitted)
            guard slice.count > 0 else { break }
            for batch in try RecordBatch.all(in: ByteBuffer(bytes: try slice.bytes())) {
                try load(batch, index, take)
            }
            offset = slice.nextOffset
        }
    }

    private func load(_ batch: RecordBatch, _ index: Int32, _ take: (Entry) throws -> Void) throws {
        let header = batch.header
        do {
            if header.attributes.isControl {
                let marker = try ControlRecord(batch)
                return try take(
                    .marker(producerID: header.producerID, partition: index, committed: marker.isCommit)
                )
            }
            let producer =
                header.attributes.isTransactional
                ? ProducerIdentity(id: header.producerID, epoch: header.producerEpoch) : nil
            var records = try RecordReader(batch)
            while let record = try records.next() {
                let entry = CoordinatorRecord(
                    key: record.key.map { Array($0.readableBytesView) } ?? [],
                    value: record.value.map { Array($0.readableBytesView) }
                )
                try take(.record(entry, offset: header.baseOffset, producer: producer))
            }
        } catch {
            throw BrokerError(
                .incompatibleData,
                "\(topic.rawValue)-\(index) cannot be read at offset \(header.baseOffset); restore it from a backup, or "
                    + "remove its folder and lose the groups and transactions that are kept there",
                cause: "\(error)"
            )
        }
    }
}
