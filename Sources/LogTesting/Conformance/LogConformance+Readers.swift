internal import Log

extension LogConformance {
    static let readerCases: [Case] = [
        Case("partitions are listed, and none for an unknown topic") { try await $0.partitionList() },
        Case("bounds of an empty and of a filled partition") { try await $0.bounds() },
        Case("a range is read up to its end and no further") { try await $0.range() },
        Case("a range that ends on control records ends", needs: [.readCommitted]) { try await $0.rangeOverControl() },
        Case("a reader is told of the end, and again when it moves") { try await $0.end() },
        Case("the offset for a time", needs: [.offsetForTime]) { try await $0.offsetForTime() },
        Case("a reader sees several partitions") { try await $0.severalPartitions() },
    ]

    private func partitionList() async throws {
        let topic = try await topic(partitions: 3)
        try require(try await log.partitions(of: topic) == [0, 1, 2], "three, ascending")
        try require(try await log.partitions(of: TopicName(name("absent"))).isEmpty, "none")
    }

    private func bounds() async throws {
        let topic = try await topic()
        let reader = try await log.reader()
        let partition = TopicPartition(topic, 0)
        try require(try await reader.bounds(of: partition) == 0..<0, "empty")
        try await send(ProduceBatch(["a", "b", "c"], to: topic, partition: 0))
        try require(try await reader.bounds(of: partition) == 0..<3, "three records")
        await reader.close()
    }

    private func range() async throws {
        let topic = try await topic()
        try await send(ProduceBatch((0..<100).map(String.init), to: topic, partition: 0))
        let reader = try await log.reader()
        var texts: [String] = []
        try await reader.read(TopicPartition(topic, 0), in: 10..<20) { texts.append(SeenRecord($0).text ?? "") }
        try require(texts == (10..<20).map(String.init), "10 to 19: \(texts)")
        var count = 0
        try await reader.read(TopicPartition(topic, 0), in: 5..<5) { _ in count += 1 }
        try require(count == 0, "an empty range")
        await reader.close()
    }

    private func rangeOverControl() async throws {
        let topic = try await topic()
        let producer = try await log.producer(ProducerConfiguration(transactionalID: name("transaction")))
        try await producer.beginTransaction()
        try await send(ProduceBatch(["seen"], to: topic, partition: 0), by: producer)
        try await producer.commitTransaction()
        try await producer.beginTransaction()
        try await send(ProduceBatch(["aborted"], to: topic, partition: 0), by: producer)
        try await producer.abortTransaction()
        await producer.close(within: limit)
        // The abort's marker may reach the partition after the abort was answered.
        let reader = try await log.reader()
        let partition = TopicPartition(topic, 0)
        let deadline = ContinuousClock.now.advanced(by: limit)
        while try await reader.bounds(of: partition) != 0..<4, ContinuousClock.now < deadline { await Task.yield() }
        var texts: [String] = []
        try await reader.read(partition, in: 0..<4) { texts.append(SeenRecord($0).text ?? "") }
        try require(texts == ["seen"], "texts: \(texts)")
        await reader.close()
    }

    private func end() async throws {
        let topic = try await topic()
        let partition = TopicPartition(topic, 0)
        try await send(ProduceBatch(["a"], to: topic, partition: 0))
        let reader = try await log.reader()
        try await reader.assign([partition: 0])
        try await waitForEnd(of: partition, at: 1, reader)
        try await send(ProduceBatch(["b"], to: topic, partition: 0))
        try await waitForEnd(of: partition, at: 2, reader)
        await reader.close()
    }

    private func waitForEnd(of partition: TopicPartition, at end: Offset, _ reader: any LogReader) async throws {
        let deadline = ContinuousClock.now.advanced(by: limit)
        while ContinuousClock.now < deadline {
            if case .end(partition, end) = try await reader.next(wait: .milliseconds(100)) { return }
        }
        throw ConformanceFailure("no end of \(partition) at \(end) within \(limit)")
    }

    private func offsetForTime() async throws {
        let topic = try await topic()
        let partition = TopicPartition(topic, 0)
        for step in 0..<5 {
            let time = Timestamp(milliseconds: 1_700_000_000_000 + Int64(step) * 1000)
            try await send(ProduceBatch(["\(step)"], to: topic, partition: 0, timestamp: time))
        }
        let reader = try await log.reader()
        for (time, offset) in [(-5000, 0), (0, 0), (1, 1), (2000, 2), (3999, 4)] as [(Int64, Int64)] {
            let found = try await reader.offset(in: partition, at: Timestamp(milliseconds: 1_700_000_000_000 + time))
            try require(found == Offset(offset), "at \(time): \(String(describing: found))")
        }
        let none = try await reader.offset(in: partition, at: Timestamp(milliseconds: 1_700_000_004_001))
        try require(none == nil, "nothing is that new")
        await reader.close()
    }

    private func severalPartitions() async throws {
        let topic = try await topic(partitions: 2)
        try await send(ProduceBatch(["a0", "a1"], to: topic, partition: 0))
        try await send(ProduceBatch(["b0", "b1"], to: topic, partition: 1))
        let reader = try await log.reader()
        try await reader.assign([TopicPartition(topic, 0): 1, TopicPartition(topic, 1): 0])
        var texts: [String] = []
        let deadline = ContinuousClock.now.advanced(by: limit)
        while texts.count < 3, ContinuousClock.now < deadline {
            guard case .batch(let batch) = try await reader.next(wait: .milliseconds(100)) else { continue }
            for index in 0..<batch.count { texts.append(SeenRecord(batch[index]).text ?? "") }
        }
        await reader.close()
        try require(texts.sorted() == ["a1", "b0", "b1"], "texts: \(texts)")
    }
}
