internal import LogStorage
internal import Logging
internal import NIOPosix
internal import Synchronization
internal import Telemetry

/// The partitions of all topics. Any thread; follows the catalogue, which is changed first.
final class PartitionTable: Sendable {
    private let directory: DataDirectory
    private let defaults: [String: String]
    private let durability: BrokerConfiguration.Durability
    private let files: FileCache
    private let table = Mutex<[LogPartition: Partition]>([:])

    init(directory: DataDirectory, configuration: BrokerConfiguration, disk: any Disk) {
        self.directory = directory
        defaults = configuration.topics.settings
        durability = configuration.durability
        files = FileCache(disk: disk)
    }

    /// The partition, unless its topic does not exist.
    subscript(_ topic: String, _ index: Int32) -> Partition? {
        table.withLock { $0[LogPartition(topic, index)] }
    }

    /// Every partition.
    var all: [Partition] { table.withLock { Array($0.values) } }

    /// How many there are.
    var count: Int { table.withLock { $0.count } }

    /// Makes the partitions that a topic of the catalogue has and the table does not.
    func add(_ topic: Topic) {
        let configuration = LogConfiguration(topic, defaults: defaults, durability: durability)
        table.withLock { table in
            for index in 0..<topic.partitions where table[LogPartition(topic.name, index)] == nil {
                table[LogPartition(topic.name, index)] = Partition(
                    topic: topic.name,
                    index: index,
                    directory: directory.partition(topic.name, index),
                    configuration: configuration,
                    files: files
                )
            }
        }
    }

    /// Gives a topic's partitions its settings of now.
    /// - Throws: ``StorageError`` of a log that cannot take them.
    func update(_ topic: Topic) throws(StorageError) {
        let configuration = LogConfiguration(topic, defaults: defaults, durability: durability)
        for index in 0..<topic.partitions {
            try self[topic.name, index]?.update(configuration)
        }
    }

    /// Takes a topic's partitions out of the table; they are the caller's to delete.
    func remove(_ topic: Topic) -> [Partition] {
        table.withLock { table in
            (0..<topic.partitions).compactMap { table.removeValue(forKey: LogPartition(topic.name, $0)) }
        }
    }

    /// Partitions of a topic that is being deleted and was never added: what a crash left of it.
    func leftovers(of topic: Topic) -> [Partition] {
        let configuration = LogConfiguration(topic, defaults: defaults, durability: durability)
        return (0..<topic.partitions).map {
            Partition(
                topic: topic.name,
                index: $0,
                directory: directory.partition(topic.name, $0),
                configuration: configuration,
                files: files
            )
        }
    }

    /// Makes it durable that partitions' folders are gone.
    func syncDirectory() throws(StorageError) { try files.disk.syncDirectory(directory.logs) }

    /// Closes every log, several at a time.
    /// - Returns: what the disk failed; the next start recovers those logs.
    func close(clean: Bool, on threads: NIOThreadPool) async -> [StorageError] {
        await threads.performForEach(all) { partition -> StorageError? in
            do throws(StorageError) {
                try partition.close(clean: clean)
                return nil
            } catch {
                return error
            }
        }.compactMap { $0 }
    }
}
