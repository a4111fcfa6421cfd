package import KafkaProtocol
package import LogStorage
internal import Synchronization

/// The topics there are, in memory and in one file that is replaced as a whole.
///
/// A change is on disk before it is seen: writers are serialised by the file's lock, readers take a short lock only.
package final class TopicCatalogue: Sendable {
    /// What the file holds.
    struct Contents: Codable, Sendable {
        var clusterID: String
        var topics: [Topic]
    }

    private struct State {
        var byName: [String: Topic] = [:]
        var byID: [KafkaUUID: String] = [:]
        var partitions = 0
    }

    /// Base64 of a random id, as Kafka's.
    package let clusterID: String
    private let file: CrashSafeFile<Contents>
    /// Held over the file's write; never taken by readers.
    private let writing = Mutex<[Topic]>([])
    private let state = Mutex(State())

    /// Reads the file, or makes one with the internal topics.
    /// - Throws: ``BrokerError`` with `storage` or `incompatible_data`.
    package init(file path: String, disk: any Disk = POSIXDisk()) throws(BrokerError) {
        file = CrashSafeFile(path, on: disk)
        if let contents = try file.read() {
            clusterID = contents.clusterID
            publish(contents.topics)
            writing.withLock { $0 = contents.topics }
        } else {
            clusterID = KafkaUUID.random().description
            let topics = InternalTopic.allCases.map {
                Topic(
                    name: $0.rawValue,
                    id: .random(),
                    partitions: InternalTopic.partitions,
                    settings: $0.settings,
                    isDeleting: false
                )
            }
            try file.write(Contents(clusterID: clusterID, topics: topics))
            publish(topics)
            writing.withLock { $0 = topics }
        }
    }

    /// The topic of that name, unless there is none or it is being deleted.
    package func topic(named name: String) -> Topic? {
        state.withLock { $0.byName[name] }
    }

    /// The topic of that id, unless there is none or it is being deleted.
    package func topic(_ id: KafkaUUID) -> Topic? {
        state.withLock { state in state.byID[id].flatMap { state.byName[$0] } }
    }

    /// By name.
    package var all: [Topic] {
        state.withLock { $0.byName.values.sorted { $0.name < $1.name } }
    }

    /// Partitions of all topics that clients made.
    package var partitionCount: Int { state.withLock { $0.partitions } }

    /// Topics whose files must go: left from a crash between deletion and removal.
    package var deleting: [Topic] { writing.withLock { $0.filter(\.isDeleting) } }

    /// Changes the topics; what `change` throws leaves them as they were.
    /// - Throws: what `change` throws, or ``BrokerError`` when the file cannot be written.
    package func update<Result>(_ change: (inout [Topic]) throws -> Result) throws -> Result {
        try writing.withLock { topics in
            var changed = topics
            let result = try change(&changed)
            guard changed != topics else { return result }
            try file.write(
                Contents(clusterID: clusterID, topics: changed),
                previous: Contents(clusterID: clusterID, topics: topics)
            )
            topics = changed
            publish(changed)
            return result
        }
    }

    private func publish(_ topics: [Topic]) {
        var next = State()
        for topic in topics where !topic.isDeleting {
            next.byName[topic.name] = topic
            next.byID[topic.id] = topic.name
            if !topic.isInternal { next.partitions += Int(topic.partitions) }
        }
        state.withLock { [next] in $0 = next }
    }
}
