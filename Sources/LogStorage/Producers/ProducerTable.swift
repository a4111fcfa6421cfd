internal import KafkaProtocol

/// The producers of one partition, by Kafka's `ProducerStateManager` rules (KIP-98, KIP-360).
///
/// A value: `check` before a batch is written, `apply` after. Scanning a log with `apply` alone rebuilds it.
struct ProducerTable: Sendable, Hashable {
    enum Verdict: Equatable {
        case new
        /// The batch is in the log already, there.
        case duplicate(ProducerState.Batch)
    }

    /// A transaction that a marker ended.
    struct Completed: Sendable, Hashable {
        var producerID: Int64
        var firstOffset: Int64
        var markerOffset: Int64
        var committed: Bool
    }

    private(set) var producers: [Int64: ProducerState] = [:]
    /// First offsets of open transactions with their producers, ascending.
    private(set) var open: [AbortedTransaction] = []

    /// The first offset that an open transaction holds back.
    var firstOpenOffset: Int64? { open.first?.firstOffset }

    /// Whether the batch may be appended.
    func check(_ header: BatchHeader, origin: AppendOrigin) throws(StorageError) -> Verdict {
        guard header.hasProducer, origin != .replicated else { return .new }
        guard let state = producers[header.producerID] else { return .new }
        if origin == .client, header.producerEpoch == state.epoch,
            let known = state.batches.last(where: {
                $0.firstSequence == header.baseSequence && $0.lastSequence == header.lastSequence
            })
        {
            return .duplicate(known)
        }
        try checkEpoch(header.producerEpoch, of: header.producerID, state)
        if origin == .client { try checkSequence(header, state) }
        guard header.isTransactional || state.transactionStart == nil else {
            let message = "producer \(header.producerID) has a transaction open and sent a batch outside it"
            throw StorageError(.invalidTransactionState, message)
        }
        return .new
    }

    private func checkEpoch(_ epoch: Int16, of id: Int64, _ state: ProducerState) throws(StorageError) {
        guard epoch >= state.epoch else {
            let message = "producer \(id) has epoch \(epoch), but \(state.epoch) has written: it is fenced"
            throw StorageError(.invalidProducerEpoch, message)
        }
    }

    private func checkSequence(_ header: BatchHeader, _ state: ProducerState) throws(StorageError) {
        let first = header.baseSequence
        guard header.producerEpoch == state.epoch else {
            if first == 0 { return }
            let message =
                "producer \(header.producerID) began epoch \(header.producerEpoch) with sequence \(first), not 0"
            throw StorageError(.outOfOrderSequence, message)
        }
        let last = state.lastSequence
        if first == ProducerTable.sequence(after: last) { return }
        if let oldest = state.batches.first, header.lastSequence < oldest.firstSequence {
            let message = "producer \(header.producerID) repeats sequence \(first), older than the last five batches"
            throw StorageError(.duplicateSequence, message)
        }
        let message = "producer \(header.producerID) sent sequence \(first) after \(last)"
        throw StorageError(.outOfOrderSequence, message)
    }

    private static func sequence(after last: Int32) -> Int32 { last == Int32.max ? 0 : last + 1 }

    /// Whether a marker may be appended.
    func checkMarker(_ id: Int64, epoch: Int16, coordinatorEpoch: Int32) throws(StorageError) {
        guard let state = producers[id] else { return }
        try checkEpoch(epoch, of: id, state)
        guard coordinatorEpoch >= state.coordinatorEpoch else {
            let message = "a marker of coordinator epoch \(coordinatorEpoch) after one of \(state.coordinatorEpoch)"
            throw StorageError(.coordinatorFenced, message)
        }
    }

    /// Takes note of a data batch in the log. `header` has its final offsets.
    mutating func apply(_ header: BatchHeader, now: Int64) {
        guard header.hasProducer else { return }
        var state = producers.removeValue(forKey: header.producerID) ?? ProducerState(epoch: header.producerEpoch)
        state.bump(to: header.producerEpoch)
        if header.baseSequence >= 0 {
            state.add(
                ProducerState.Batch(
                    firstSequence: header.baseSequence,
                    lastSequence: header.lastSequence,
                    lastOffset: header.lastOffset,
                    offsetDelta: header.lastOffsetDelta
                )
            )
        }
        state.lastTimestamp = now
        if header.isTransactional, state.transactionStart == nil {
            state.transactionStart = header.baseOffset
            open.append(AbortedTransaction(producerID: header.producerID, firstOffset: header.baseOffset))
        }
        producers[header.producerID] = state
    }

    /// Takes note of a marker in the log; returns the transaction it ended, nil when none was open.
    mutating func apply(_ marker: ControlRecord, _ header: BatchHeader, now: Int64) -> Completed? {
        var state = producers.removeValue(forKey: header.producerID) ?? ProducerState(epoch: header.producerEpoch)
        defer { producers[header.producerID] = state }
        state.bump(to: header.producerEpoch)
        state.coordinatorEpoch = marker.coordinatorEpoch
        state.lastTimestamp = now
        guard let first = state.transactionStart else { return nil }
        state.transactionStart = nil
        open.removeAll { $0.producerID == header.producerID }
        return Completed(
            producerID: header.producerID,
            firstOffset: first,
            markerOffset: header.baseOffset,
            committed: marker.isCommit
        )
    }

    /// What the index of aborted transactions says of one, nil for a committed one. To be asked right after `apply`.
    func abortedEntry(of completed: Completed) -> AbortedEntry? {
        guard !completed.committed else { return nil }
        return AbortedEntry(
            producerID: completed.producerID,
            firstOffset: completed.firstOffset,
            lastOffset: completed.markerOffset,
            lastStableOffset: firstOpenOffset ?? completed.markerOffset + 1
        )
    }

    /// Forgets producers silent since before `now - expiration`, except those with a transaction open; then, beyond
    /// `limit`, those silent longest, an eighth at a time. Returns how many.
    mutating func expire(now: Int64, after expiration: Int64, limit: Int) -> Int {
        let before = producers.count
        producers = producers.filter { $0.value.transactionStart != nil || now - $0.value.lastTimestamp < expiration }
        if producers.count > limit {
            let excess = producers.count - limit + limit / 8
            let idle = producers.filter { $0.value.transactionStart == nil }
            let oldest = idle.sorted { ($0.value.lastTimestamp, $0.key) < ($1.value.lastTimestamp, $1.key) }.prefix(
                excess
            )
            for producer in oldest { producers.removeValue(forKey: producer.key) }
        }
        return before - producers.count
    }

    /// Takes over a producer from a snapshot.
    mutating func restore(_ id: Int64, _ state: ProducerState) {
        producers[id] = state
        guard let first = state.transactionStart else { return }
        open.append(AbortedTransaction(producerID: id, firstOffset: first))
        open.sort { $0.firstOffset < $1.firstOffset }
    }
}
