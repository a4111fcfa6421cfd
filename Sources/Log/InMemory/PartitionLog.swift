/// The records of one partition, as a broker holds them.
///
/// ```
/// start ≤ lastStable ≤ end        readers see committed records of start..<lastStable
/// ```
/// Aborted records and the control record that ends each transaction keep their offsets, so that gaps occur where Kafka
/// has them.
struct PartitionLog: Sendable {
    enum Visibility: Sendable, Equatable {
        case committed, open, aborted, control
    }

    /// What one send put into the partition, or one control record.
    struct Segment: Sendable {
        let base: Int64
        let records: [StoredRecord]
        /// `nil` for a control record.
        let memory: RecordMemory?
        var visibility: Visibility

        var end: Int64 { base + Int64(max(records.count, 1)) }
    }

    private struct OpenTransaction {
        let first: Int64
        var segments: [Int]
    }

    private(set) var start: Int64 = 0
    private(set) var end: Int64 = 0
    private(set) var segments: [Segment] = []
    /// By transaction number; see ``TransactionState``.
    private var open: [Int64: OpenTransaction] = [:]

    /// The first offset of the oldest open transaction, else ``end``: how far committed readers may go.
    var lastStable: Int64 { open.values.lazy.map(\.first).min() ?? end }

    /// Appends records and returns the offset of the first.
    mutating func append(_ records: [StoredRecord], in memory: RecordMemory, transaction: Int64?) -> Int64 {
        let base = end
        if let transaction {
            open[transaction, default: OpenTransaction(first: base, segments: [])].segments.append(segments.count)
        }
        segments.append(
            Segment(base: base, records: records, memory: memory, visibility: transaction == nil ? .committed : .open)
        )
        end = base + Int64(records.count)
        return base
    }

    /// Settles the records of a transaction and writes its control record.
    mutating func finish(transaction: Int64, committing: Bool) {
        guard let finished = open.removeValue(forKey: transaction) else { return }
        for index in finished.segments {
            segments[index].visibility = committing ? .committed : .aborted
        }
        segments.append(Segment(base: end, records: [], memory: nil, visibility: .control))
        end += 1
    }

    /// Moves the start of the log, as retention does. An offset beyond the end deletes everything.
    mutating func deleteRecords(before offset: Int64) {
        start = max(start, min(offset, end))
    }

    /// Visits the records that committed readers see, from `position` on, until `take` refuses one.
    ///
    /// Returns the position to go on from: the refused record's, else ``lastStable``.
    func visit(from position: Int64, _ take: (Int64, StoredRecord, RecordMemory) -> Bool) -> Int64 {
        let limit = lastStable
        var index = firstSegment(endingAfter: position)
        while index < segments.count, segments[index].base < limit {
            let segment = segments[index]
            if segment.visibility == .committed, let memory = segment.memory {
                for offset in max(position, segment.base)..<segment.end
                where !take(offset, segment.records[Int(offset - segment.base)], memory) {
                    return offset
                }
            }
            index += 1
        }
        return max(position, limit)
    }

    /// The first visible offset at or after the log's start whose record is not older than `time`.
    func offset(at time: Timestamp) -> Int64? {
        var found: Int64?
        _ = visit(from: start) { offset, record, _ in
            guard record.timestamp >= time.rawValue else { return true }
            found = offset
            return false
        }
        return found
    }

    private func firstSegment(endingAfter position: Int64) -> Int {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].end > position { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
