internal import CLibrdkafka
internal import Log
internal import Logging
internal import Synchronization

/// Transactions (KIP-98, KIP-447); on the owner thread, which serves delivery reports while librdkafka flushes inside
/// commit and abort.
extension ProducerLoop {
    /// Registers the transactional id and fences its earlier producers.
    func initTransactions() throws(LogError) {
        let start = ContinuousClock.now
        do throws(LogError) {
            try unsafe retrying("start the transactional producer") { wait in
                unsafe rd_kafka_init_transactions(handle.pointer, wait)
            }
        } catch {
            // What kept the brokers from answering waits to be told.
            unsafe rd_kafka_poll(handle.pointer, 0)
            throw handle.explained(error, since: start)
        }
    }

    func begin() throws(LogError) {
        if let error = unsafe rd_kafka_begin_transaction(handle.pointer) {
            throw unsafe noted(LogError(consuming: error, cannot: "begin a transaction"))
        }
        isInTransaction = true
    }

    func sendOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: GroupMetadata
    ) throws(LogError) {
        guard !offsets.isEmpty else { return }
        let list = PartitionList(committing: offsets)
        try unsafe retrying("add offsets to the transaction") { wait in
            unsafe rd_kafka_send_offsets_to_transaction(handle.pointer, list.pointer, group.pointer, wait)
        }
    }

    func commit() throws(LogError) {
        try unsafe retrying("commit the transaction") { wait in unsafe rd_kafka_commit_transaction(handle.pointer, wait)
        }
        isInTransaction = false
    }

    func abort() throws(LogError) {
        try unsafe retrying("abort the transaction") { wait in unsafe rd_kafka_abort_transaction(handle.pointer, wait) }
        isInTransaction = false
    }

    /// Aborts what is open when the producer closes; the next producer of the same id aborts it otherwise.
    func abandonTransaction(within deadline: Duration) {
        guard let error = unsafe rd_kafka_abort_transaction(handle.pointer, deadline.milliseconds) else { return }
        let reason = unsafe LogError(consuming: error, cannot: "abort the open transaction")
        logger.info("producer closes with an open transaction", metadata: ["error.message": "\(reason)"])
    }

    /// Repeats `call` while its error is retriable, within the transaction's timeout. librdkafka resumes an
    /// interrupted commit or abort when it is called again (rdkafka.h).
    private func retrying(
        _ action: String,
        _ call: (_ wait: Int32) -> OpaquePointer?
    ) throws(LogError) {
        let deadline = ContinuousClock.now.advanced(by: transactionTimeout)
        while true {
            let remaining = ContinuousClock.now.duration(to: deadline)
            guard let failure = unsafe call(max(1, remaining.milliseconds)) else { return }
            let error = unsafe LogError(consuming: failure, cannot: action)
            guard error.isRetriable, !error.requiresAbort, !error.isFatal, .now < deadline else { throw noted(error) }
            // Serves reports and keeps an error that comes back at once from spinning.
            unsafe rd_kafka_poll(handle.pointer, 50)
        }
    }

    private func noted(_ error: LogError) -> LogError {
        if error.isFatal { state.withLock { $0.fatal = $0.fatal ?? error } }
        return error
    }
}
