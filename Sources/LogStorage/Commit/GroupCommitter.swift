internal import Synchronization

/// Syncs logs on threads of its own and tells the waiters: one sync serves every append before it.
///
/// An append after a quiet time is synced at once. Under load a log is synced at most once per window of its
/// `FlushPolicy`, or sooner when enough bytes wait; appends that come during a sync share the next.
package final class GroupCommitter: Sendable {
    private let queue = WakeLock(CommitQueue())
    private let threads = Mutex<[CommitThread]>([])

    /// Starts the threads: so many logs are synced at the same time, 1 to 64.
    /// - Throws: `.configuration`, `.io` when no thread can be had.
    package init(threads count: Int = 4) throws(StorageError) {
        guard (1...64).contains(count) else {
            throw StorageError(.configuration, "\(count) sync threads; give 1 to 64")
        }
        let queue = queue
        var started: [CommitThread] = []
        do throws(StorageError) {
            for _ in 0..<count { started.append(try CommitThread { Self.run(queue) }) }
        } catch {
            Self.stop(queue)
            for thread in started { thread.join() }
            throw error
        }
        let ready = started
        threads.withLock { $0 = ready }
    }

    deinit {
        stop()
    }

    /// Calls `done` when the append is durable (at once under `FlushPolicy.interval`), or with the reason why it never
    /// will be. On a thread of the committer or, when nothing has to be waited for, on the caller's; it must not block.
    /// Those of one log come in the order of the calls.
    package func commit(
        _ append: AppendResult,
        of log: PartitionLog,
        _ done: @escaping @Sendable (Result<Void, StorageError>) -> Void
    ) {
        let configuration = log.configuration
        switch configuration.flush {
        case .groupCommit(let window, let bytes):
            let lastStart = log.lastSyncStart.load(ordering: .relaxed)
            let isEnough = log.unsyncedBytes >= bytes
            let due = isEnough ? Int64.min : lastStart + window.nanoseconds
            let waiter = CommitQueue.Waiter(append: append, answer: done)
            queue.change { $0.add(waiter, log, due: due) ? .one : .none }
        case .interval(let interval):
            let due = MonotonicClock.now() + interval.nanoseconds
            queue.change { $0.add(nil, log, due: due) ? .one : .none }
            done(.success(()))
        }
    }

    /// Syncs what is outstanding, answers everybody, ends the threads and returns when they have ended. Appends that
    /// are committed afterwards are never answered: stop taking them first. To be called from another thread than the
    /// committer's.
    package func stop() {
        Self.stop(queue)
        let ending = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in ending { thread.join() }
    }

    private static func run(_ queue: WakeLock<CommitQueue>) {
        while true {
            let job = queue.wait { queue -> WakeLock<CommitQueue>.Next<CommitQueue.Job?> in
                switch queue.next(now: MonotonicClock.now()) {
                case .sync(let job): .done(job)
                case .wait(let deadline): .wait(until: deadline)
                case .end: .done(nil)
                }
            }
            guard let job else { return }
            sync(job)
            queue.change { queue in
                let wantsMore = queue.finish(job.log)
                return queue.isStopping ? .all : wantsMore ? .one : .none
            }
        }
    }

    private static func stop(_ queue: WakeLock<CommitQueue>) {
        queue.change { queue in
            queue.stop()
            return .all
        }
    }

    private static func sync(_ job: CommitQueue.Job) {
        job.log.lastSyncStart.store(MonotonicClock.now(), ordering: .relaxed)
        var failure = StorageError(.unavailable, "the append was not synced", path: job.log.directory)
        do throws(StorageError) {
            try job.log.sync()
        } catch {
            failure = error
        }
        for waiter in job.waiters { waiter.answer(job.log.outcome(of: waiter.append) ?? .failure(failure)) }
        // Nobody waits for a checkpoint, and one that fails is due again after the next sync; a disk that fails for good
        // says so in the syncs.
        do throws(StorageError) {
            try job.log.checkpoint()
        } catch {
            return
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
