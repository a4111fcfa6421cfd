internal import ConnectorKit
package import Log

/// What the `mirror` source reads and how.
package struct MirrorSettings: Sendable {
    /// Topics that belong to the brokers themselves (`__consumer_offsets`, `__transaction_state`, …) begin so.
    static let internalPrefix = "__"

    /// `brokers` (text, required): of the other cluster, for messages.
    package let brokers: String
    /// `topics` (topics or patterns, required): a pattern begins with `^`. Topics of the brokers' own are never mirrored.
    package let topics: [TopicName]
    /// `positions` (true or false, default: true): also mirror `busbar.offsets`, so that pull sources continue.
    package let positions: Bool
    /// `follow` (true or false, default: true): wait for more; `false` ends when everything there is was mirrored.
    package let follow: Bool
    /// `batch` (records, default: 1000, range: 1-10000): how many go into one transaction; it also ends at 4 MiB, or at one
    /// record.
    package let batch: Int
    /// `refresh` (duration, default: 10s, range: 10ms-1h): how often new topics and partitions are looked for, and whether
    /// the other cluster answers.
    package let refresh: Duration

    /// - Throws: a ``ConnectorError`` that names the setting.
    package init(
        brokers: String,
        topics: [TopicName],
        positions: Bool = true,
        follow: Bool = true,
        batch: Int = 1000,
        refresh: Duration = .seconds(10)
    ) throws(ConnectorError) {
        try ConnectorError.check("batch", batch, in: 1...10_000)
        try ConnectorError.check("refresh", refresh, in: .milliseconds(10) ... .seconds(3600))
        if let topic = topics.first(where: { $0.rawValue.hasPrefix(Self.internalPrefix) }) {
            throw .invalid("topics", "\(topic) is the brokers' own; name topics that hold records of yours.")
        }
        self.brokers = brokers
        self.topics = topics
        self.positions = positions
        self.follow = follow
        self.batch = batch
        self.refresh = refresh
    }

    /// Whether `topic` of the other cluster is mirrored.
    func mirrors(_ topic: TopicName) -> Bool {
        if topic == PositionKey.topic { return positions }
        if topic.rawValue.hasPrefix(Self.internalPrefix) { return false }
        return topics.contains { wanted in
            wanted.rawValue.hasPrefix("^") ? TopicPattern.matches(wanted.rawValue, topic.rawValue) : wanted == topic
        }
    }
}
