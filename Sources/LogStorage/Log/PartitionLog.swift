internal import Synchronization

/// One partition's log on disk.
///
/// Any thread may call anything; calls block on the disk, so none belongs on an event loop or the cooperative pool.
/// One append at a time runs inside; reads wait neither for appends nor for syncs.
///
/// Locks, in the order in which they may be taken together: `writer` (appends, rolls, deletion, the swap of a
/// compaction), `flushing` (a sync under way), `view` (what readers see; never held across a disk call). `cleaning` is
/// taken before all of them, by one compaction at a time.
package final class PartitionLog: Sendable {
    package let directory: String
    /// What `open` found.
    package let recovery: RecoveryReport

    let files: FileCache
    let writer: Mutex<LogWriter>
    let flushing: Mutex<FlushState>
    let view: Mutex<LogView>
    let cleaning = Mutex<Void>(())
    let hints = Mutex(PositionHints())
    private let observer = Mutex<Observer?>(nil)
    /// When the last sync began, for the group committer's window; ns of the monotonic clock.
    let lastSyncStart = Atomic<Int64>(Int64.min / 2)

    /// A closure that is itself the value of a `Mutex` is wrapped anew by every access, and each wrapping is kept
    /// (Swift 6.3): in a struct it is not.
    private struct Observer {
        let onAdvance: @Sendable () -> Void
    }

    init(directory: String, files: FileCache, loaded: consuming LoadedLog, configuration: LogConfiguration) {
        self.directory = directory
        self.files = files
        recovery = loaded.report
        writer = Mutex(
            LogWriter(
                producers: loaded.producers,
                segmentSince: loaded.segmentSince,
                hasCleanMarker: loaded.report.wasClean
            )
        )
        flushing = Mutex(FlushState(checkpoint: loaded.checkpoint))
        view = Mutex(loaded.view(configuration))
    }

    /// Opens or creates the log, after a crash cutting off a torn tail and nothing else.
    ///
    /// `now` is ms since 1970, here as everywhere.
    /// - Throws: `.configuration`, `.newerFormat`, `.diskFull`, `.io`.
    package static func open(
        directory: String,
        configuration: LogConfiguration,
        files: FileCache,
        now: Int64
    ) throws(StorageError) -> PartitionLog {
        try configuration.validate()
        let loader = LogLoader(directory: directory, files: files, now: now)
        let loaded = try loader.load(giveUpFrom: nil)
        return PartitionLog(directory: directory, files: files, loaded: loaded, configuration: configuration)
    }

    package var configuration: LogConfiguration { view.withLock { $0.configuration } }

    /// Changes the settings from the next call on.
    /// - Throws: `.configuration`.
    package func update(_ configuration: LogConfiguration) throws(StorageError) {
        try configuration.validate()
        view.withLock { $0.configuration = configuration }
        notify()
    }

    /// All marks of one moment.
    package var offsets: LogOffsets { view.withLock { $0.offsets } }

    /// Bytes in segment files.
    package var byteCount: Int {
        view.withLock { $0.segments }.reduce(0) { $0 + $1.byteCount }
    }

    /// Segments now, the active one included.
    package var segmentCount: Int { view.withLock { $0.segments.count } }

    /// Bytes written and not synced.
    var unsyncedBytes: Int { view.withLock { $0.end.position - $0.durable.position } }

    /// Called after the high watermark or the last stable offset has moved, on the thread that moved it, with no lock
    /// held; must not block. One observer; a later call replaces it.
    package func observe(_ onAdvance: @escaping @Sendable () -> Void) {
        observer.withLock { $0 = Observer(onAdvance: onAdvance) }
    }

    func notify() {
        observer.withLock { $0 }?.onAdvance()
    }

    /// Producers known, sorted by id.
    package func producers() -> [ProducerSummary] {
        let known = writer.withLock { $0.producers.producers }
        return known.sorted { $0.key < $1.key }.map { id, state in
            ProducerSummary(
                producerID: id,
                epoch: state.epoch,
                lastSequence: state.lastSequence,
                lastTimestamp: state.lastTimestamp,
                coordinatorEpoch: state.coordinatorEpoch,
                transactionStart: state.transactionStart
            )
        }
    }
}
