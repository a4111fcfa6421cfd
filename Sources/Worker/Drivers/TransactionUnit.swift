internal import ConnectorKit
internal import Delivery
internal import Log

/// The records of one transaction, in the order in which they were read, each with what becomes of it.
struct TransactionUnit {
    /// One record.
    struct Entry {
        /// The record as it was read, in the log's memory.
        let message: MessageView
        var passage: Passage
    }

    /// What becomes of a record when the transaction is committed.
    enum Passage {
        case settled(Outcome)
        case deliver(Record, route: Int)
        case deadLetter(DeadLetterCause)

        var outcome: Outcome {
            switch self {
            case .settled(let outcome): outcome
            case .deliver: .delivered
            case .deadLetter(let cause): .deadLettered(cause.reason)
            }
        }
    }

    var entries: [Entry] = []
    /// Of keys and values as read.
    var bytes = 0

    /// Outcomes and next offset per partition.
    var tallies: [TopicPartition: PartitionTally] {
        entries.reduce(into: [:]) { tallies, entry in
            tallies[entry.message.topicPartition, default: PartitionTally(next: entry.message.offset.next)].add(entry)
        }
    }

    /// The log does not take what became of entry `index`: its dead letter goes instead, with the next try.
    ///
    /// - Throws: when it is the dead letter that the log does not take.
    mutating func reject(_ index: Int, _ error: LogError) throws(DriverError) {
        if case .deadLetter = entries[index].passage {
            throw .deadLetterTooLarge(Record(entries[index].message).id, error)
        }
        entries[index].passage = .deadLetter(
            DeadLetterCause(.tooLarge, detail: "\(error)", stage: .delivery, attempts: 1)
        )
    }

    /// Counts the committed records.
    func count(into meter: ConnectorMeter, at now: Timestamp) {
        meter.consumed(entries.count)
        for entry in entries {
            meter.settled(entry.passage.outcome)
            if case .deadLetter(let cause) = entry.passage { meter.deadLettered(cause.reason) }
            if let since = entry.message.timestamp { meter.endToEnd(.milliseconds(now.rawValue - since.rawValue)) }
        }
    }
}

extension PartitionTally {
    fileprivate mutating func add(_ entry: TransactionUnit.Entry) {
        outcomes.record(entry.passage.outcome)
        next = entry.message.offset.next
    }
}
