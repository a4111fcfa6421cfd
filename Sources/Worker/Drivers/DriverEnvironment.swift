internal import Delivery
package import Log
package import Logging

/// What a driver lives in: clocks, limits, the log, and who watches.
package struct DriverEnvironment: Sendable {
    package var log: any Log
    package var clock: RuntimeClock
    package var limits: DriverLimits
    /// With the connector's name in its metadata.
    package var logger: Logger
    package var board: StatusBoard
    package var meter: ConnectorMeter
    /// Folder of the connector's local state.
    package var stateDirectory: String
    /// Under which name the worker is a static member of its groups (KIP-345); `nil`: it is a dynamic one.
    package var instanceID: String?

    package init(
        log: any Log,
        clock: RuntimeClock = .system,
        limits: DriverLimits = DriverLimits(),
        logger: Logger,
        board: StatusBoard,
        meter: ConnectorMeter,
        stateDirectory: String,
        instanceID: String? = nil
    ) {
        self.log = log
        self.clock = clock
        self.limits = limits
        self.logger = logger
        self.board = board
        self.meter = meter
        self.stateDirectory = stateDirectory
        self.instanceID = instanceID
    }
}

/// The bounds of a driver.
package struct DriverLimits: Sendable {
    /// Most records per partition that may be read beyond the oldest one without an outcome.
    package var window = 10_000
    /// Most records that wait for their turn, over all partitions.
    package var waiting = 2_000
    /// How often offsets are committed.
    package var commitInterval = Duration.milliseconds(500)
    /// How long started deliveries may take to finish when partitions are taken away.
    package var revokeDeadline = Duration.seconds(15)
    /// The same when the connector stops.
    package var drainDeadline = Duration.seconds(20)
    /// Most bytes of output in one transaction.
    package var transactionBytes = 8 << 20

    package init() {}
}

/// Why a driver ended.
package enum DriverError: Error, CustomStringConvertible {
    /// The sink said that it is broken.
    case sink(String)
    /// A record was refused for good, and the connector has no dead-letter topic.
    case undeliverable(String, DeadLetterCause)
    /// The dead letter of a record is more than its topic takes.
    case deadLetterTooLarge(String, LogError)
    /// A client of the log has to be replaced.
    case log(LogError)
    /// The connector's files cannot be run.
    case plan(String)

    /// What ends a driver whose producer cannot go on.
    static func ending(_ cause: LogError) -> any Error {
        cause.isFatal ? cause : DriverError.log(cause)
    }

    /// What to do about a dead letter that is too large. It is the record as it was read and up to 8 KiB of headers.
    static let roomForDeadLetters =
        "raise `max.message.bytes` of the dead-letter topic to that of the source's topic and 8 KiB more "
        + "(kafka-configs.sh --alter --entity-type topics --entity-name TOPIC --add-config max.message.bytes=N), and "
        + "`message.max.bytes` under `kafka:` in busbar.yaml when it is below that; the record is tried again, nothing is "
        + "lost meanwhile"

    package var description: String {
        switch self {
        case .sink(let detail):
            "the sink cannot go on: \(detail)"
        case .undeliverable(let id, let cause):
            "record \(id) was refused (\(cause.reason.rawValue): \(cause.detail)) and the connector says "
                + "`dead_letter: none`; name a dead-letter topic or repair the cause, then restart"
        case .deadLetterTooLarge(let id, let error):
            "the dead letter of record \(id) is too large for its topic (\(error)); \(Self.roomForDeadLetters)"
        case .log(let error):
            "\(error)"
        case .plan(let detail):
            detail
        }
    }
}
