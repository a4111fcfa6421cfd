package import Log

/// What the `kafka` source reads.
package struct KafkaSourceSettings: Sendable, Hashable {
    /// `topic` (text) or `topics` (list), one required: names; one that starts with `^` is a regular expression over topic
    /// names (librdkafka's, POSIX extended).
    package let topics: [TopicName]
    /// `start` (`earliest` or `latest`, default: earliest): where a connector without committed offsets begins.
    package let start: StartPosition

    /// - Throws: a ``ConnectorError`` that names the setting.
    package init(topics: [TopicName], start: StartPosition = .earliest) throws(ConnectorError) {
        guard !topics.isEmpty else {
            throw .invalid("topic", "no topic is given; write topic: NAME or topics: [NAME, …].")
        }
        for topic in topics where !Self.isName(topic) {
            throw .invalid("topics", "\(topic) is no topic name; use 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-', or ^regex.")
        }
        if let repeated = topics.first(where: { topic in topics.count(where: { $0 == topic }) > 1 }) {
            throw .invalid("topics", "\(repeated) is listed twice; leave one out.")
        }
        self.topics = topics
        self.start = start
    }

    private static func isName(_ topic: TopicName) -> Bool {
        topic.rawValue.first == "^" ? topic.rawValue.utf8.count > 1 : topic.isValid
    }
}
