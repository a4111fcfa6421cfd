/// Syncs logs on threads of its own and tells the waiters: one sync serves every append before it.
package final class GroupCommitter: Sendable {
    /// - Parameter threads: logs synced at the same time, 1 to 64.
    /// - Throws: `.configuration`, `.io` when no thread can be had.
    package init(threads: Int = 4) throws(StorageError) { throw .unbuilt }

    /// Calls `done` when the log is durable below `offset` (at once under `FlushPolicy.interval`), on a thread of the
    /// committer or, when nothing has to be waited for, on the caller's. Callbacks of one log come in offset order.
    package func commit(
        _ log: PartitionLog,
        through offset: Int64,
        _ done: @escaping @Sendable (Result<Void, StorageError>) -> Void
    ) {}

    /// Syncs what is outstanding, answers everybody, ends the threads and returns when they have ended.
    package func stop() {}
}
