package import Delivery
internal import JSON
internal import Log
internal import Synchronization

/// What every connector of the worker is doing, for health checks, metrics and `/connectors`.
///
/// Drivers write, servers read; both hold the lock for a copy only.
package final class StatusBoard: Sendable {
    /// One connector.
    struct Entry: Sendable {
        var lifecycle = ConnectorLifecycle()
        /// Why it is paused or failed, what ails its target, or where its source listens.
        var detail = ""
        var partitions: [TopicPartition: PartitionView] = [:]
        /// Of records that do not come from a log.
        var intake = Accounting()
        /// What a source outside the log has and was not accepted; `nil` where it does not say.
        var sourceLag: Int64?

        /// Over all partitions.
        var accounting: Accounting {
            partitions.values.reduce(intake) { $0 + $1.accounting }
        }
    }

    private let entries = Mutex<[String: Entry]>([:])

    package init() {}

    /// Adds a connector that shall run. It is shown from now on, whatever becomes of it.
    package func add(_ connector: String) {
        entries.withLock { $0[connector] = Entry() }
    }

    /// Feeds an event to the connector's lifecycle.
    package func change(_ connector: String, detail: String? = nil, _ event: (inout ConnectorLifecycle) -> Void) {
        entries.withLock { entries in
            guard var entry = entries[connector] else { return }
            event(&entry.lifecycle)
            if let detail { entry.detail = detail }
            entries[connector] = entry
        }
    }

    /// Changes what is said of a running connector; why one is paused or failed stays.
    func explain(_ connector: String, _ detail: String) {
        entries.withLock { entries in
            guard entries[connector]?.lifecycle.state == .running else { return }
            entries[connector]?.detail = detail
        }
    }

    func detail(of connector: String) -> String {
        entries.withLock { $0[connector]?.detail ?? "" }
    }

    func pause(_ connector: String, _ reason: PauseReason, detail: String) {
        change(connector, detail: detail) { _ = $0.onPause(reason) }
    }

    /// The reason is gone.
    func resume(_ connector: String, from reason: PauseReason) {
        entries.withLock { entries in
            guard case .paused(let reasons)? = entries[connector]?.lifecycle.state, reasons.contains(reason) else {
                return
            }
            _ = entries[connector]?.lifecycle.onResume(reason)
            entries[connector]?.detail = ""
        }
    }

    func show(_ partitions: [PartitionView], of connector: String) {
        entries.withLock { entries in
            for view in partitions { entries[connector]?.partitions[view.topicPartition] = view }
        }
    }

    func forget(_ partitions: [TopicPartition], of connector: String) {
        entries.withLock { entries in
            for partition in partitions { entries[connector]?.partitions[partition] = nil }
        }
    }

    /// Changes the accounting of a connector whose records do not come from a log.
    func count(_ connector: String, _ body: (inout Accounting) -> Void) {
        entries.withLock { entries in
            guard var entry = entries[connector] else { return }
            body(&entry.intake)
            entries[connector] = entry
        }
    }

    /// Notes how many records a source outside the log still holds.
    func report(lag: Int64, of connector: String) {
        entries.withLock { $0[connector]?.sourceLag = lag }
    }

    func snapshot() -> [(name: String, entry: Entry)] {
        entries.withLock { entries in
            entries.sorted { $0.key < $1.key }.map { (name: $0.key, entry: $0.value) }
        }
    }
}

/// What a driver shows of one partition.
struct PartitionView: Sendable {
    let topicPartition: TopicPartition
    let accounting: Accounting
    /// The offset a restart would begin at.
    let committable: Offset
    /// Records from there to the end of the partition; `nil` while the end is not known.
    let lag: Int64?
    /// Age of the oldest record without an outcome; zero when there is none.
    let lagTime: Duration

    init(_ state: PartitionState, end: Offset?, now: Timestamp) {
        topicPartition = state.topicPartition
        accounting = state.accounting
        committable = state.tracker.committable
        lag = end.map { max(0, state.tracker.committable.distance(to: $0)) }
        lagTime = state.oldestUnsettled.map { .milliseconds(max(0, now.rawValue - $0.rawValue)) } ?? .zero
    }
}
