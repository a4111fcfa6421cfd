internal import Log

extension LogConformance {
    static let transactionCases: [Case] = [
        Case("committed records are seen, aborted ones never", needs: [.readCommitted]) {
            try await $0.commitAndAbort()
        },
        Case("an open transaction holds readers back", needs: [.readCommitted]) { try await $0.lastStableOffset() },
        Case("a newer producer fences the older for good", needs: [.producerFencing, .readCommitted]) {
            try await $0.producerFencing()
        },
        Case("offsets come with the commit and go with the abort") { try await $0.offsetsInTransaction() },
        Case("a stale generation costs the transaction, not the producer", needs: [.generationFencing, .rebalances]) {
            try await $0.generationFencing()
        },
    ]

    private func producer() async throws -> any LogProducer {
        try await log.producer(ProducerConfiguration(transactionalID: name("transaction")))
    }

    private func commitAndAbort() async throws {
        let topic = try await topic()
        let producer = try await producer()
        for round in 0..<4 {
            try await producer.beginTransaction()
            try await send(ProduceBatch(["\(round)a", "\(round)b"], to: topic, partition: 0), by: producer)
            if round % 2 == 0 {
                try await producer.commitTransaction()
            } else {
                try await producer.abortTransaction()
            }
        }
        await producer.close(within: limit)
        let seen = try await readAll(TopicPartition(topic, 0), expectedEnd: 12)
        try require(seen.compactMap(\.text) == ["0a", "0b", "2a", "2b"], "seen: \(seen.compactMap(\.text))")
        // Two records and a control record each.
        try require(seen.map(\.offset) == [0, 1, 6, 7], "offsets: \(seen.map(\.offset))")
    }

    private func lastStableOffset() async throws {
        let topic = try await topic()
        let partition = TopicPartition(topic, 0)
        let producer = try await producer()
        let reader = try await log.reader()
        try await producer.beginTransaction()
        try await send(ProduceBatch(["open"], to: topic, partition: 0), by: producer)
        try await send(ProduceBatch(["later"], to: topic, partition: 0))
        try await reader.assign([partition: 0])
        if case .batch = try await reader.next(wait: .milliseconds(200)) {
            throw ConformanceFailure("a record from behind an open transaction")
        }
        try await producer.commitTransaction()
        await reader.close()
        await producer.close(within: limit)
        let seen = try await readAll(partition, expectedEnd: 3)
        try require(seen.compactMap(\.text) == ["open", "later"], "in log order: \(seen.compactMap(\.text))")
    }

    private func producerFencing() async throws {
        let topic = try await topic()
        let configuration = ProducerConfiguration(transactionalID: name("transaction"))
        let older = try await log.producer(configuration)
        try await older.beginTransaction()
        try await send(ProduceBatch(["older"], to: topic, partition: 0), by: older)
        let newer = try await log.producer(configuration)
        try await requireError("commit of a fenced producer", where: isFenced) {
            try await older.commitTransaction()
        }
        try await newer.beginTransaction()
        try await send(ProduceBatch(["newer"], to: topic, partition: 0), by: newer)
        try await newer.commitTransaction()
        let seen = try await readAll(TopicPartition(topic, 0), expectedEnd: 4)
        try require(seen.compactMap(\.text) == ["newer"], "seen: \(seen.compactMap(\.text))")
        await older.close(within: .seconds(1))
        await newer.close(within: limit)
    }

    private func offsetsInTransaction() async throws {
        let topic = try await topic()
        let partition = TopicPartition(topic, 0)
        try await send(ProduceBatch(["a", "b", "c"], to: topic, partition: 0))
        let member = try await member(of: name("group"), [topic])
        try await drive([member], "3 records") { member.seen.count >= 3 }
        let producer = try await producer()
        try await producer.beginTransaction()
        let metadata = try await member.consumer.groupMetadata()
        try await producer.sendOffsets([partition: CommittedOffset(2)], of: metadata)
        try await producer.abortTransaction()
        try require(try await member.consumer.committed([partition]).isEmpty, "the abort took the offset")
        try await producer.beginTransaction()
        try await producer.sendOffsets([partition: CommittedOffset(3, metadata: "m")], of: metadata)
        try await producer.commitTransaction()
        let committed = try await member.consumer.committed([partition])
        try require(committed == [partition: CommittedOffset(3, metadata: "m")], "committed: \(committed)")
        await producer.close(within: limit)
        await member.consumer.close()
    }

    private func generationFencing() async throws {
        let topic = try await topic(partitions: 2)
        let group = name("group")
        let first = try await member(of: group, [topic])
        try await drive([first], "both") { first.assigned.count == 2 }
        let stale = try await first.consumer.groupMetadata()
        let second = try await member(of: group, [topic])
        try await drive([first, second], "one each") { first.assigned.count == 1 && second.assigned.count == 1 }
        let producer = try await producer()
        try await producer.beginTransaction()
        let offsets = [TopicPartition(topic, 0): CommittedOffset(1)]
        do throws(TransactionError) {
            try await producer.sendOffsets(offsets, of: stale)
            try await producer.commitTransaction()
            throw .fatal(LogError(.other, name: "NONE", message: "no error"))
        } catch {
            guard case .abortable(let cause) = error, [.staleGeneration, .fenced].contains(cause.code) else {
                throw ConformanceFailure("offsets of an old generation: got \(error)", fileID: #fileID, line: #line)
            }
        }
        try await producer.abortTransaction()
        try await producer.beginTransaction()
        try await producer.sendOffsets(offsets, of: try await first.consumer.groupMetadata())
        try await producer.commitTransaction()
        await producer.close(within: limit)
        await first.consumer.close()
        await second.consumer.close()
    }
}
