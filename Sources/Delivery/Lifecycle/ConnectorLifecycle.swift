/// The life of one connector in a worker, as `/readyz` and `busbar_connector_state` show it.
///
/// ```
///   starting ──→ running ⇄ paused(reasons)
///      │            └──────┬──────┘
///      │                   ↓ stop
///      ├──────────────→ draining ──→ stopped ──→ starting
///      │                   │                        ↑ restart
///      └──── any failure ──┴──→ failed(detail) ─────┘
/// ```
///
/// Several reasons to pause may hold at once; the connector runs again when the last one is gone. Every event returns
/// what the driver has to do; an event that does not fit the state changes nothing.
package struct ConnectorLifecycle: Sendable {
    /// Where the connector is.
    package enum State: Hashable, Sendable {
        /// Opening its source and sink.
        case starting
        /// Handling records.
        case running
        /// Connected and in its group, handing out nothing.
        case paused(Set<PauseReason>)
        /// Finishing what is started; takes nothing new.
        case draining
        /// Ended as asked.
        case stopped
        /// Ended by an error.
        case failed(detail: String)

        /// The value of the metric's and the log's `state`.
        package var label: String {
            switch self {
            case .starting: "starting"
            case .running: "running"
            case .paused: "paused"
            case .draining: "draining"
            case .stopped: "stopped"
            case .failed: "failed"
            }
        }

        /// Every label, for state-set metrics.
        package static let labels = ["starting", "running", "paused", "draining", "stopped", "failed"]
    }

    /// What someone wants it to be.
    package enum Desired: String, CaseIterable, Sendable {
        /// Handling records.
        case running
        /// Holding still.
        case paused
        /// Gone.
        case stopped
    }

    /// What the driver does after an event.
    package enum Action: Hashable, Sendable {
        /// Nothing.
        case nothing
        /// Open source and sink, then report `onStarted` or `onFailure`.
        case open
        /// Begin to hand out records.
        case run
        /// Stop handing out records; what is started goes on.
        case pause
        /// Hand out records again.
        case resume
        /// Take nothing new, finish what is started, commit, then report `onDrained`.
        case drain
        /// Close source and sink.
        case close
    }

    /// Where the connector is.
    package private(set) var state = State.starting
    /// What someone wants it to be.
    package private(set) var desired = Desired.running
    /// Reasons that were given before it had started count from the start.
    private var reasons: Set<PauseReason> = []

    /// A connector about to start; the driver opens its source and sink.
    package init() {}

    /// Whether it is what it should be: running, or paused by an operator for no other reason.
    package var isReady: Bool {
        switch desired {
        case .running: state == .running
        case .paused: state == .paused([.operator])
        case .stopped: state == .stopped
        }
    }

    /// Source and sink are open.
    package mutating func onStarted() -> Action {
        guard state == .starting else { return .nothing }
        state = reasons.isEmpty ? .running : .paused(reasons)
        return reasons.isEmpty ? .run : .nothing
    }

    /// There is a reason to hold still.
    package mutating func onPause(_ reason: PauseReason) -> Action {
        guard isAlive else { return .nothing }
        if reason == .operator { desired = .paused }
        reasons.insert(reason)
        let action: Action = state == .running ? .pause : .nothing
        if state != .starting { state = .paused(reasons) }
        return action
    }

    /// A reason to hold still is gone.
    package mutating func onResume(_ reason: PauseReason) -> Action {
        guard isAlive, reasons.remove(reason) != nil else { return .nothing }
        if reason == .operator { desired = .running }
        guard case .paused = state else { return .nothing }
        state = reasons.isEmpty ? .running : .paused(reasons)
        return reasons.isEmpty ? .resume : .nothing
    }

    /// Someone wants it gone: a signal, an operator, a removed file.
    package mutating func onStop() -> Action {
        desired = .stopped
        switch state {
        case .running, .paused:
            state = .draining
            return .drain
        case .starting:
            state = .stopped
            return .close
        case .draining, .stopped, .failed:
            return .nothing
        }
    }

    /// What was started is finished and committed, or the drain deadline has passed.
    package mutating func onDrained() -> Action {
        guard state == .draining else { return .nothing }
        state = .stopped
        return .close
    }

    /// It cannot go on. `detail` says what happened and what to do.
    package mutating func onFailure(_ detail: String) -> Action {
        switch state {
        case .stopped, .failed:
            return .nothing
        case .starting, .running, .paused, .draining:
            state = .failed(detail: detail)
            return .close
        }
    }

    /// Someone, or the restart policy, wants it back after it ended. An operator's pause stays in force.
    package mutating func onRestart() -> Action {
        switch state {
        case .stopped, .failed:
            state = .starting
            reasons.formIntersection([.operator])
            desired = reasons.isEmpty ? .running : .paused
            return .open
        case .starting, .running, .paused, .draining:
            return .nothing
        }
    }

    /// Whether pausing and resuming mean anything.
    private var isAlive: Bool {
        switch state {
        case .starting, .running, .paused: true
        case .draining, .stopped, .failed: false
        }
    }
}
