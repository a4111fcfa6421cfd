public import Log

/// The bytes of a value: borrowed from the log as long as nothing changed them, owned once a step has.
public enum Payload: Sendable {
    /// The value of a message, in the log's memory.
    case borrowed(MessageView)
    /// The value of a message, in the log's memory, without so many bytes at its begin; they are there.
    case suffix(MessageView, from: Int)
    case owned([UInt8])
    /// A null value (tombstone), which is not the same as an empty one.
    case null

    /// Calls `body` with the bytes; `nil` for a tombstone. The buffer is valid inside `body` only.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer?) throws -> R) rethrows -> R {
        switch self {
        case .borrowed(let message): try body(message.value)
        case .suffix(let message, let start):
            try body(message.value.map { UnsafeRawBufferPointer(rebasing: $0[start...]) })
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
///
/// A record that was read from a log lies in the log's memory, which it keeps alive: id, key, value and headers are made
/// when they are asked for, each time anew, and owned once they are set. ``withKey(_:)``, ``Payload/withBytes(_:)`` and
/// ``header(_:)`` look without copying the whole.
public struct Record: Sendable {
    private var idPart: Part<String>
    private var headersPart: Part<[Header]>
    var keyPart: Part<[UInt8]?>
    public var value: Payload
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
        idPart = .own(id)
        keyPart = .own(key)
        headersPart = .own(headers)
        self.value = value
        self.timestamp = timestamp
        self.origin = origin
    }

    /// The record of a message, in the log's memory: nothing is copied, and the message's batch lives as long as the
    /// record and its copies do.
    public init(_ message: MessageView) {
        idPart = .lent(message)
        keyPart = .lent(message)
        headersPart = .lent(message)
        value = message.value == nil ? .null : .borrowed(message)
        timestamp = message.timestamp
        origin = Origin(message.topicPartition, message.offset)
    }

    /// Stable over retries, restarts and replays of the same event: `<topic>/<partition>/<offset>`, or the event's own
    /// id where it has one. Sinks use it as idempotency key.
    public var id: String {
        get { idPart.text }
        set { idPart = .own(newValue) }
    }

    /// `nil` is a null key, which is not the same as an empty one.
    public var key: [UInt8]? {
        get { withKey { $0.map { [UInt8]($0) } } }
        set { keyPart = .own(newValue) }
    }

    /// In the order of arrival; names may repeat.
    public var headers: [Header] {
        get { headersPart.headers }
        set { headersPart = .own(newValue) }
    }

    /// Calls `body` with the bytes of the key; `nil` for a null key. The buffer is valid inside `body` only.
    public func withKey<R>(_ body: (UnsafeRawBufferPointer?) throws -> R) rethrows -> R {
        try keyPart.withBytes(body)
    }

    /// Calls `body` with each header in order, without copying those of a message; the buffers are valid inside `body` only.
    package func forEachHeader(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void) {
        headersPart.forEach(body)
    }

    /// The text of the first header called `name`; `nil` when there is none or its value is null.
    public func header(_ name: String) -> String? {
        headersPart.text(ofFirst: name)
    }

    /// Sets header `name` to `text`, in place of every header of that name.
    public mutating func setHeader(_ name: String, _ text: String) {
        var changed = headers
        headersPart = .own([])  // so that the change is made in place
        changed.set(name, text)
        headersPart = .own(changed)
    }
}

extension [Header] {
    /// Sets header `name` to `text`, in place of every header of that name.
    package mutating func set(_ name: String, _ text: String) {
        guard let index = firstIndex(where: { $0.name == name }) else { return append(Header(name, text)) }
        self[index] = Header(name, text)
        var later = self[(index + 1)...]
        later.removeAll { $0.name == name }
        replaceSubrange((index + 1)..., with: later)
    }
}
