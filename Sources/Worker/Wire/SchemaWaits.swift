internal import Log
internal import Logging
internal import RegistryClient

/// The partitions whose next record is of a schema that is not known yet: they wait, and say so. Nothing of them is
/// dead-lettered because the registry is away.
///
/// Confined to the driver that owns it.
final class SchemaWaits {
    private let connector: String
    private let environment: DriverEnvironment
    private var keys: [TopicPartition: ContractKey] = [:]

    init(of connector: String, in environment: DriverEnvironment) {
        self.connector = connector
        self.environment = environment
    }

    func contains(_ partition: TopicPartition) -> Bool { keys[partition] != nil }

    /// The partition's next record is of this schema.
    func begin(_ partition: TopicPartition, for key: ContractKey) {
        guard keys.updateValue(key, forKey: partition) != key else { return }
        environment.logger.notice(
            "a partition waits for a schema of the registry",
            metadata: ["kafka.partition": "\(partition)", "busbar.subject": "\(key)"]
        )
        show()
    }

    /// The partition waits no longer, or is not ours any more.
    func end(_ partition: TopicPartition) {
        guard keys.removeValue(forKey: partition) != nil else { return }
        show()
    }

    /// Those whose schema `isKnown` by now.
    func partitions(where isKnown: (ContractKey) -> Bool) -> [TopicPartition] {
        keys.filter { isKnown($0.value) }.keys.sorted()
    }

    private func show() {
        environment.meter.waitsForSchemas(partitions: keys.count)
        let names = Set(keys.values.map(\.description)).sorted().prefix(3).joined(separator: ", ")
        environment.board.explain(
            connector,
            keys.isEmpty ? "" : "\(keys.count) partitions wait for the registry to answer: \(names)"
        )
    }
}
