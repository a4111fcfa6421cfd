internal import Synchronization

/// What a sync under way owns.
struct FlushState {
    /// Where the recovery point on disk lies.
    var recoveryPoint = LogMark(offset: -1, position: 0)
    /// Up to where the active segment's checkpoint reaches; bytes.
    var checkpoint = 0
}

extension PartitionLog {
    /// The recovery point is written when it is this many bytes behind.
    private static var recoveryPointBytes: Int { 1 << 20 }

    /// Makes everything appended before the call durable. Returns at once when it is.
    /// - Throws: `.io`, `.diskFull`, `.unavailable`: what was not durable may be lost, and its appends must not be
    ///   acknowledged.
    package func sync() throws(StorageError) {
        let advanced = try flushing.withLock { (state) throws(StorageError) -> Bool in
            let (segment, target, durable, failure) = view.withLock { ($0.active, $0.end, $0.durable, $0.failure) }
            if let failure { throw failure }
            guard durable.offset < target.offset else { return false }
            try syncActive(segment, to: target)
            notePoint(segment, target, &state)
            return true
        }
        if advanced { notify() }
    }

    /// One fsync; the caller holds `flushing`, so that a failure that the kernel reports only once is not missed.
    func syncActive(_ segment: LogSegment, to target: LogMark) throws(StorageError) {
        do throws(StorageError) {
            try segment.file().sync()
        } catch {
            let failure = StorageError(
                .unavailable,
                "a sync failed (\(error)); what was not acknowledged is given up, then appends are taken again",
                path: segment.path,
                errorNumber: error.errorNumber
            )
            view.withLock { $0.failure = failure }
            throw error
        }
        view.withLock { $0.advanceDurable(to: target) }
    }

    /// Notes how far the active segment is known to be on disk, so that damage before it is not taken for a torn tail.
    private func notePoint(_ segment: LogSegment, _ mark: LogMark, _ state: inout FlushState) {
        let isBehind = mark.position - state.recoveryPoint.position >= Self.recoveryPointBytes
        guard isBehind || mark.position < state.recoveryPoint.position else { return }
        do throws(StorageError) {
            try LogFiles(directory, files.disk).recoveryPoint.overwrite([
                segment.baseOffset, Int64(mark.position), mark.offset,
            ])
            state.recoveryPoint = mark
        } catch {
            // Only a lower bound is lost: the next sync writes it again, and a recovery without it checks more.
            state.recoveryPoint = LogMark(offset: -1, position: 0)
        }
    }

    /// What became of an append: durable, gone, or still to be synced (nil).
    func outcome(of append: AppendResult) -> Result<Void, StorageError>? {
        view.withLock { view in
            guard view.generation == append.generation else {
                return .failure(
                    StorageError(.unavailable, "the append was given up after a failed sync: send it again")
                )
            }
            if append.lastOffset < view.highWatermark { return .success(()) }
            return view.failure.map { .failure($0) }
        }
    }
}
