/// What an ``InMemoryLog`` can be told to fail at.
package enum LogOperation: String, Sendable, Hashable, CaseIterable {
    case openConsumer, openProducer, openReader, createTopics
    /// ``LogProducer/send(_:)``: a fatal error is thrown, any other is the result of every record of that call.
    case send
    /// ``LogConsumer/next(wait:)`` and ``LogReader/next(wait:)``, when they have come to the point of fetching.
    case fetch
    /// ``LogConsumer/commit(_:)``
    case commit
    /// ``LogConsumer/committed(_:)``
    case committed
    /// ``LogReader/bounds(of:)`` and ``LogReader/offset(in:at:)``
    case offsets
    /// ``Log/topics()``
    case describe
    case beginTransaction, sendOffsets, commitTransaction, abortTransaction
}

/// Faults still to happen.
struct FaultPlan: Sendable {
    private struct Fault {
        let error: LogError
        /// `nil` is until further notice.
        var remaining: Int?
    }

    private var operations: [LogOperation: [Fault]] = [:]
    private var topics: [TopicName: Fault] = [:]

    mutating func fail(_ operation: LogOperation, with error: LogError, times: Int) {
        guard times > 0 else { return }
        operations[operation, default: []].append(Fault(error: error, remaining: times))
    }

    mutating func failSends(to topic: TopicName, with error: LogError, times: Int?) {
        topics[topic] = times == 0 ? nil : Fault(error: error, remaining: times)
    }

    mutating func clear() {
        operations = [:]
        topics = [:]
    }

    /// The error that this call of `operation` shall fail with; counts it off.
    mutating func take(_ operation: LogOperation) -> LogError? {
        guard var faults = operations[operation], !faults.isEmpty else { return nil }
        let fault = faults[0]
        let remaining = (fault.remaining ?? 1) - 1
        if remaining > 0 { faults[0].remaining = remaining } else { faults.removeFirst() }
        operations[operation] = faults.isEmpty ? nil : faults
        return fault.error
    }

    /// The error that this record to `topic` shall fail with; counts it off.
    mutating func take(recordTo topic: TopicName) -> LogError? {
        guard !topics.isEmpty, let fault = topics[topic] else { return nil }
        if let remaining = fault.remaining {
            topics[topic] = remaining > 1 ? Fault(error: fault.error, remaining: remaining - 1) : nil
        }
        return fault.error
    }
}
