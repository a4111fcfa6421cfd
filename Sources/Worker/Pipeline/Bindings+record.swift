internal import ConnectorKit
internal import Expressions
internal import Log

extension Bindings {
    /// What `$headers`, `$key` and `$meta` are for a record in a connector.
    init(_ record: Record, connector: String) {
        self.init(
            headers: record.headers.map { (name: $0.name, value: $0.text ?? "") },
            key: record.key.map { String(decoding: $0, as: UTF8.self) },
            meta: Meta(
                topic: record.origin?.topicPartition.topic.rawValue,
                partition: record.origin.map { Int($0.topicPartition.partition.rawValue) },
                offset: record.origin?.offset.rawValue,
                timestamp: record.timestamp?.rawValue,
                connector: connector
            )
        )
    }

    /// What they are for a message whose identity is computed. The position is left out: the same event must have the
    /// same identity wherever it lies.
    init(_ message: MessageView) {
        self.init(
            headers: message.headers().map { (name: $0.name, value: $0.text ?? "") },
            key: message.key.map { String(decoding: $0, as: UTF8.self) },
            meta: Meta(topic: message.topicPartition.topic.rawValue)
        )
    }
}
