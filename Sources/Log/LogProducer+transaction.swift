extension LogProducer {
    /// How often ``transaction(_:)`` makes one retriable call, each within ``ProducerConfiguration/transactionTimeout``.
    private static var mostTries: Int { 5 }

    /// Runs `body` in a transaction of its own: commits when it returns, aborts when it throws.
    ///
    /// `body` sends records and offsets, and must itself throw for a record whose result is a failure that it cannot
    /// live without: a record that was refused before it was handed over does not keep the others from being committed.
    /// Transactions of one producer do not overlap; `body` calls none of the transaction functions but
    /// ``sendOffsets(_:of:)``. Cancelling the task reaches `body` only: the commit or abort that follows runs to its end.
    ///
    /// - Throws: what `body` throws, after the abort. From the calls around it a ``TransactionError``:
    ///   ``TransactionError/abortable(_:)`` when the commit was refused and the abort is *done*, so that the same work may
    ///   be tried again; ``TransactionError/fatal(_:)`` when another producer must be opened, which settles what became of
    ///   this transaction; ``TransactionError/retriable(_:)`` when it could not be begun: nothing has happened.
    public func transaction<R>(_ body: () async throws -> R) async throws -> R {
        try await beginTransaction()
        let result: R
        do {
            result = try await body()
        } catch let failure {
            if case .fatal = failure as? TransactionError { throw failure }
            try await abortForGood()
            throw failure
        }
        do throws(TransactionError) {
            try await untilDecided { () async throws(TransactionError) in try await commitTransaction() }
        } catch {
            switch error {
            case .abortable:
                try await abortForGood()
                throw error
            case .retriable, .fatal:
                throw error
            }
        }
        return result
    }

    /// Nothing but another producer helps where an abort does not.
    private func abortForGood() async throws(TransactionError) {
        do throws(TransactionError) {
            try await untilDecided { () async throws(TransactionError) in try await abortTransaction() }
        } catch {
            throw .fatal(error.cause)
        }
    }

    /// Makes a call until it is decided. A call that stays undecided is as good as a fatal error: only the next producer
    /// of the id finds out what became of the transaction.
    private func untilDecided(_ call: () async throws(TransactionError) -> Void) async throws(TransactionError) {
        for attempt in 1... {
            do throws(TransactionError) {
                return try await call()
            } catch {
                switch error {
                case .retriable(let cause) where attempt == Self.mostTries: throw .fatal(cause)
                case .retriable: continue
                case .abortable, .fatal: throw error
                }
            }
        }
    }
}
