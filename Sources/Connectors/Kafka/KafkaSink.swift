package import ConnectorKit
package import Log

/// What the `kafka` sink writes to.
package struct KafkaSinkSettings: Sendable {
    /// `topic` (text, required): one topic; lists with `when:` under `to:` choose between several.
    package let topic: TopicName
    /// `key` (jq, optional): gives the key of the record it is handed; without it the record keeps its key. A `nil` result
    /// is a null key. A program that fails is the runtime's business: it dead-letters the record with reason `expression`.
    package let key: (@Sendable (Record) -> [UInt8]?)?
    /// `format`, `subject`, `schema_id`, `register`: with which schema records are written; `nil` writes them as they are.
    package let encoding: PayloadEncoding?

    /// - Throws: a ``ConnectorError`` that names the setting.
    package init(
        topic: TopicName,
        key: (@Sendable (Record) -> [UInt8]?)? = nil,
        encoding: PayloadEncoding? = nil
    ) throws(ConnectorError) {
        guard topic.isValid else {
            throw .invalid("topic", "\(topic) is no topic name; use 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-'.")
        }
        self.topic = topic
        self.key = key
        self.encoding = encoding
    }
}

/// Routes records to a topic; the runtime produces them, in one transaction with the offsets of the input.
package struct KafkaSink: LogSink {
    private let settings: KafkaSinkSettings

    /// A value: there is nothing to close.
    package init(_ settings: KafkaSinkSettings) {
        self.settings = settings
    }

    /// The one topic.
    package var topics: [TopicName] { [settings.topic] }

    /// As the settings say.
    package var encoding: PayloadEncoding? { settings.encoding }

    /// The partition is chosen by the key.
    package func route(_ record: Record) -> LogRoute {
        guard let key = settings.key else { return LogRoute(topic: settings.topic, keyOf: record) }
        return LogRoute(topic: settings.topic, key: key(record))
    }
}
