internal import CLibrdkafka
internal import Log
internal import Logging

/// Taking messages and events from librdkafka; owner thread only.
extension PollLoop {
    func pollOnce() {
        handle.destroyReturned()
        if let demand {
            wakePartitions()
            _ = wait(remaining(until: earliest(demand.deadline)))
        } else if lanes != nil {
            _ = wait(remaining(until: earliest(nil)))
        } else if !batch.isFull {
            if wait(Self.longestPoll) { fill() }
        } else if rested.isEmpty {
            park()
        } else {
            _ = wait(Self.longestPoll)
        }
    }

    private func wait(_ longest: Duration) -> Bool {
        parkedSince = nil
        record.polled()
        return poll(longest.milliseconds)
    }

    /// Waits without polling while a full batch waits for a caller, for ``keepAlive`` in all; then rests, to poll again.
    /// Commands in between, such as commits, do not put that off.
    private func park() {
        let now = ContinuousClock.now
        let since = parkedSince ?? now
        parkedSince = since
        let left = keepAlive - since.duration(to: now)
        if left > .zero {
            commands.park(for: commits.isEmpty ? left : min(left, Self.longestPoll))
        } else if commands.isIdle {
            parkedSince = nil
            restPartitions()
        }
    }

    /// The first moment at which somebody must be answered.
    private func earliest(_ deadline: ContinuousClock.Instant?) -> ContinuousClock.Instant? {
        guard let first = lanes?.firstDeadline else { return deadline }
        return deadline.map { min($0, first) } ?? first
    }

    private func remaining(until deadline: ContinuousClock.Instant?) -> Duration {
        guard let deadline else { return Self.longestPoll }
        // Rounded up, or the last fraction of a millisecond would spin.
        return min(ContinuousClock.now.duration(to: deadline) + .milliseconds(1), Self.longestPoll)
    }

    func fill() {
        record.polled()
        while !batch.isFull, !ledger.hasUnread, poll(0) {}
    }

    /// Takes one message or event, or runs callbacks, waiting for at most so many `milliseconds`, a plain number because
    /// this runs for every message; whether anything was taken.
    func poll(_ milliseconds: Int32) -> Bool {
        guard let message = unsafe rd_kafka_consumer_poll(handle.pointer, milliseconds) else { return false }
        guard unsafe message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            unsafe note(message)
            return true
        }
        if ledger.leaving.isEmpty, paused.isEmpty {
            unsafe batch.append(message)
        } else {
            unsafe sort(message)
        }
        return true
    }

    /// Takes a message while some partitions are paused or leaving.
    private func sort(_ message: BatchInProgress.Message) {
        let partition = unsafe BatchInProgress.partition(of: message)
        if ledger.leaving.contains(partition) {
            unsafe rd_kafka_message_destroy(message)
        } else if paused.contains(partition) {
            unsafe batch.hold(message, of: partition)
        } else {
            unsafe batch.append(message)
        }
    }

    /// Takes a message that is an event: the end of a partition, or an error.
    private func note(_ message: BatchInProgress.Message) {
        defer { unsafe rd_kafka_message_destroy(message) }
        let code = unsafe message.pointee.err
        if code == RD_KAFKA_RESP_ERR__PARTITION_EOF {
            unsafe ends.append((BatchInProgress.partition(of: message), Offset(message.pointee.offset)))
            return
        }
        guard code != RD_KAFKA_RESP_ERR__FATAL else { return unsafe failed(LogError(fatalOf: handle.pointer)) }
        let detail = unsafe rd_kafka_message_errstr(message).map { unsafe String(cString: $0) }
        failed(LogError(code, cannot: "read", detail: detail))
    }

    /// Pauses everything, so that polling brings no more messages.
    private func restPartitions() {
        rested = ledger.assigned.subtracting(paused)
        guard !rested.isEmpty else { return }
        let list = PartitionList(rested)
        unsafe rd_kafka_pause_partitions(handle.pointer, list.pointer)
        logger.debug("consumer rests: nobody asks for messages")
    }

    private func wakePartitions() {
        guard !rested.isEmpty else { return }
        let partitions = rested.intersection(ledger.assigned).subtracting(paused)
        rested = []
        guard !partitions.isEmpty else { return }
        let list = PartitionList(partitions)
        unsafe rd_kafka_resume_partitions(handle.pointer, list.pointer)
    }
}

extension PollLoop: ClientCallbackTarget {
    /// Keeps what a caller must decide about. Lost connections are not errors: the client reconnects by itself; nor is a
    /// generation of the group that has passed: the client joins again.
    func failed(_ error: LogError) {
        guard !error.isFatal else { return end(with: error) }
        let isPassing =
            error.isRetriable && error.code != .unknownTopicOrPartition || error.code == .staleGeneration
            || error.name == "_MAX_POLL_EXCEEDED"
        if isPassing {
            logger.info("consumer goes on after an error", metadata: ["error.message": "\(error)"])
        } else if errors.count < 16, errors.last != error {
            errors.append(error)
        }
    }

    /// Keeps the first fatal error; what is left of a batch is the next member's, who reads from the last commit.
    private func end(with error: LogError) {
        guard fatal == nil else { return }
        fatal = error
        batch.dropAll()
    }

    func rebalanced(_ code: rd_kafka_resp_err_t, _ partitions: [TopicPartition]) {
        let isCooperative =
            unsafe rd_kafka_rebalance_protocol(handle.pointer).map { unsafe String(cString: $0) } == "COOPERATIVE"
        let change: Rebalance.Change =
            switch code {
            case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS: .assign
            case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
                unsafe rd_kafka_assignment_lost(handle.pointer) != 0 ? .lose : .revoke
            default: .lose
            }
        ledger.report(change, partitions, isCooperative ? .cooperative : .eager)
        guard !ledger.leaving.isEmpty else { return }
        batch.drop(ledger.leaving)
        lanes?.end(ledger.leaving)
    }
}
