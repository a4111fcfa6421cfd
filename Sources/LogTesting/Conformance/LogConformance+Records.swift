internal import Log

extension LogConformance {
    static let recordCases: [Case] = [
        Case("a record comes back byte for byte, with its headers in order") { try await $0.roundTrip() },
        Case("null and empty keys, values and header values stay distinct") { try await $0.nullsAndEmpties() },
        Case("records of a partition keep their order over many sends") { try await $0.order() },
        Case("keys are partitioned as the Java client does") { try await $0.javaPartitioning() },
        Case("an explicit partition wins over the key") { try await $0.explicitPartition() },
        Case("a batch outlives its consumer") { try await $0.batchOutlivesConsumer() },
        Case("an idle producer's queue has room") { try await $0.queueHasRoom() },
        Case("a closed producer refuses") { try await $0.closedProducerRefuses() },
        Case("an unknown partition fails its record and not the batch") { try await $0.unknownPartition() },
    ]

    private func roundTrip() async throws {
        let topic = try await topic()
        let headers = [Header("ce_id", "1"), Header("x", [0, 255]), Header("ce_id", "2")]
        let time = Timestamp(milliseconds: 1_700_000_000_123)
        var batch = ProduceBatch()
        let value = (0..<3000).map { UInt8(truncatingIfNeeded: $0) }
        batch.append(topic: topic, key: [1, 2, 0], value: value, headers: headers, timestamp: time)
        try await send(batch)
        let seen = try await readAll(TopicPartition(topic, 0))
        try require(seen.count == 1, "one record, not \(seen.count)")
        try require(seen[0].key == [1, 2, 0] && seen[0].value == value, "key and value")
        try require(seen[0].headers == headers, "headers: \(seen[0].headers)")
        try require(seen[0].timestamp == time, "timestamp: \(String(describing: seen[0].timestamp))")
        try require(seen[0].offset == 0, "offset: \(seen[0].offset)")
    }

    private func nullsAndEmpties() async throws {
        let topic = try await topic()
        var batch = ProduceBatch()
        batch.append(topic: topic, partition: 0, key: [UInt8]?.none, value: [UInt8]?.none)
        batch.append(topic: topic, partition: 0, key: [UInt8](), value: [UInt8]())
        batch.append(topic: topic, partition: 0, key: [1], value: nil, headers: [Header("n", nil), Header("e", "")])
        try await send(batch)
        let seen = try await readAll(TopicPartition(topic, 0))
        try require(seen.count == 3, "three records, not \(seen.count)")
        try require(seen[0].key == nil && seen[0].value == nil, "null key, null value")
        try require(seen[1].key == [] && seen[1].value == [], "empty key, empty value")
        try require(seen[2].key == [1] && seen[2].value == nil, "tombstone")
        try require(seen[2].headers == [Header("n", nil), Header("e", "")], "null and empty header values")
    }

    private func order() async throws {
        let topic = try await topic()
        let producer = try await log.producer(ProducerConfiguration())
        for round in 0..<20 {
            let values = (0..<50).map { String(round * 50 + $0) }
            let places = try await send(ProduceBatch(values, to: topic, partition: 0), by: producer)
            try require(places.map(\.offset.rawValue) == (0..<50).map { Int64(round * 50 + $0) }, "offsets ascend")
        }
        await producer.close(within: limit)
        let seen = try await readAll(TopicPartition(topic, 0))
        try require(seen.compactMap(\.text) == (0..<1000).map(String.init), "values in order")
    }

    private func javaPartitioning() async throws {
        let topic = try await topic(partitions: 4)
        // Positive murmur2 modulo 4, from the vectors of Apache Kafka's UtilsTest.
        let vectors: [(String, Int32)] = [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829), ("abc", 479_470_107),
        ]
        var batch = ProduceBatch()
        for (key, _) in vectors { batch.append(topic: topic, key: Array(key.utf8), value: [1]) }
        let places = try await send(batch)
        for (place, vector) in zip(places, vectors) {
            let expected = (vector.1 & 0x7fff_ffff) % 4
            try require(place.partition.partition.rawValue == expected, "\(vector.0) belongs to \(expected): \(place)")
        }
    }

    private func explicitPartition() async throws {
        let topic = try await topic(partitions: 3)
        for partition in [2, 0, 1] as [PartitionID] {
            let places = try await send(ProduceBatch(["v"], to: topic, partition: partition, key: "same"))
            try require(places[0].partition == TopicPartition(topic, partition), "went to \(places[0].partition)")
        }
    }

    private func batchOutlivesConsumer() async throws {
        let topic = try await topic()
        try await send(ProduceBatch(["kept"], to: topic, partition: 0, key: "k"))
        let consumer = try await log.consumer(ConsumerConfiguration(group: name("group"), topics: [topic]))
        let deadline = ContinuousClock.now.advanced(by: limit)
        var kept: MessageBatch?
        while kept == nil, ContinuousClock.now < deadline {
            switch try await consumer.next(wait: .milliseconds(100)) {
            case .batch(let batch): kept = batch
            case .rebalance(let rebalance): try await consumer.complete(rebalance, from: [:])
            case .idle, .closed: continue
            }
        }
        await consumer.close()
        guard let kept else { throw ConformanceFailure("no batch within \(limit)") }
        try require(SeenRecord(kept[0]).text == "kept", "the batch's memory is still there")
    }

    private func queueHasRoom() async throws {
        let producer = try await log.producer(ProducerConfiguration())
        try require(!producer.queueIsFull, "nothing was sent")
        await producer.close(within: limit)
    }

    private func closedProducerRefuses() async throws {
        let topic = try await topic()
        let producer = try await log.producer(ProducerConfiguration())
        await producer.close(within: limit)
        await producer.close(within: limit)
        try await requireError("send after close", where: isClosed) {
            _ = try await producer.send(ProduceBatch(["v"], to: topic))
        }
    }

    private func unknownPartition() async throws {
        let topic = try await topic()
        let producer = try await log.producer(ProducerConfiguration(deliveryTimeout: .seconds(5)))
        var batch = ProduceBatch(["lost"], to: topic, partition: 99)
        batch.append(contentsOf: ProduceBatch(["kept"], to: topic, partition: 0))
        let results = try await producer.send(batch)
        await producer.close(within: limit)
        try require(results.count == 2, "one result per record")
        guard case .failed(let error) = results[0], case .acknowledged = results[1] else {
            throw ConformanceFailure("the first fails, the second does not: \(results)")
        }
        try require(error.code == .unknownTopicOrPartition, "\(error)")
    }
}
