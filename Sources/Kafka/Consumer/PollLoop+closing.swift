internal import CLibrdkafka
internal import Log
internal import Logging

/// How a client leaves its group; owner thread only.
extension PollLoop {
    /// Serves the group until it has assigned something for the first time.
    ///
    /// Before 2.3.0 librdkafka aborts the process when a member of a cooperative-sticky group is destroyed between its
    /// join and its first assignment (its issue 4312). So such a member stays until it has been assigned; only where that
    /// does not happen in time, it is abandoned: one idle client is a better price for stopping than an abort.
    func awaitFirstAssignment(until deadline: ContinuousClock.Instant) {
        guard rd_kafka_version() < 0x0203_0000, hasJoined else { return }
        while !ledger.hasBeenAssigned, .now < deadline {
            _ = poll(100)
            batch.dropAll()
        }
        if !ledger.hasBeenAssigned { handle.abandon() }
    }

    /// Leaves the group by `deadline`, answering what is open.
    func leaveGroup(until deadline: ContinuousClock.Instant) {
        for action in ledger.settleForClose() { settle(action) }
        guard let queue = unsafe rd_kafka_queue_new(handle.pointer) else { return }
        defer { unsafe rd_kafka_queue_destroy(queue) }
        if let error = unsafe rd_kafka_consumer_close_queue(handle.pointer, queue) {
            let error = unsafe LogError(consuming: error, cannot: "leave the group")
            logger.info("consumer is destroyed without leaving its group", metadata: ["error.message": "\(error)"])
            return
        }
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
        if !isCooperative {
            settle(.unassign)
        } else if isAssign {
            settle(.add([]))
        } else {
            settle(.remove(ledger.assigned.sorted()))
        }
    }

    private func settle(_ action: RebalanceLedger.Action) {
        do throws(LogError) {
            try perform(action)
        } catch {
            logger.info("rebalance not answered at close", metadata: ["error.message": "\(error)"])
        }
    }
}
