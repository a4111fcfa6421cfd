internal import ArgumentParser
internal import Foundation
internal import Log

/// Reads a topic from a position on, outside any group.
struct TopicTap: Sendable {
    let log: any Log
    /// Of the brokers, for messages.
    let address: String
    let topic: TopicName
    let from: TapPosition
    /// Whether to wait for more at the end.
    let follows: Bool

    /// Hands records to `show` until `limit` of them, the end where it does not follow, or `interruption`.
    /// - Throws: ``CommandFailure`` when no broker answers in time, or there is no such topic.
    func run(
        limit: Int?,
        filter: RecordFilter,
        until interruption: Interruption,
        show: (MessageView) -> Void
    ) async throws {
        let partitions = try await Reach(log: log, address: address).partitions(of: topic)
        let reader = try await log.reader()
        let result: Result<Void, any Error>
        do {
            try await reader.assign(try await positions(in: partitions, reader))
            try await read(reader, partitions.count, limit, filter, interruption, show)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await reader.close()
        try result.get()
    }

    private func read(
        _ reader: any LogReader,
        _ partitionCount: Int,
        _ limit: Int?,
        _ filter: RecordFilter,
        _ interruption: Interruption,
        _ show: (MessageView) -> Void
    ) async throws {
        var ended: Set<TopicPartition> = []
        var shown = 0
        while !interruption.isRequested, follows || ended.count < partitionCount {
            switch try await reader.next(wait: .milliseconds(100)) {
            case .batch(let batch):
                for index in 0..<batch.count where filter.passes(batch[index]) {
                    show(batch[index])
                    shown += 1
                    if shown == limit { return }
                }
            case .end(let partition, _): ended.insert(partition)
            case .idle: continue
            }
        }
    }

    private func positions(
        in partitions: [PartitionID],
        _ reader: any LogReader
    ) async throws -> [TopicPartition: Offset] {
        var positions: [TopicPartition: Offset] = [:]
        for partition in partitions.map({ TopicPartition(topic, $0) }) {
            positions[partition] = try await position(in: partition, reader)
        }
        return positions
    }

    private func position(in partition: TopicPartition, _ reader: any LogReader) async throws -> Offset {
        let bounds = try await reader.bounds(of: partition)
        switch from {
        case .earliest: return bounds.lowerBound
        case .latest: return bounds.upperBound
        case .offset(let offset): return min(max(Offset(offset), bounds.lowerBound), bounds.upperBound)
        case .time(let time): return try await reader.offset(in: partition, at: time) ?? bounds.upperBound
        case .age(let age):
            let now = Int64(Date.now.timeIntervalSince1970 * 1000)
            let since = Timestamp(milliseconds: now - age.components.seconds * 1000)
            return try await reader.offset(in: partition, at: since) ?? bounds.upperBound
        }
    }
}
