internal import KafkaProtocol
internal import NIOCore

/// The rules of compaction over one pass: which batches and records stay (Kafka's `Cleaner`, KIP-534).
///
/// Fed with every batch from the log's start in order; knows nothing of files.
struct Compactor {
    enum Verdict {
        case keep
        case drop
        case replace(ByteBuffer)
    }

    /// Offsets from here on are not touched.
    let end: Int64
    /// ms.
    let now: Int64
    let deleteRetention: Int64
    let keys: KeyOffsets
    let aborted: AbortedRanges
    /// Offsets of the batches that hold the last sequence of a known producer: kept, if empty, for a recovery.
    let lastBatches: Set<Int64>
    private(set) var removedRecords = 0
    private(set) var changedBatches = 0
    /// Producers with data of a transaction kept whose marker has not come.
    private var live: Set<Int64> = []

    init(
        end: Int64,
        now: Int64,
        deleteRetention: Int64,
        keys: KeyOffsets,
        aborted: AbortedRanges,
        lastBatches: Set<Int64>
    ) {
        self.end = end
        self.now = now
        self.deleteRetention = deleteRetention
        self.keys = keys
        self.aborted = aborted
        self.lastBatches = lastBatches
    }

    /// - Throws: `.damaged` when the batch cannot be read.
    mutating func judge(_ batch: RecordBatch) throws(StorageError) -> Verdict {
        guard batch.header.lastOffset < end else { return .keep }
        let verdict = batch.header.attributes.isControl ? try marker(batch) : try data(batch)
        if case .keep = verdict {} else { changedBatches += 1 }
        return verdict
    }

    /// A marker stays as long as data of its transaction does, then as long as a tombstone.
    private mutating func marker(_ batch: RecordBatch) throws(StorageError) -> Verdict {
        if live.remove(batch.header.producerID) != nil { return .keep }
        guard batch.header.attributes.hasDeleteHorizon else {
            let records = try BatchRecords.read(batch)
            return .replace(try BatchRecords.rewritten(batch, with: records, deleteHorizon: now + deleteRetention))
        }
        guard now >= batch.header.baseTimestamp else { return .keep }
        return try emptied(batch)
    }

    private mutating func data(_ batch: RecordBatch) throws(StorageError) -> Verdict {
        let header = batch.header
        guard header.recordCount > 0 else { return lastBatches.contains(header.lastOffset) ? .keep : .drop }
        if aborted.contains(header) {
            removedRecords += Int(header.recordCount)
            return try emptied(batch)
        }
        let records = try BatchRecords.read(batch)
        let horizonPassed = header.attributes.hasDeleteHorizon && now >= header.baseTimestamp
        let kept = records.filter { stays($0, horizonPassed: horizonPassed) }
        removedRecords += records.count - kept.count
        guard !kept.isEmpty else { return try emptied(batch) }
        if header.attributes.isTransactional { live.insert(header.producerID) }
        let needsHorizon = !header.attributes.hasDeleteHorizon && kept.contains { $0.value == nil }
        if kept.count == records.count, !needsHorizon { return .keep }
        let horizon = needsHorizon ? now + deleteRetention : nil
        return .replace(try BatchRecords.rewritten(batch, with: kept, deleteHorizon: horizon))
    }

    /// Records without a key cannot be replaced, so they stay.
    private func stays(_ record: Record, horizonPassed: Bool) -> Bool {
        guard let key = record.key else { return true }
        if let last = keys.lastOffset(of: key), last > record.offset { return false }
        return record.value != nil || !horizonPassed
    }

    private func emptied(_ batch: RecordBatch) throws(StorageError) -> Verdict {
        guard lastBatches.contains(batch.header.lastOffset) else { return .drop }
        return .replace(try BatchRecords.rewritten(batch, with: [], deleteHorizon: nil))
    }
}
