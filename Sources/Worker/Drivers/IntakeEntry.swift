internal import ConnectorKit
internal import Delivery
internal import Log

/// A record that a source handed over, on its way to its outcome.
struct IntakeEntry: Sendable {
    /// As it came.
    let original: Record
    var work: Work

    /// What is still to be done.
    enum Work: Sendable {
        case produce(Record, route: Int)
        case deadLetter(DeadLetterCause)
        /// Nothing, or it was done outside the log.
        case done(Outcome)
        /// The sender is told, and nothing is kept.
        case refused(DeadLetterCause)
    }

    init(_ record: Record, _ passage: Passage, _ violations: ViolationPolicy) {
        original = record
        switch passage {
        case .filtered:
            work = .done(.filtered)
        case .deliver(let shaped, let route):
            work = .produce(shaped, route: route)
        case .deadLetter(let cause):
            let isRefused = violations == .reject && (cause.reason == .schema || cause.reason == .decode)
            work = isRefused ? .refused(cause) : .deadLetter(cause)
        }
    }

    /// The log does not take what became of the record: its dead letter goes instead.
    /// - Throws: when it is the dead letter that the log does not take.
    mutating func reject(_ error: LogError) throws(DriverError) {
        if case .deadLetter = work { throw .deadLetterTooLarge(original.id, error) }
        work = .deadLetter(DeadLetterCause(.tooLarge, detail: "\(error)", stage: .delivery, attempts: 1))
    }

    var isRefused: Bool {
        if case .refused = work { true } else { false }
    }

    /// The outcome that the work leads to; `nil` for a record that is not taken.
    var settlement: Outcome? {
        switch work {
        case .produce: .delivered
        case .deadLetter(let cause): .deadLettered(cause.reason)
        case .done(let outcome): outcome
        case .refused: nil
        }
    }

    /// What the source is told.
    var outcome: IntakeOutcome {
        switch work {
        case .produce, .done(.delivered): .delivered
        case .done(.filtered): .filtered
        case .done(.duplicate): .duplicate
        case .done(.deadLettered(let reason)): .deadLettered(reason)
        case .deadLetter(let cause): .deadLettered(cause.reason)
        case .refused(let cause): .rejected(cause.reason, detail: cause.detail)
        }
    }
}

extension [IntakeEntry] {
    /// The outcomes of all that is taken.
    var tally: Tally {
        reduce(into: Tally()) { tally, entry in
            if let outcome = entry.settlement { tally.record(outcome) }
        }
    }
}
