package import Log

/// The last records of a topic, as many as are wanted, over all of its partitions.
///
/// What counts as last was there when the sample began; records of aborted or open transactions are not among them. Each
/// partition gives the same number, and those that have more give for those that have less. Where offsets hold no record
/// (a compacted topic, transaction markers) it reaches further back until it has enough.
package struct TopicSample: Sendable {
    /// What was read of one partition.
    package struct Part: Sendable, Equatable {
        package let partition: PartitionID
        /// From the first offset that was looked at to the end when the sample began.
        package let range: Range<Offset>
        package let records: Int
    }

    package let topic: TopicName
    /// Most records, 1 or more.
    package let last: Int

    package init(topic: TopicName, last: Int) {
        self.topic = topic
        self.last = last
    }

    /// Hands each record to `body`: in the order of its partition, unless the sample had to reach further back.
    ///
    /// The views may be kept no longer than their batches should live.
    /// - Parameters:
    ///   - log: where the topic is.
    ///   - partitions: those of the topic.
    ///   - body: looks at one record.
    /// - Returns: what was read, by partition.
    /// - Throws: `LogError`, `CancellationError`, and what `body` throws.
    package func read(
        from log: any Log,
        partitions: [PartitionID],
        _ body: (MessageView) throws -> Void
    ) async throws -> [Part] {
        let reader = try await log.reader()
        let result: Result<[Part], any Error>
        do {
            result = .success(try await read(by: reader, partitions, body))
        } catch {
            result = .failure(error)
        }
        await reader.close()
        return try result.get()
    }

    private func read(
        by reader: any LogReader,
        _ partitions: [PartitionID],
        _ body: (MessageView) throws -> Void
    ) async throws -> [Part] {
        var ranges: [Range<Offset>] = []
        for partition in partitions { ranges.append(try await reader.bounds(of: TopicPartition(topic, partition))) }
        /// Down to where each partition has been read.
        var floors = ranges.map(\.upperBound)
        var counts = [Int](repeating: 0, count: partitions.count)
        while true {
            let unread = zip(ranges, floors).map { Int(clamping: $0.lowerBound.distance(to: $1)) }
            let shares = Self.shares(of: last - counts.reduce(0, +), among: unread)
            guard shares.contains(where: { $0 > 0 }) else { break }
            for (index, share) in shares.enumerated() where share > 0 {
                let window = floors[index].advanced(by: -Int64(share))..<floors[index]
                try await reader.read(TopicPartition(topic, partitions[index]), in: window) { message in
                    try body(message)
                    counts[index] += 1
                }
                floors[index] = window.lowerBound
            }
        }
        return partitions.indices.map { index in
            Part(partition: partitions[index], range: floors[index]..<ranges[index].upperBound, records: counts[index])
        }
    }

    /// Divides `total` so that everybody gets the same, but nobody more than is `available`; what cannot be divided goes to
    /// the first.
    static func shares(of total: Int, among available: [Int]) -> [Int] {
        var shares = [Int](repeating: 0, count: available.count)
        var left = max(0, total)
        while left > 0 {
            let open = available.indices.filter { shares[$0] < available[$0] }
            guard !open.isEmpty else { break }
            let each = max(1, left / open.count)
            for index in open where left > 0 {
                let share = min(each, available[index] - shares[index], left)
                shares[index] += share
                left -= share
            }
        }
        return shares
    }
}
