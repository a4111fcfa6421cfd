public import Log

/// The bytes of a value: borrowed from the log as long as nothing changed them, owned once a step has.
public enum Payload: Sendable {
    /// The value of a message, in the log's memory.
    case borrowed(MessageView)
    case owned([UInt8])
    /// A null value (tombstone), which is not the same as an empty one.
    case null

    /// Calls `body` with the bytes; `nil` for a tombstone. The buffer is valid inside `body` only.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer?) throws -> R) rethrows -> R {
        switch self {
        case .borrowed(let message): try body(message.value)
        case .owned(let bytes): try bytes.withUnsafeBytes { try body($0) }
        case .null: try body(nil)
        }
    }

    /// The bytes, copied; `nil` for a tombstone.
    public func bytes() -> [UInt8]? {
        withBytes { $0.map { [UInt8]($0) } }
    }

    public var count: Int { withBytes { $0?.count ?? 0 } }
}

/// One event on its way through a connector.
public struct Record: Sendable {
    /// Stable over retries, restarts and replays of the same event: `<topic>/<partition>/<offset>`, or the event's own
    /// id where it has one. Sinks use it as idempotency key.
    public var id: String
    public var key: [UInt8]?
    public var value: Payload
    /// In the order of arrival; names may repeat.
    public var headers: [Header]
    /// When the record was appended to the log, or received; `nil` where unknown.
    public var timestamp: Timestamp?
    /// Where the record was read from; `nil` for records that do not come from a log.
    public var origin: Origin?

    /// A position in a log.
    public struct Origin: Sendable, Hashable {
        public var topicPartition: TopicPartition
        public var offset: Offset

        public init(_ topicPartition: TopicPartition, _ offset: Offset) {
            self.topicPartition = topicPartition
            self.offset = offset
        }
    }

    public init(
        id: String,
        key: [UInt8]? = nil,
        value: Payload,
        headers: [Header] = [],
        timestamp: Timestamp? = nil,
        origin: Origin? = nil
    ) {
        self.id = id
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
        self.origin = origin
    }

    /// The text of the first header called `name`; `nil` when there is none or its value is null.
    public func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.text
    }

    /// Sets header `name` to `text`, in place of every header of that name.
    public mutating func setHeader(_ name: String, _ text: String) {
        if let index = headers.firstIndex(where: { $0.name == name }) {
            headers[index] = Header(name, text)
            var later = headers[(index + 1)...]
            later.removeAll { $0.name == name }
            headers.replaceSubrange((index + 1)..., with: later)
        } else {
            headers.append(Header(name, text))
        }
    }
}
