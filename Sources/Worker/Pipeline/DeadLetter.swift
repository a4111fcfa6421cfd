package import ConnectorKit
package import Delivery
package import Log

/// Why a record goes to the dead-letter topic, with everything that someone needs to find the cause.
package struct DeadLetterCause: Sendable, Hashable {
    package var reason: DeadLetterReason
    /// What happened, for people; at most ``DeadLetter/maxDetail`` bytes are kept. Never holds payloads or secrets.
    package var detail: String
    /// JSON pointer into the payload, where the cause has one.
    package var pointer: String?
    /// The pipeline stage that failed.
    package var stage: Stage
    /// Attempts made at delivering the record; 0 when it never came to that.
    package var attempts: Int
    /// The contract that the record was held against, where it is not the connector's: `subject@vN`, or a schema's id.
    package var version: String?

    /// Stages in the order in which a record passes them, by Kafka Connect's names where it has one.
    package enum Stage: String, Sendable {
        case contract = "VALUE_CONVERTER"
        case step = "TRANSFORMATION"
        case route = "ROUTING"
        case delivery = "TASK_PUT"
    }

    package init(
        _ reason: DeadLetterReason,
        detail: String,
        pointer: String? = nil,
        stage: Stage,
        attempts: Int = 0,
        version: String? = nil
    ) {
        self.reason = reason
        self.detail = detail
        self.pointer = pointer
        self.stage = stage
        self.attempts = attempts
        self.version = version
    }
}

/// Builds dead-letter records (DESIGN.md section 5): the original key and value byte for byte, the original headers, Kafka
/// Connect's `__connect.errors.*` and busbar's own. Headers are set, never appended, so that their number stays constant
/// over any number of passes.
package struct DeadLetter: Sendable {
    /// Most bytes of a detail text, so that no header can outgrow the broker's record limit.
    package static let maxDetail = 2048

    private let connector: String
    private let task: Int
    private let version: String

    /// - Parameters:
    ///   - connector: the connector's name.
    ///   - task: the number of its task in this worker.
    ///   - version: of the contract the record was held against; empty without one.
    package init(connector: String, task: Int, version: String) {
        self.connector = connector
        self.task = task
        self.version = version
    }

    /// The headers of the dead letter of `record`.
    ///
    /// `record` is the one that was read, not what the steps made of it.
    package func headers(of record: Record, cause: DeadLetterCause, at time: Timestamp) -> [Header] {
        var letter = record.headers
        let detail = Self.bounded(cause.detail)
        let when = RFC3339.string(time)
        if let origin = record.origin {
            letter.set("__connect.errors.topic", origin.topicPartition.topic.rawValue)
            letter.set("__connect.errors.partition", String(origin.topicPartition.partition.rawValue))
            letter.set("__connect.errors.offset", String(origin.offset.rawValue))
            letter.set("busbar-orig-topic", origin.topicPartition.topic.rawValue)
            letter.set("busbar-orig-partition", String(origin.topicPartition.partition.rawValue))
            letter.set("busbar-orig-offset", String(origin.offset.rawValue))
        }
        if let timestamp = record.timestamp {
            letter.set("busbar-orig-ts", String(timestamp.rawValue))
        }
        letter.set("__connect.errors.connector.name", connector)
        letter.set("__connect.errors.task.id", String(task))
        letter.set("__connect.errors.stage", cause.stage.rawValue)
        letter.set("__connect.errors.exception.class.name", "busbar.\(cause.reason.rawValue)")
        letter.set("__connect.errors.exception.message", detail)
        letter.set("busbar-dlq-reason", cause.reason.rawValue)
        letter.set("busbar-dlq-pointer", cause.pointer ?? "")
        letter.set("busbar-dlq-attempts", String(cause.attempts))
        if record.header("busbar-dlq-first-at") == nil { letter.set("busbar-dlq-first-at", when) }
        letter.set("busbar-dlq-last-at", when)
        letter.set("busbar-dlq-version", cause.version ?? version)
        letter.set("busbar-dlq-fingerprint", Self.fingerprint(cause))
        return letter
    }

    /// A short hash of the normalised cause: digits do not count, so that "line 3" and "line 7" are one cause.
    ///
    /// FNV-1a, 64 bits, in hexadecimal: stable over releases because dashboards and `busbar dlq` group by it.
    static func fingerprint(_ cause: DeadLetterCause) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var inNumber = false
        for byte in "\(cause.reason.rawValue)|\(cause.stage.rawValue)|\(cause.detail)".utf8 {
            let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            if isDigit && inNumber { continue }
            inNumber = isDigit
            hash = (hash ^ UInt64(isDigit ? UInt8(ascii: "#") : byte)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The first ``maxDetail`` bytes of `text`, cut between characters.
    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > maxDetail else { return text }
        var end = text.startIndex
        var size = 0
        for index in text.indices {
            size += text[index].utf8.count
            if size > maxDetail - 3 { break }
            end = text.index(after: index)
        }
        return text[..<end] + "…"
    }
}
