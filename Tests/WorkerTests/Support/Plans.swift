import ConnectorKit
import Contracts
import Delivery
import Expressions
import JSON
import Log

@testable import Worker

extension ConnectorPlan {
    /// A connector that reads `in` and delivers to `sink`.
    static func delivering(
        to sink: any Sink,
        order: Order = .key,
        inFlight: Int = 8,
        retry: RetrySchedule = .fast,
        deadLetter: TopicName? = "tickets.dlq"
    ) -> ConnectorPlan {
        ConnectorPlan(
            name: "tickets",
            routes: [PlannedRoute(target: .external(sink))],
            delivery: DeliveryPolicy(order: order, inFlight: inFlight, retry: retry, deadLetter: deadLetter)
        )
    }

    /// A connector that reads `in` and writes `out`, one record for one.
    static func copying(deadLetter: TopicName? = "tickets.dlq") -> ConnectorPlan {
        ConnectorPlan(
            name: "tickets",
            routes: [PlannedRoute(target: .log(CopySink(topic: "out")))],
            delivery: DeliveryPolicy(deadLetter: deadLetter)
        )
    }
}

extension RetrySchedule {
    /// Waits so short that real time does not matter.
    static var fast: RetrySchedule { .fast(attempts: 8) }

    static func fast(attempts: Int) -> RetrySchedule {
        do {
            return try RetrySchedule(
                attempts: attempts,
                initial: .milliseconds(1),
                max: .milliseconds(4),
                jitter: .full,
                within: .seconds(600)
            )
        } catch {
            preconditionFailure("\(error)")
        }
    }
}

/// Writes every record to one topic, as it is.
struct CopySink: LogSink {
    let topic: TopicName
    var topics: [TopicName] { [topic] }

    func route(_ record: Record) -> LogRoute {
        LogRoute(topic: topic, partition: record.origin?.topicPartition.partition, keyOf: record)
    }
}

/// A contract that asks for an object with a whole number `n`.
func numberContract() throws -> Contract {
    try Contract(
        compiling: Array(#"{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}"#.utf8)
    )
}

extension LogRecord {
    var text: String { String(decoding: value ?? [], as: UTF8.self) }
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.text }
}
