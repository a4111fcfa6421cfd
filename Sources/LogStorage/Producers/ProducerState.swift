/// What the log remembers of one producer id: enough to spot repeats, gaps and zombies.
struct ProducerState: Sendable, Hashable {
    /// Kafka's `NUM_BATCHES_TO_RETAIN`: a producer has at most five requests in flight.
    static let batchesKept = 5

    struct Batch: Sendable, Hashable {
        var firstSequence: Int32
        var lastSequence: Int32
        var lastOffset: Int64
        var offsetDelta: Int32
        var firstOffset: Int64 { lastOffset - Int64(offsetDelta) }
    }

    var epoch: Int16
    /// The last ones of this epoch, oldest first.
    var batches: [Batch] = []
    /// The epoch of the coordinator that wrote the last marker, -1 for none.
    var coordinatorEpoch: Int32 = -1
    /// The first offset of the open transaction.
    var transactionStart: Int64?
    /// ms, by this machine's clock: when the last batch or marker came. (Kafka takes the batch's own timestamp, and so
    /// forgets at once a producer that replays old events.)
    var lastTimestamp: Int64 = -1

    var lastSequence: Int32 { batches.last?.lastSequence ?? -1 }

    mutating func add(_ batch: Batch) {
        if batches.count == Self.batchesKept { batches.removeFirst() }
        batches.append(batch)
    }

    mutating func bump(to epoch: Int16) {
        guard epoch != self.epoch else { return }
        self.epoch = epoch
        batches.removeAll()
    }
}
