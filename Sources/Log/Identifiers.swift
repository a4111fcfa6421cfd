/// The name of a Kafka topic, for example `github.issues`.
public struct TopicName: RawRepresentable, Hashable, Sendable, Comparable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The name as it is on the wire.
    public let rawValue: String

    /// Any text; see ``isValid``.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Any text; see ``isValid``.
    public init(_ name: String) {
        self.rawValue = name
    }

    public init(stringLiteral value: String) {
        self.rawValue = value
    }

    public var description: String { rawValue }

    public static func < (left: TopicName, right: TopicName) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Whether a broker would accept the name: 1 to 249 of `[a-zA-Z0-9._-]`, and neither `.` nor `..`.
    ///
    /// The rule is Apache Kafka's `org.apache.kafka.common.internals.Topic.validate`.
    public var isValid: Bool {
        guard (1...249).contains(rawValue.utf8.count), rawValue != ".", rawValue != ".." else { return false }
        return rawValue.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default:
                false
            }
        }
    }
}

/// The number of a partition inside its topic, from 0.
public struct PartitionID: RawRepresentable, Hashable, Sendable, Comparable, ExpressibleByIntegerLiteral,
    CustomStringConvertible
{
    /// The number as it is on the wire.
    public let rawValue: Int32

    /// `rawValue` is 0 or more for a partition that exists.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    public init(integerLiteral value: Int32) {
        self.rawValue = value
    }

    public var description: String { String(rawValue) }

    public static func < (left: PartitionID, right: PartitionID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// One partition of one topic: the unit of order, of assignment and of commit.
public struct TopicPartition: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The topic that it is a part of.
    public let topic: TopicName
    /// Which part.
    public let partition: PartitionID

    /// Names a partition; whether it exists is for a broker to say.
    public init(_ topic: TopicName, _ partition: PartitionID) {
        self.topic = topic
        self.partition = partition
    }

    /// `topic/partition`, as error messages and record ids show it.
    public var description: String { "\(topic.rawValue)/\(partition.rawValue)" }

    public static func < (left: TopicPartition, right: TopicPartition) -> Bool {
        (left.topic, left.partition) < (right.topic, right.partition)
    }
}

/// The position of a record in its partition, from 0; as a *committed* offset, the position of the next record to
/// read.
public struct Offset: RawRepresentable, Hashable, Sendable, Comparable, ExpressibleByIntegerLiteral,
    CustomStringConvertible
{
    /// The position as it is on the wire; special values of the protocol (-1, -2) never get here.
    public let rawValue: Int64

    /// `rawValue` is 0 or more for a record's position.
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// `value` is 0 or more for a record's position.
    public init(_ value: Int64) {
        self.rawValue = value
    }

    public init(integerLiteral value: Int64) {
        self.rawValue = value
    }

    public var description: String { String(rawValue) }

    /// The position after this one.
    public var next: Offset { Offset(rawValue + 1) }

    /// The position `count` records later (earlier when negative).
    public func advanced(by count: Int64) -> Offset {
        Offset(rawValue + count)
    }

    /// How many positions lie between this one and `other`; negative when `other` is earlier.
    public func distance(to other: Offset) -> Int64 {
        other.rawValue - rawValue
    }

    public static func < (left: Offset, right: Offset) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A point in time in milliseconds since 1970-01-01T00:00:00Z, the resolution and epoch of Kafka's record timestamps.
public struct Timestamp: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Milliseconds since the epoch; may be negative.
    public let rawValue: Int64

    /// Milliseconds, counted from 1970-01-01T00:00:00Z.
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// Counted from 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) {
        self.rawValue = milliseconds
    }

    public var description: String { String(rawValue) }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.rawValue < right.rawValue
    }
}
