internal import CLibrdkafka
internal import Log
internal import Logging

/// What changes the assignment or the position; called on the owner thread only.
extension PollLoop {
    func complete(_ rebalance: Rebalance, from positions: [TopicPartition: Offset]) throws(LogError) -> Bool {
        guard let actions = ledger.answer(rebalance) else { return false }
        for action in actions { try perform(action, from: positions) }
        return true
    }

    private func perform(
        _ action: RebalanceLedger.Action,
        from positions: [TopicPartition: Offset] = [:]
    ) throws(LogError) {
        switch action {
        case .assign(let partitions):
            forgetPauses(of: paused)
            try assign(PartitionList(partitions, at: positions))
        case .unassign:
            forgetPauses(of: paused)
            try assign(nil)
        case .add(let partitions):
            let list = PartitionList(partitions, at: positions)
            if let error = unsafe rd_kafka_incremental_assign(handle.pointer, list.pointer) {
                throw unsafe LogError(consuming: error, cannot: "take over partitions")
            }
        case .remove(let partitions):
            forgetPauses(of: paused.intersection(partitions))
            let list = PartitionList(partitions)
            if let error = unsafe rd_kafka_incremental_unassign(handle.pointer, list.pointer) {
                throw unsafe LogError(consuming: error, cannot: "give up partitions")
            }
        }
    }

    private func assign(_ list: PartitionList?) throws(LogError) {
        let code = unsafe rd_kafka_assign(handle.pointer, list?.pointer)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: "change the assignment") }
    }

    /// A partition that comes back later starts unpaused.
    private func forgetPauses(of partitions: Set<TopicPartition>) {
        guard !partitions.isEmpty else { return }
        paused.subtract(partitions)
        batch.drop(partitions)
        let list = PartitionList(partitions)
        unsafe rd_kafka_resume_partitions(handle.pointer, list.pointer)
    }

    /// Replaces what a reader reads.
    func read(_ positions: [TopicPartition: Offset]) throws(LogError) {
        batch.dropAll()
        forgetEnds()
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
    }

    /// Leaves the group, answering what is open, in at most ``closeTimeout``.
    ///
    /// Before 2.3.0 librdkafka aborts the process when a member of a cooperative-sticky group is destroyed between its
    /// join and its first assignment (its issue 4312). Such a client has left its group and is then abandoned: one idle
    /// client is a better price for stopping early than an abort.
    func leaveGroup() {
        let isJoining = hasJoined && !ledger.hasBeenAssigned
        defer {
            if isJoining, rd_kafka_version() < 0x0203_0000 { handle.abandon() }
        }
        for action in ledger.settleForClose() {
            do throws(LogError) {
                try perform(action)
            } catch {
                logger.info("rebalance not answered at close", metadata: ["error.message": "\(error)"])
            }
        }
        guard let queue = unsafe rd_kafka_queue_new(handle.pointer) else { return }
        defer { unsafe rd_kafka_queue_destroy(queue) }
        if let error = unsafe rd_kafka_consumer_close_queue(handle.pointer, queue) {
            let error = unsafe LogError(consuming: error, cannot: "leave the group")
            logger.info("consumer is destroyed without leaving its group", metadata: ["error.message": "\(error)"])
            return
        }
        let deadline = ContinuousClock.now.advanced(by: Self.closeTimeout)
        while unsafe rd_kafka_consumer_closed(handle.pointer) == 0, .now < deadline {
            guard let event = unsafe rd_kafka_queue_poll(queue, 100) else { continue }
            if unsafe rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE { unsafe release(event) }
            unsafe rd_kafka_event_destroy(event)
        }
    }

    /// Whether the group's coordinator has given this client a member id; a reader outside any group never has one.
    private var hasJoined: Bool {
        guard let id = unsafe rd_kafka_memberid(handle.pointer) else { return false }
        defer { unsafe rd_kafka_mem_free(handle.pointer, id) }
        return unsafe id.pointee != 0
    }

    /// Answers a rebalance that comes while closing.
    private func release(_ event: OpaquePointer) {
        let isAssign = unsafe rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS
        let isCooperative =
            unsafe rd_kafka_rebalance_protocol(handle.pointer).map { unsafe String(cString: $0) } == "COOPERATIVE"
        let action: RebalanceLedger.Action =
            if !isCooperative {
                .unassign
            } else if isAssign {
                .add([])
            } else {
                .remove(ledger.assigned.sorted())
            }
        do throws(LogError) {
            try perform(action)
        } catch {
            logger.info("rebalance not answered at close", metadata: ["error.message": "\(error)"])
        }
    }
}
