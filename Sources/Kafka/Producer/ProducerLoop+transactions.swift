internal import CLibrdkafka
internal import Log
internal import Logging
internal import Synchronization

/// Transactions (KIP-98, KIP-447); on the owner thread, which serves delivery reports while librdkafka flushes inside
/// commit and abort.
extension ProducerLoop {
    /// Registers the transactional id and fences its earlier producers.
    func initTransactions() throws(TransactionError) {
        let start = ContinuousClock.now
        do throws(TransactionError) {
            try unsafe retrying("start the transactional producer") { wait in
                unsafe rd_kafka_init_transactions(handle.pointer, wait)
            }
        } catch {
            // What kept the brokers from answering waits to be told.
            unsafe rd_kafka_poll(handle.pointer, 0)
            throw error.with(handle.explained(error.cause, since: start))
        }
    }

    func begin() throws(TransactionError) {
        if let error = unsafe rd_kafka_begin_transaction(handle.pointer) {
            throw unsafe classified(error, cannot: "begin a transaction")
        }
        isInTransaction = true
    }

    func sendOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: GroupMetadata
    ) throws(TransactionError) {
        guard !offsets.isEmpty else { return }
        let list = PartitionList(committing: offsets)
        try unsafe retrying("add offsets to the transaction") { wait in
            unsafe rd_kafka_send_offsets_to_transaction(handle.pointer, list.pointer, group.pointer, wait)
        }
    }

    func commit() throws(TransactionError) {
        try unsafe retrying("commit the transaction") { wait in unsafe rd_kafka_commit_transaction(handle.pointer, wait)
        }
        isInTransaction = false
    }

    func abort() throws(TransactionError) {
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
    ) throws(TransactionError) {
        let deadline = ContinuousClock.now.advanced(by: transactionTimeout)
        while true {
            let remaining = ContinuousClock.now.duration(to: deadline)
            guard let failure = unsafe call(max(1, remaining.milliseconds)) else { return }
            let error = unsafe classified(failure, cannot: action)
            guard case .retriable = error, .now < deadline else { throw error }
            // Serves reports and keeps an error that comes back at once from spinning.
            unsafe rd_kafka_poll(handle.pointer, 50)
        }
    }

    /// Takes an `rd_kafka_error_t *`, which is dead after this call. What librdkafka gives no class is a call out of order:
    /// an abort brings the producer back into a known state where it has a transaction, and nothing does where it has none.
    private func classified(_ error: OpaquePointer, cannot action: String) -> TransactionError {
        let requiresAbort = unsafe rd_kafka_error_txn_requires_abort(error) != 0
        let cause = unsafe LogError(consuming: error, cannot: action)
        if cause.isFatal {
            state.withLock { $0.fatal = $0.fatal ?? cause }
            return .fatal(cause)
        }
        if requiresAbort { return .abortable(cause) }
        if cause.isRetriable { return .retriable(cause) }
        return isInTransaction ? .abortable(cause) : .fatal(cause)
    }
}

extension TransactionError {
    /// The same class for another reason.
    fileprivate func with(_ cause: LogError) -> TransactionError {
        switch self {
        case .retriable: .retriable(cause)
        case .abortable: .abortable(cause)
        case .fatal: .fatal(cause)
        }
    }
}
