package import ConnectorKit
package import Log

/// Puts each record where its source has it: the same topic and partition, with its key and its timestamp.
package struct MirrorSink: LogSink {
    /// A value: there is nothing to close.
    package init() {}

    /// None: each record says it, and the source sees to it that they are there.
    package var topics: [TopicName] { [] }

    /// Where `record` was read. What no log has held has no place: no log takes a topic without a name.
    package func route(_ record: Record) -> LogRoute {
        let place = record.origin?.topicPartition
        var route = LogRoute(topic: place?.topic ?? "", partition: place?.partition, keyOf: record)
        route.timestamp = record.timestamp
        return route
    }
}
