internal import Glibc
internal import LogStorage
internal import Synchronization

/// One partition: its log, opened when it is first needed, and those who wait for it to grow.
///
/// A partition that was never written has no files. Any thread; opening blocks on the disk.
final class Partition: Sendable {
    /// Who wants to know when consumers can see more.
    typealias Observer = @Sendable () -> Void

    private enum Phase {
        case unopened
        case open(PartitionLog)
        case closed
    }

    private struct State {
        var phase = Phase.unopened
        var configuration: LogConfiguration
    }

    private struct Observers {
        var byID: [UInt64: Observer] = [:]
        var nextID: UInt64 = 0
    }

    let topic: String
    let index: Int32
    let directory: String
    private let files: FileCache
    private let state: Mutex<State>
    private let observers = Mutex(Observers())

    init(topic: String, index: Int32, directory: String, configuration: LogConfiguration, files: FileCache) {
        self.topic = topic
        self.index = index
        self.directory = directory
        self.files = files
        state = Mutex(State(configuration: configuration))
    }

    /// Kafka counts leaders; here the one node has led every partition from the start.
    static let leaderEpoch: Int32 = 0

    /// The log, made if there is none.
    /// - Throws: what opening throws; `closed` once the topic is deleted.
    func log() throws(StorageError) -> PartitionLog {
        guard let log = try opened(creates: true) else {
            throw StorageError(.closed, "the log could not be made", path: directory)
        }
        return log
    }

    /// The log, unless nothing was ever written.
    /// - Throws: as ``log()``.
    func existingLog() throws(StorageError) -> PartitionLog? {
        try opened(creates: false)
    }

    private func opened(creates: Bool) throws(StorageError) -> PartitionLog? {
        let result: Result<PartitionLog?, StorageError> = state.withLock { state in
            switch state.phase {
            case .open(let log): return .success(log)
            case .closed: return .failure(StorageError(.closed, "the topic was deleted", path: directory))
            case .unopened: break
            }
            do throws(StorageError) {
                if !creates {
                    guard try files.disk.exists(directory) else { return .success(nil) }
                }
                let now = Int64(time(nil)) * 1_000
                let log = try PartitionLog.open(
                    directory: directory,
                    configuration: state.configuration,
                    files: files,
                    now: now
                )
                log.observe { [weak self] in self?.advanced() }
                state.phase = .open(log)
                return .success(log)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Changes the settings, also those of a log that is open.
    func update(_ configuration: LogConfiguration) throws(StorageError) {
        let log: PartitionLog? = state.withLock { state in
            state.configuration = configuration
            return if case .open(let log) = state.phase { log } else { nil }
        }
        try log?.update(configuration)
    }

    /// Closes the log; it opens no more, and waiters find it so.
    func close(clean: Bool) throws(StorageError) {
        let log = takeLog()
        advanced()
        try log?.close(clean: clean)
    }

    /// Removes the files of a partition that was closed.
    func removeFiles() throws(StorageError) {
        try PartitionLog.remove(directory, from: files.disk)
    }

    private func takeLog() -> PartitionLog? {
        state.withLock { state in
            defer { state.phase = .closed }
            return if case .open(let log) = state.phase { log } else { nil }
        }
    }

    // Waiting

    /// Has `observer` called whenever consumers can see more, until ``forget(_:)``. It must not block.
    func observe(_ observer: @escaping Observer) -> UInt64 {
        observers.withLock { observers in
            defer { observers.nextID += 1 }
            observers.byID[observers.nextID] = observer
            return observers.nextID
        }
    }

    /// Ends what ``observe(_:)`` began.
    func forget(_ id: UInt64) {
        observers.withLock { _ = $0.byID.removeValue(forKey: id) }
    }

    /// Calls every observer, although nothing has changed.
    func wake() { advanced() }

    private func advanced() {
        let all = observers.withLock { Array($0.byID.values) }
        for observer in all { observer() }
    }
}
