internal import ConnectorKit
internal import Expressions
internal import Log

/// Which bindings programs may look at: what none of them names is not made for them.
///
/// jq knows a variable by its name only, so that a text without the word cannot use it; the word may stand there for
/// something else, which costs a copy.
struct BindingNeeds {
    private let headers: Bool
    private let key: Bool

    init(_ programs: some Sequence<Program>) {
        headers = programs.contains { $0.source.contains("headers") }
        key = programs.contains { $0.source.contains("key") }
    }

    /// What `$headers`, `$key` and `$meta` are for a record in a connector.
    func bindings(of record: Record, in connector: String) -> Bindings {
        Bindings(
            headers: headers ? record.headers.map(\.binding) : [],
            key: key ? record.withKey { $0.map { String(decoding: $0, as: UTF8.self) } } : nil,
            meta: Bindings.Meta(
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
    func bindings(of message: MessageView) -> Bindings {
        Bindings(
            headers: headers ? message.headers().map(\.binding) : [],
            key: key ? message.key.map { String(decoding: $0, as: UTF8.self) } : nil,
            meta: Bindings.Meta(topic: message.topicPartition.topic.rawValue)
        )
    }
}

extension Header {
    fileprivate var binding: (name: String, value: String) { (name, text ?? "") }
}
