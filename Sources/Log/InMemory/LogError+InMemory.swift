/// The errors of ``InMemoryLog``, under the names that Kafka's protocol or librdkafka (leading `_`) gives them.
extension LogError {
    static func unknown(_ topic: TopicName) -> LogError {
        LogError(
            .unknownTopicOrPartition,
            name: "UNKNOWN_TOPIC_OR_PART",
            message: "Topic \(topic) does not exist: create it first."
        )
    }

    static func unknown(_ partition: TopicPartition) -> LogError {
        LogError(
            .unknownTopicOrPartition,
            name: "_UNKNOWN_PARTITION",
            message: "Partition \(partition) does not exist."
        )
    }

    static func closed(_ what: String) -> LogError {
        LogError(.closed, name: "_DESTROY", message: "The \(what) was closed.", isFatal: true)
    }

    static func wrongState(_ message: String) -> LogError {
        LogError(.other, name: "_STATE", message: message)
    }

    static func invalid(_ name: String, _ message: String) -> LogError {
        LogError(.configuration, name: name, message: message)
    }

    static func fenced(producer id: String) -> LogError {
        LogError(
            .fenced,
            name: "_FENCED",
            message: "Transactional id \(id) was taken over by a newer producer, or its transaction timed out: "
                + "open a new producer.",
            isFatal: true
        )
    }

    static func fenced(instance id: String) -> LogError {
        LogError(
            .fenced,
            name: "FENCED_INSTANCE_ID",
            message: "A newer consumer joined with group instance id \(id).",
            isFatal: true
        )
    }

    static func stale(_ group: String) -> LogError {
        LogError(
            .staleGeneration,
            name: "ILLEGAL_GENERATION",
            message: "The consumer is not a member of the current generation of group \(group): "
                + "its partitions may belong to another member."
        )
    }

    static let unstableOffsets = LogError(
        .timedOut,
        name: "UNSTABLE_OFFSET_COMMIT",
        message: "An open transaction holds offsets of these partitions: try again.",
        isRetriable: true
    )

    static let acknowledgementTimedOut = LogError(
        .timedOut,
        name: "_MSG_TIMED_OUT",
        message: "No acknowledgement came in time; whether the record was written is unknown."
    )
}
