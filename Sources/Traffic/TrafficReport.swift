package import Log

/// What a contract says of a topic's records.
package struct TrafficReport: Sendable {
    /// One record, and where in it something is wrong.
    package struct Example: Sendable, Equatable {
        package let partition: PartitionID
        package let offset: Offset
        /// JSON Pointer into the record; empty for the whole of it.
        package let instance: String
        /// A sentence without values of the record.
        package let message: String
    }

    /// Records with the same thing wrong.
    package struct Group: Sendable, Equatable {
        /// How many.
        package internal(set) var records = 0
        /// Those of ``records`` that the version in use refuses too; 0 where the check was given none.
        package internal(set) var rejectedBefore = 0
        /// The first of them, by partition and offset; at most ``TrafficReport/maxExamples``.
        package internal(set) var examples: [Example] = []
    }

    /// Examples that a group keeps.
    package static let maxExamples = 5
    /// Faults of one record that are looked at.
    static let maxViolations = 50

    package let topic: TopicName
    package internal(set) var parts: [TopicSample.Part] = []
    /// All that were read, tombstones too.
    package internal(set) var records = 0
    package internal(set) var tombstones = 0
    /// Records that break the contract.
    package internal(set) var rejected = 0
    /// Those of ``rejected`` that the version in use refuses too; 0 where the check was given none.
    package internal(set) var rejectedBefore = 0
    /// The same by the contract's keyword that refused them, a JSON Pointer; a record may be in several.
    package internal(set) var groups: [String: Group] = [:]
    /// Records whose text is not JSON.
    package internal(set) var notJSON = Group()
    /// Those of ``notJSON`` that start as Confluent's serializers let a record start.
    package internal(set) var looksPrefixed = 0
    /// Records without the prefix that the encoding asks for.
    package internal(set) var unprefixed = Group()
    /// How many records named a schema by an id before them, by id; at most 100 ids.
    package internal(set) var schemaIDs: [UInt32: Int] = [:]

    init(topic: TopicName) {
        self.topic = topic
    }

    /// Whether every record obeys the contract.
    package var isClean: Bool { rejected == 0 && notJSON.records == 0 && unprefixed.records == 0 }

    /// The groups with the most records first; equal ones by keyword.
    package var rankedGroups: [(keyword: String, group: Group)] {
        groups.map { (keyword: $0.key, group: $0.value) }
            .sorted { ($1.group.records, $0.keyword) < ($0.group.records, $1.keyword) }
    }
}

extension TrafficReport.Group {
    /// Counts a record; `example` is made only where it is among the first.
    mutating func add(
        _ message: MessageView,
        isRejectedBefore: Bool = false,
        _ example: () -> (instance: String, message: String)
    ) {
        records += 1
        if isRejectedBefore { rejectedBefore += 1 }
        let place = (message.topicPartition.partition, message.offset)
        let index = examples.firstIndex { place < ($0.partition, $0.offset) } ?? examples.count
        guard index < TrafficReport.maxExamples else { return }
        let (instance, text) = example()
        let found = TrafficReport.Example(partition: place.0, offset: place.1, instance: instance, message: text)
        examples.insert(found, at: index)
        if examples.count > TrafficReport.maxExamples { examples.removeLast() }
    }
}
