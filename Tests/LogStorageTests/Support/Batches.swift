import KafkaProtocol
import LogStorage
import NIOCore

/// Record batches for tests.
enum Batches {
    /// A batch of records with these values; keys are optional and in step.
    static func batch(
        _ values: [String?],
        keys: [String?] = [],
        timestamps: [Int64] = [],
        producer: (id: Int64, epoch: Int16, sequence: Int32)? = nil,
        transactional: Bool = false
    ) -> ByteBuffer {
        var builder = RecordBatchBuilder(
            attributes: RecordBatchAttributes(isTransactional: transactional),
            producerID: producer?.id ?? -1,
            producerEpoch: producer?.epoch ?? -1,
            baseSequence: producer?.sequence ?? -1
        )
        for (index, value) in values.enumerated() {
            builder.append(
                key: index < keys.count ? keys[index].map { ByteBuffer(string: $0) } : nil,
                value: value.map { ByteBuffer(string: $0) },
                timestamp: index < timestamps.count ? timestamps[index] : 1000
            )
        }
        return builder.finish()
    }
}

/// A record as a reader sees it.
struct SeenRecord: Equatable {
    var offset: Int64
    var key: String?
    var value: String?
}

extension PartitionLog {
    /// Appends and syncs.
    @discardableResult
    func write(_ batch: ByteBuffer, now: Int64 = 1000, origin: AppendOrigin = .client) throws -> AppendResult {
        let result = try append(batch, origin: origin, leaderEpoch: 0, now: now)
        try sync()
        return result
    }

    /// Everything a reader gets from `start` on, fetch by fetch, control batches left out.
    func records(
        from start: Int64? = nil,
        isolation: Isolation = .uncommitted,
        maxBytes: Int = 1 << 20
    ) throws -> [SeenRecord] {
        var seen: [SeenRecord] = []
        var offset = start ?? offsets.startOffset
        while true {
            let slice = try read(from: offset, maxBytes: maxBytes, minOneBatch: true, isolation: isolation)
            guard slice.count > 0 else { return seen }
            for batch in try RecordBatch.all(in: ByteBuffer(bytes: slice.bytes())) {
                try batch.checkCRC()
                guard !batch.header.attributes.isControl else { continue }
                var reader = try RecordReader(batch)
                while let record = try reader.next() {
                    guard record.offset >= offset else { continue }
                    seen.append(
                        SeenRecord(
                            offset: record.offset,
                            key: record.key.map { String(buffer: $0) },
                            value: record.value.map { String(buffer: $0) }
                        )
                    )
                }
            }
            precondition(slice.nextOffset > offset, "a slice leads on")
            offset = slice.nextOffset
        }
    }

    /// The committed values, with the records of aborted transactions left out as a client would.
    func committedValues() throws -> [String?] {
        var values: [String?] = []
        var offset = offsets.startOffset
        while true {
            let slice = try read(from: offset, maxBytes: 1 << 20, minOneBatch: true, isolation: .committed)
            guard slice.count > 0 else { return values }
            var pending = slice.abortedTransactions
            var aborting: Set<Int64> = []
            for batch in try RecordBatch.all(in: ByteBuffer(bytes: slice.bytes())) {
                while let first = pending.first, first.firstOffset <= batch.header.lastOffset {
                    aborting.insert(first.producerID)
                    pending.removeFirst()
                }
                if batch.header.attributes.isControl {
                    aborting.remove(batch.header.producerID)
                    continue
                }
                if batch.header.attributes.isTransactional, aborting.contains(batch.header.producerID) { continue }
                var reader = try RecordReader(batch)
                while let record = try reader.next() {
                    guard record.offset >= offset else { continue }
                    values.append(record.value.map { String(buffer: $0) })
                }
            }
            offset = slice.nextOffset
        }
    }
}

/// A log on a disk that can be restarted.
func openLog(
    _ disk: any Disk,
    _ configuration: LogConfiguration = .small,
    directory: String = "/data/t-0",
    now: Int64 = 1000,
    openFiles: Int = 64
) throws -> PartitionLog {
    try PartitionLog.open(
        directory: directory,
        configuration: configuration,
        files: FileCache(disk: disk, capacity: openFiles),
        now: now
    )
}

extension LogConfiguration {
    /// Segments of 1 KiB, an index entry every 200 bytes, no retention.
    static var small: LogConfiguration {
        var configuration = LogConfiguration()
        configuration.segmentBytes = 1024
        configuration.indexIntervalBytes = 200
        configuration.retentionMilliseconds = nil
        return configuration
    }
}
