/// A reader of explicit partitions.
struct ReaderState: Sendable {
    var positions: [TopicPartition: LogState.Position] = [:]
    /// Partitions in the order in which they are read; the first read last goes to the back.
    var order: [TopicPartition] = []
}

extension LogState {
    mutating func assign(_ assignment: [TopicPartition: Offset], to reader: Int64) throws(LogError) {
        guard readers[reader] != nil else { throw .closed("reader") }
        for partition in assignment.keys where log(of: partition) == nil {
            throw .unknown(partition)
        }
        readers[reader] = ReaderState(
            positions: assignment.mapValues { Position(offset: $0.rawValue) },
            order: assignment.keys.sorted()
        )
    }

    /// What the reader's caller gets now; `nil` when it has to wait.
    mutating func nextEvent(ofReader id: Int64) throws(LogError) -> ReaderEvent? {
        guard var reader = readers[id] else { throw .closed("reader") }
        if let error = faults.take(.fetch) { throw error }
        for partition in reader.order {
            try checkRange(partition, reader.positions[partition])
        }
        if let batch = fetch(reader.order, from: &reader.positions, maxRecords: 1000, maxBytes: 8 << 20) {
            if !reader.order.isEmpty { reader.order.append(reader.order.removeFirst()) }
            readers[id] = reader
            return .batch(batch)
        }
        for partition in reader.order {
            guard let position = reader.positions[partition], let end = log(of: partition)?.lastStable,
                position.offset >= end, position.reportedEnd != end
            else { continue }
            reader.positions[partition]?.reportedEnd = end
            readers[id] = reader
            return .end(partition, Offset(end))
        }
        readers[id] = reader
        return nil
    }

    private func checkRange(_ partition: TopicPartition, _ position: Position?) throws(LogError) {
        guard let position, let log = log(of: partition) else { return }
        guard position.offset < log.start || position.offset > log.end else { return }
        throw LogError(
            .offsetOutOfRange,
            name: "OFFSET_OUT_OF_RANGE",
            message: "Offset \(position.offset) of \(partition) is not in the log, which holds "
                + "\(log.start)..<\(log.end): start inside it."
        )
    }

    mutating func bounds(of partition: TopicPartition) throws(LogError) -> Range<Offset> {
        if let error = faults.take(.offsets) { throw error }
        guard let log = log(of: partition) else { throw .unknown(partition) }
        return Offset(log.start)..<Offset(max(log.start, log.lastStable))
    }

    mutating func offset(in partition: TopicPartition, at time: Timestamp) throws(LogError) -> Offset? {
        if let error = faults.take(.offsets) { throw error }
        guard let log = log(of: partition) else { throw .unknown(partition) }
        return log.offset(at: time).map { Offset($0) }
    }
}
