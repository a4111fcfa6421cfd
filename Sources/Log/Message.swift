/// A message that owns its bytes: what ``MessageView/copy()`` makes.
public struct Message: Hashable, Sendable {
    /// Where the message was read.
    public var topicPartition: TopicPartition
    /// Its position there.
    public var offset: Offset
    /// `nil` where the log does not know it.
    public var timestamp: Timestamp?
    /// Whether ``timestamp`` is the producer's or the broker's.
    public var timestampType: TimestampType
    /// `nil` where the log or the client library does not tell.
    public var leaderEpoch: Int32?
    /// `nil` is a null key, which is not the same as an empty one.
    public var key: [UInt8]?
    /// `nil` is a tombstone, which is not the same as an empty value.
    public var value: [UInt8]?
    /// In the order of production; names may repeat.
    public var headers: [Header]

    /// A message of these parts.
    public init(
        topicPartition: TopicPartition,
        offset: Offset,
        timestamp: Timestamp? = nil,
        timestampType: TimestampType = .notAvailable,
        leaderEpoch: Int32? = nil,
        key: [UInt8]? = nil,
        value: [UInt8]? = nil,
        headers: [Header] = []
    ) {
        self.topicPartition = topicPartition
        self.offset = offset
        self.timestamp = timestamp
        self.timestampType = timestampType
        self.leaderEpoch = leaderEpoch
        self.key = key
        self.value = value
        self.headers = headers
    }
}

/// A record header: a name that may repeat and bytes that may be null.
public struct Header: Hashable, Sendable {
    /// UTF-8; may repeat within a record.
    public var name: String
    /// `nil` is a null, which is not the same as empty.
    public var value: [UInt8]?

    /// A header of bytes.
    public init(_ name: String, _ value: [UInt8]?) {
        self.name = name
        self.value = value
    }

    /// A header of text, as UTF-8.
    public init(_ name: String, _ text: String) {
        self.name = name
        self.value = Array(text.utf8)
    }

    /// The value read as UTF-8 (invalid sequences become U+FFFD); `nil` for a null value.
    public var text: String? { value.map { String(decoding: $0, as: UTF8.self) } }
}
