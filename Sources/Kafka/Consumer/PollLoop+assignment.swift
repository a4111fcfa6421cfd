internal import CLibrdkafka
internal import Log

/// What changes the assignment or the position; owner thread only. librdkafka answers all of it from its own threads,
/// without asking a broker.
extension PollLoop {
    func complete(_ rebalance: Rebalance, from positions: [TopicPartition: Offset]) throws(LogError) -> Bool {
        guard let actions = ledger.answer(rebalance) else { return false }
        defer { record.change { $0.assigned = ledger.assigned } }
        for action in actions { try perform(action, from: positions) }
        return true
    }

    func perform(
        _ action: RebalanceLedger.Action,
        from positions: [TopicPartition: Offset] = [:]
    ) throws(LogError) {
        switch action {
        case .assign(let partitions):
            forget(Set(self.positions.keys), pauses: paused)
            lanes?.closeAll()
            try begin(partitions, from: positions)
            try assign(PartitionList(partitions, at: positions))
        case .unassign:
            forget(Set(self.positions.keys), pauses: paused)
            try assign(nil)
            lanes?.closeAll()
        case .add(let partitions):
            try begin(partitions, from: positions)
            let list = PartitionList(partitions, at: positions)
            if let error = unsafe rd_kafka_incremental_assign(handle.pointer, list.pointer) {
                throw unsafe LogError(consuming: error, cannot: "take over partitions")
            }
        case .remove(let partitions):
            forget(Set(partitions), pauses: paused.intersection(partitions))
            let list = PartitionList(partitions)
            if let error = unsafe rd_kafka_incremental_unassign(handle.pointer, list.pointer) {
                throw unsafe LogError(consuming: error, cannot: "give up partitions")
            }
            lanes?.close(partitions)
        }
    }

    private func begin(_ partitions: [TopicPartition], from given: [TopicPartition: Offset]) throws(LogError) {
        for partition in partitions {
            if let position = given[partition], position >= 0 { positions[partition] = position }
        }
        lanes?.close(partitions)
        try lanes?.open(partitions)
    }

    private func assign(_ list: PartitionList?) throws(LogError) {
        let code = unsafe rd_kafka_assign(handle.pointer, list?.pointer)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: "change the assignment") }
    }

    /// A partition that comes back later starts unpaused and without a position.
    private func forget(_ partitions: Set<TopicPartition>, pauses: Set<TopicPartition>) {
        for partition in partitions { positions[partition] = nil }
        guard !pauses.isEmpty else { return }
        paused.subtract(pauses)
        batch.drop(pauses)
        let list = PartitionList(pauses)
        unsafe rd_kafka_resume_partitions(handle.pointer, list.pointer)
    }

    /// Replaces what a reader reads.
    func read(_ positions: [TopicPartition: Offset]) throws(LogError) {
        batch.dropAll()
        ends.removeAll()
        self.positions = positions.filter { $0.value >= 0 }
        try assign(PartitionList(positions.keys, at: positions))
    }

    func pause(_ partitions: [TopicPartition]) throws(LogError) {
        let wanted = Set(partitions).intersection(ledger.assigned)
        guard !wanted.isEmpty else { return }
        paused.formUnion(wanted)
        batch.hold(wanted)
        let list = PartitionList(wanted)
        let code = unsafe rd_kafka_pause_partitions(handle.pointer, list.pointer)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: "pause") }
    }

    func resume(_ partitions: [TopicPartition]) throws(LogError) {
        let wanted = paused.intersection(partitions)
        guard !wanted.isEmpty else { return }
        paused.subtract(wanted)
        batch.release(wanted)
        let list = PartitionList(wanted)
        let code = unsafe rd_kafka_resume_partitions(handle.pointer, list.pointer)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: "resume") }
    }

    func seek(_ partition: TopicPartition, to offset: Offset) throws(LogError) {
        batch.drop([partition])
        let list = PartitionList([partition], at: [partition: offset])
        // Before 2.1.0 the timeout was taken in microseconds (librdkafka's CHANGELOG).
        let scale: Int32 = rd_kafka_version() < 0x0201_0000 ? 1000 : 1
        let wait = PollLoop.requestTimeout.milliseconds * scale
        if let error = unsafe rd_kafka_seek_partitions(handle.pointer, list.pointer, wait) {
            throw unsafe LogError(consuming: error, cannot: "seek in \(partition)")
        }
        try list.check(cannot: "seek")
        positions[partition] = offset >= 0 ? offset : nil
    }
}
