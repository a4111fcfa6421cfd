public import Delivery

/// Brings events in from outside the log.
///
/// A push source (webhook) answers its sender by what ``Intake/accept(_:positions:)`` returns; a pull source (file) hands
/// over records together with the position after them, and continues from the stored position after a restart.
public protocol Source: Sendable {
    /// Runs until the task is cancelled or the source is exhausted for good.
    ///
    /// Stops taking new events on cancellation, and returns when those under way have their answer.
    /// - Throws: what makes the source unable to go on; the runtime restarts it.
    func run(into intake: any Intake) async throws
}

/// The runtime's side of a source.
public protocol Intake: Sendable {
    /// The position last stored for `partition` of the source, byte for byte; `nil` at the first start.
    func position(of partition: String) async throws -> [UInt8]?

    /// Takes records through contract, steps and delivery, and returns when each has its durable outcome.
    ///
    /// With positions, one for each part of the source that records came from, records and positions are stored atomically
    /// where the target is the log, and the positions after the records elsewhere. Calls without a position may be
    /// concurrent; calls with one are made one after the other.
    /// - Throws: ``IntakeError``; then nothing of the call counts as accepted.
    func accept(_ records: [Record], positions: [SourcePosition]) async throws(IntakeError) -> [IntakeOutcome]

    /// Tells health checks that the source is listening or reading.
    func ready(_ detail: String)

    /// Tells health checks and metrics how many records the source holds that were not accepted yet, where it knows.
    func report(lag: Int64)
}

extension Intake {
    /// Takes records of one part of the source, or of a push source, which has no position.
    public func accept(
        _ records: [Record],
        position: SourcePosition?
    ) async throws(IntakeError) -> [IntakeOutcome] {
        try await accept(records, positions: position.map { [$0] } ?? [])
    }
}

/// A place in a source to continue from.
public struct SourcePosition: Sendable, Hashable {
    /// What the position is about, for example a file's path; unique inside the connector.
    public var partition: String
    /// The source's own format.
    public var value: [UInt8]

    public init(partition: String, value: [UInt8]) {
        self.partition = partition
        self.value = value
    }
}

/// Why nothing could be accepted just now.
public enum IntakeError: Error, Sendable, Hashable {
    /// The runtime's queue is full; try again after the given time.
    case overloaded(retryAfter: Duration)
    /// The log does not answer.
    case unavailable(detail: String)
    /// The worker is shutting down.
    case stopping
}

/// What became of an accepted record.
public enum IntakeOutcome: Sendable, Hashable {
    case delivered
    case filtered
    case duplicate
    case deadLettered(DeadLetterReason)
    /// Not taken: it breaks the contract, and the connector says `on_violation: reject`.
    case rejected(DeadLetterReason, detail: String)
}
