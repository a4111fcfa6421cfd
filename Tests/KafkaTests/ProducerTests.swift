import Kafka
import KafkaTesting
import Log
import Testing

@Suite(.timeLimit(.minutes(2))) struct ProducerTests {
    @Test func carriesNullsEmptiesBinaryHeadersAndTimestampsUnchanged() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        let producer = try await fixture.producer()
        let binary = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let headers = (0..<50).map { Header("h\($0 % 3)", [UInt8](repeating: UInt8($0), count: $0)) }
        var batch = ProduceBatch()
        batch.append(topic: "t", key: nil as [UInt8]?, value: nil as [UInt8]?)
        batch.append(topic: "t", key: [], value: [])
        batch.append(
            topic: "t",
            key: binary,
            value: binary,
            headers: headers + [Header("null", nil)],
            timestamp: Timestamp(milliseconds: 1_700_000_000_123)
        )
        let partition = TopicPartition("t", 0)
        let results = try await producer.send(batch)
        #expect(results.map(\.acknowledgement?.offset) == [0, 1, 2])
        // The mock broker answers every request with this LogAppendTime, whatever the record says.
        #expect(results[2].acknowledgement?.timestamp == Timestamp(milliseconds: 1234))

        let reader = try await fixture.reader()
        var seen: [MessageView] = []
        try await reader.read(partition, in: 0..<3) { seen.append($0) }
        await reader.close()
        await producer.close(within: .seconds(5))
        // The views outlive the client.
        try #require(seen.count == 3)
        #expect(seen[0].key == nil && seen[0].value == nil && seen[0].headers().isEmpty)
        #expect(seen[1].key?.count == 0 && seen[1].value?.count == 0)
        #expect(seen[2].key.map { Array($0) } == binary && seen[2].value.map { Array($0) } == binary)
        #expect(seen[2].headers() == headers + [Header("null", nil)])
        #expect(seen[2].timestamp == Timestamp(milliseconds: 1_700_000_000_123))
    }

    @Test func reportsEachRecordsOwnFailure() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let producer = try await KafkaFixture(client: cluster.configuration())
            .producer(ProducerConfiguration(deliveryTimeout: .seconds(5)), with: ["message.max.bytes": "10000"])
        var batch = ProduceBatch()
        batch.append(topic: "t", key: nil, value: Array("small".utf8))
        batch.append(topic: "t", key: nil, value: [UInt8](repeating: 0, count: 20_000))
        batch.append(topic: "t", partition: 7, key: nil, value: Array("nowhere".utf8))
        batch.append(topic: "not a topic name!", key: nil, value: Array("nowhere".utf8))
        batch.append(topic: "t", key: nil, value: Array("last".utf8))
        let results = try await producer.send(batch)
        #expect(results.map(\.isAcknowledged) == [true, false, false, false, true])
        #expect(results[1].error?.code == .tooLarge)
        #expect(results[2].error?.code == .unknownTopicOrPartition)
        #expect(results[3].error != nil)
        await producer.close(within: .seconds(1))
    }

    @Test func retriesTransientBrokerErrorsWithoutDuplicates() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        let producer = try await fixture.producer(with: ["retry.backoff.ms": "50"])
        cluster.fail(.produce, with: [.notLeader, .requestTimedOut, .notEnoughReplicas])
        var batch = ProduceBatch()
        for number in 0..<10 { batch.append(topic: "t", key: nil, value: [UInt8(number)]) }
        let results = try await producer.send(batch)
        #expect(results.map(\.acknowledgement?.offset) == (0..<10).map { Offset($0) })
        await producer.close(within: .seconds(1))
    }

    @Test func survivesAnOutageOfTheBroker() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration(["reconnect.backoff.max.ms": "200"]))
        let producer = try await fixture.producer()
        try await fixture.fill("t", count: 1)
        cluster.goDown()
        async let results = producer.send(.numbers(1..<100))
        try await ContinuousClock().sleep(for: .seconds(2))  // the length of the outage
        cluster.comeUp()
        #expect(try await results.allSatisfy(\.isAcknowledged))
        await producer.close(within: .seconds(1))
    }

    @Test func aFullQueueSuspendsTheSenderAndLosesNothing() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        cluster.setRoundTrip(milliseconds: 20)
        let fixture = KafkaFixture(client: cluster.configuration())
        let producer = try await fixture.producer(with: ["queue.buffering.max.messages": "50"])
        async let first = producer.send(.numbers(0..<1000))
        async let second = producer.send(.numbers(1000..<2000))
        let results = try await first + second
        #expect(results.count == 2000 && results.allSatisfy(\.isAcknowledged))
        #expect(!producer.queueIsFull)
        await producer.close(within: .seconds(1))
    }

    @Test func closingAnswersEverySenderWhileNoBrokerIsThere() async throws {
        let cluster = try MockCluster()
        let client = cluster.configuration(["queue.buffering.max.messages": "100"])
        cluster.stop()
        let producer = try await KafkaFixture(client: client).producer()
        async let accepted = producer.send(.numbers(0..<50))
        async let waiting = producer.send(.numbers(50..<500))
        while !producer.queueIsFull { await Task.yield() }
        await producer.close(within: .milliseconds(200))
        let results = try await accepted + waiting
        #expect(results.count == 500 && results.allSatisfy { !$0.isAcknowledged })
        await #expect(throws: LogError.self) { try await producer.send(.numbers(0..<1)) }
        // A second close returns at once.
        await producer.close(within: .seconds(60))
    }

    @Test func keysChoosePartitionsAsInTheJavaClient() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 100)
        let producer = try await KafkaFixture(client: cluster.configuration()).producer()
        // From org.apache.kafka.common.utils.UtilsTest.testMurmur2; that of no bytes from librdkafka's rdmurmur2.c.
        let hashes: KeyValuePairs<String, Int32> = [
            "21": -973_932_308, "foobar": -790_332_482, "a-little-bit-long-string": -985_981_536,
            "a-little-bit-longer-string": -1_486_304_829,
            "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58_897_971, "abc": 479_470_107, "": 275_646_681,
        ]
        var batch = ProduceBatch()
        for (key, _) in hashes { batch.append(topic: "t", key: Array(key.utf8), value: nil) }
        let partitions = try await producer.send(batch).map { $0.acknowledgement?.partition.rawValue }
        #expect(partitions == hashes.map { ($0.value & 0x7fff_ffff) % 100 })
        await producer.close(within: .seconds(1))
    }

    @Test func recordsWithoutAKeyAreSpread() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 100)
        // Without stickiness each record draws its own partition (KIP-480).
        let producer = try await KafkaFixture(client: cluster.configuration())
            .producer(with: ["sticky.partitioning.linger.ms": "0"])
        var batch = ProduceBatch()
        for _ in 0..<100 { batch.append(topic: "t", key: nil as [UInt8]?, value: nil as [UInt8]?) }
        let partitions = try await producer.send(batch).map { $0.acknowledgement?.partition }
        // 100 draws out of 100 hit fewer than 10 partitions with a probability below 1e-80.
        #expect(Set(partitions).count >= 10 && !partitions.contains(nil))
        await producer.close(within: .seconds(1))
    }
}
