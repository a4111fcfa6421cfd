internal import ConnectorKit
internal import Log

/// A reader in each cluster, and where the partitions that were looked at ended.
///
/// One caller at a time.
final class MoveReaders {
    private let source: any LogReader
    private let target: any LogReader
    private let sourceLog: any Log
    private let targetLog: any Log
    private var sourceBounds: [TopicPartition: Range<Offset>] = [:]
    private var targetBounds: [TopicPartition: Range<Offset>] = [:]

    init(_ source: any Log, _ target: any Log) async throws(LogError) {
        sourceLog = source
        targetLog = target
        self.source = try await source.reader()
        do throws(LogError) {
            self.target = try await target.reader()
        } catch {
            await self.source.close()
            throw error
        }
    }

    func close() async {
        await source.close()
        await target.close()
    }

    func find(_ committed: Offset, of partition: TopicPartition) async throws -> TailMatch {
        try await TailSearch(source: source, target: target)
            .find(committed, of: partition, in: try await originalBounds(partition), try await copyBounds(partition))
    }

    /// Compares how far mirrors have come with where the source's partitions end, whether a group reads them or not: a pull
    /// source's position must not arrive without the records before it.
    func checkMirror(_ topics: MoveTopics, _ plan: inout OffsetsMove.Plan) async throws {
        guard topics.target[PositionKey.topic] != nil, let cluster = try await sourceLog.clusterID() else {
            return
        }
        let reached = try await mirrored(of: cluster)
        for partition in topics.partitions where reached[partition.description] != nil {
            guard let next = reached[partition.description] else { continue }
            let bounds = try await originalBounds(partition)
            let rest = min(next, bounds.upperBound)..<bounds.upperBound
            guard let first = try await RangeReader(source, partition, rest).next() else { continue }
            plan.problems.append(
                "\(partition) is mirrored up to offset \(next), and the source has a record at offset \(first.offset): wait "
                    + "until the mirror has caught up"
            )
        }
    }

    /// The positions of mirrors of `cluster`, by the name of the partition; of several mirrors the one that is furthest.
    private func mirrored(of cluster: String) async throws -> [String: Offset] {
        var reached: [String: Offset] = [:]
        for (partition, position) in try await MirrorPositions.all(in: targetLog, by: target)
        where position.cluster == cluster {
            reached[partition] = max(reached[partition] ?? 0, position.next)
        }
        return reached
    }

    /// Whether what was looked at has stayed as it was.
    func checkStillness(_ plan: inout OffsetsMove.Plan) async throws {
        for (partition, before) in sourceBounds.sorted(by: { $0.key < $1.key }) {
            let now = try await source.bounds(of: partition)
            guard now.upperBound != before.upperBound else { continue }
            plan.problems.append(
                "somebody writes to \(partition) of the source: stop the workers there, and whoever else"
            )
        }
        for (partition, before) in targetBounds.sorted(by: { $0.key < $1.key }) {
            let now = try await target.bounds(of: partition)
            guard now.upperBound != before.upperBound else { continue }
            plan.problems.append("somebody writes to \(partition) of the target: is the mirror still catching up?")
        }
    }

    private func originalBounds(_ partition: TopicPartition) async throws(LogError) -> Range<Offset> {
        if let known = sourceBounds[partition] { return known }
        let bounds = try await source.bounds(of: partition)
        sourceBounds[partition] = bounds
        return bounds
    }

    private func copyBounds(_ partition: TopicPartition) async throws(LogError) -> Range<Offset> {
        if let known = targetBounds[partition] { return known }
        let bounds = try await target.bounds(of: partition)
        targetBounds[partition] = bounds
        return bounds
    }
}
