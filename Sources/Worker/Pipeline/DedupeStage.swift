internal import ConnectorKit
internal import Dedupe
internal import Expressions
internal import Log
internal import Logging

/// Tells, for the records of a task, which of them carry a key that was there before.
///
/// Confined to the driver that owns it: it blocks on the disk.
final class DedupeStage {
    private let state: DedupeState
    private let keys: DedupeKeyReader
    private let logger: Logger
    private var ends: [TopicPartition: Offset] = [:]
    /// Times a partition's keys had to be read again from the topic, since they were last asked for.
    private var rebuilds = 0

    /// - Parameters:
    ///   - plan: key and window.
    ///   - format: how payloads lie in the messages.
    ///   - configuration: where the journal lies.
    ///   - logger: with the connector's metadata.
    /// - Throws: ``DedupeError`` when the journal can neither be opened nor set aside, ``ExpressionError``.
    init(
        _ plan: DedupePlan,
        _ format: PayloadFormat,
        _ configuration: DedupeConfiguration,
        logger: Logger
    ) throws {
        state = try DedupeState(configuration)
        keys = try DedupeKeyReader(plan.key, hasher: state.hasher, format: format)
        self.logger = logger
        switch state.journalOpening {
        case .fresh, .opened:
            break
        case .setAside(let path, let reason):
            logger.warning(
                "the dedupe journal was set aside and is rebuilt from the topic",
                metadata: ["file.path": "\(path)", "error.message": "\(reason)"]
            )
        }
    }

    /// Takes a partition over at `position`, reading again from the topic what the journal does not know.
    func assign(
        _ partition: TopicPartition,
        at position: Offset,
        bounds: Range<Offset>,
        reader: any LogReader,
        isolation: isolated (any Actor)? = #isolation
    ) async throws {
        let restore = try state.assign(partition, committed: position)
        guard let range = restore.rebuild else { return }
        rebuilds += 1
        logger.info(
            "dedupe keys are read again from the topic",
            metadata: [
                "kafka.partition": "\(partition)", "kafka.offset_start": "\(max(range.lowerBound, bounds.lowerBound))",
                "kafka.offset_end": "\(range.upperBound)", "busbar.rows_damaged": "\(restore.damagedRows)",
            ]
        )
        // What retention deleted cannot be read; the window then begins with the log.
        let available = max(range.lowerBound, bounds.lowerBound)..<max(range.upperBound, bounds.lowerBound)
        try await reader.read(partition, in: available) { message in
            try state.absorb(partition, message.offset, timestamp(of: message), keys.key(of: message))
        }
        try state.finishRebuild(partition)
    }

    /// How often keys had to be read again from the topic since the last call.
    func takeRebuilds() -> Int {
        defer { rebuilds = 0 }
        return rebuilds
    }

    /// Keys held in memory for `partitions`.
    func keyCount(_ partitions: some Sequence<TopicPartition>) -> Int {
        partitions.reduce(0) { $0 + state.keyCount($1) }
    }

    /// Takes the next record and tells whether it is a duplicate. Records of a partition come in offset order.
    func isDuplicate(_ message: MessageView) throws -> Bool {
        let partition = message.topicPartition
        ends[partition] = message.offset.next
        return try state.check(partition, message.offset, timestamp(of: message), keys.key(of: message)) == .duplicate
    }

    /// Makes what was taken since the last seal durable. To be called before the records' effects.
    func seal() throws {
        guard !ends.isEmpty else { return }
        try state.seal(ends)
        ends.removeAll(keepingCapacity: true)
    }

    /// Tells that the group's committed offset has reached `offset`.
    func commit(_ partition: TopicPartition, upTo offset: Offset) throws {
        try state.commit(partition, upTo: offset)
    }

    /// Takes back everything at and after `offset`.
    func rewind(_ partition: TopicPartition, to offset: Offset) throws {
        ends[partition] = nil
        try state.rewind(partition, to: offset)
    }

    /// Forgets a partition that is no longer ours.
    func revoke(_ partition: TopicPartition) {
        ends[partition] = nil
        state.revoke(partition)
    }

    /// A record without a timestamp counts as the oldest there can be: it never pushes another out of the window.
    private func timestamp(of message: MessageView) -> Timestamp {
        message.timestamp ?? Timestamp(milliseconds: 0)
    }
}
