internal import ConnectorKit
internal import Delivery
internal import Log

/// A record that was read and waits for its outcome.
struct Flight: Sendable {
    /// The record as it was read, in the log's memory, which is kept as long as the record has no outcome: what a dead
    /// letter carries.
    let message: MessageView
    let handle: RecordHandle
    let work: Work

    var topicPartition: TopicPartition { message.topicPartition }

    /// What has to be done for the record.
    enum Work: Sendable {
        case deliver(Record, route: Int)
        case deadLetter(DeadLetterCause)

        /// `nil` for what goes to the dead-letter topic.
        var route: Int? {
            if case .deliver(_, let route) = self { route } else { nil }
        }
    }
}

/// How often a record was tried, kept only for records that failed once.
struct Attempts {
    var count = 0
    /// When the first attempt began.
    let since: Instant
    /// How long the target had stood still by then.
    let rested: Duration
}

/// Names a record that a driver holds.
struct FlightID: Hashable {
    let topicPartition: TopicPartition
    let handle: RecordHandle

    init(_ flight: Flight) {
        topicPartition = flight.topicPartition
        handle = flight.handle
    }
}

/// What a driver knows of the target of a route.
struct TargetState {
    var breaker = CircuitBreaker()
    /// The target asked to be left alone until then.
    var heldUntil: Instant?
    /// Its breaker has opened and it has taken nothing since.
    var isResting = false
    /// Times in a row that it refused everything.
    var refusals = 0
    /// Why, while it does.
    var refusesFor: PauseReason?
    /// How long it was left alone, over all, because it refused everything or its breaker was open. Retry deadlines
    /// do not count this time.
    var rested = Duration.zero
}
