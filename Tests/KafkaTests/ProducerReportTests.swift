import Kafka
import KafkaTesting
import Log
import Testing

/// Records that are lent to the producer, and the reports of what became of them.
@Suite(.timeLimit(.minutes(2))) struct ProducerReportTests {
    @Test func everyLentRecordGetsOneReportWithItsToken() async throws {
        try await withProducer(partitions: 4) { fixture, producer in
            async let seen = Self.reports(10_000, of: producer)
            var next = 0
            let taken = try await producer.produce { writer in
                while next < 10_000 {
                    let isTaken = Self.withBytes(String(next)) { bytes in
                        let partition = PartitionID(rawValue: Int32(next % 4))
                        return writer.append(
                            topic: "t",
                            partition: partition,
                            key: nil,
                            value: bytes,
                            token: UInt64(next) << 40
                        )
                    }
                    guard isTaken else { return }
                    next += 1
                }
            }
            let reports = await seen
            #expect(taken == 10_000 && reports.allSatisfy { $0.isAcknowledged && $0.mayBeWritten })
            #expect(Set(reports.map(\.token)) == Set((0..<10_000).map { UInt64($0) << 40 }))
            // In order of each partition, and where the report says.
            for report in reports {
                let number = Int64(report.token >> 40)
                #expect(report.result.acknowledgement?.partition.rawValue == Int32(number % 4))
                #expect(report.result.acknowledgement?.offset == Offset(number / 4))
            }
            #expect(try await fixture.values(of: "t") == (0..<10_000).filter { $0 % 4 == 0 })
        }
    }

    @Test func aRecordThatIsRefusedAtOnceIsReported() async throws {
        try await withProducer(with: ["message.max.bytes": "10000"]) { _, producer in
            async let seen = Self.reports(4, of: producer)
            let large = [UInt8](repeating: 0, count: 20_000)
            var isTaken: [Bool] = []
            try await producer.produce { writer in
                large.withUnsafeBytes { bytes in
                    let small = UnsafeRawBufferPointer(rebasing: bytes[..<10])
                    isTaken.append(writer.append(topic: "t", key: nil, value: bytes, token: 1))
                    isTaken.append(writer.append(topic: "not a topic!", key: nil, value: small, token: 2))
                    isTaken.append(writer.append(topic: "t", partition: 7, key: nil, value: small, token: 3))
                    isTaken.append(writer.append(topic: "t", key: nil, value: small, token: 4))
                    // Headers that no record follows are nobody's.
                    writer.addHeader(small, nil)
                }
            }
            #expect(isTaken == [true, true, true, true])
            let results = Dictionary(uniqueKeysWithValues: await seen.map { ($0.token, $0) })
            #expect(results[1]?.result.error?.code == .tooLarge && results[1]?.mayBeWritten == false)
            #expect(results[2]?.result.error?.code == .unknownTopicOrPartition)
            #expect(results[3]?.result.error?.code == .unknownTopicOrPartition)
            #expect(results[4]?.isAcknowledged == true)
        }
    }

    @Test func headersAreForwardedAsTheyAre() async throws {
        try await withProducer { fixture, producer in
            let binary = (0...255).map { UInt8($0) }
            let large = [UInt8](repeating: 7, count: 1_000_000)
            let headers = [
                Header("null", nil), Header("empty", [UInt8]()), Header("", "no name"), Header("same", "1"),
                Header("same", binary), Header("large", large),
            ]
            var batch = ProduceBatch()
            batch.append(topic: "t", key: nil as [UInt8]?, value: nil as [UInt8]?)
            for header in headers { batch.addHeader(header) }
            #expect(try await producer.send(batch).allSatisfy { $0.isAcknowledged })
            let first = try await Self.messages(2, of: fixture) { message in
                // Once through a batch and once lent: neither makes a Header.
                var copy = ProduceBatch()
                copy.append(topic: "t", key: message.key, value: message.value)
                message.forEachHeader { name, value in copy.addHeader(name, value) }
                #expect(try await producer.send(copy).allSatisfy { $0.isAcknowledged })
                async let seen = Self.reports(1, of: producer)
                var isTaken = false
                try await producer.produce { writer in
                    message.forEachHeader { name, value in writer.addHeader(name, value) }
                    isTaken = writer.append(topic: "t", key: message.key, value: message.value, token: 0)
                }
                #expect(isTaken)
                #expect(await seen.allSatisfy { $0.isAcknowledged })
            }
            #expect(first.count == 3 && first.allSatisfy { $0.headers() == headers })
        }
    }

    @Test func aFullQueueSuspendsTheSenderAndItsOrderStays() async throws {
        let small = ["queue.buffering.max.messages": "50"]
        try await withProducer(with: small, roundTrip: 10) { fixture, producer in
            async let seen = Self.reports(1000, of: producer)
            try await Self.lend(0..<1000, to: producer)
            #expect(await seen.allSatisfy { $0.isAcknowledged })
            #expect(try await fixture.values(of: "t") == Array(0..<1000))
        }
    }

    @Test func reportsThatNobodyReadsHoldTheSenderUp() async throws {
        try await withProducer(with: ["queue.buffering.max.messages": "50"]) { _, producer in
            async let lent: Void = Self.lend(0..<500, to: producer)
            // The sender waits although everything that it has handed over is acknowledged.
            while !producer.queueIsFull || producer.outstanding > 0 { await Task.yield() }
            #expect(await Self.reports(500, of: producer).count == 500)
            try await lent
        }
    }

    /// Each of them serves reports as it goes, and so does the owner thread.
    @Test func manySendersAtOnceGetEachTheirOwnOutcomes() async throws {
        try await withProducer(with: ["queue.buffering.max.messages": "5000"]) { fixture, producer in
            async let seen = Self.reports(60_000, of: producer)
            let acknowledged = try await withThrowingTaskGroup(of: Int.self) { group in
                for start in stride(from: 0, to: 60_000, by: 20_000) {
                    group.addTask {
                        try await Self.lend(start..<start + 20_000, to: producer)
                        return 0
                    }
                }
                for start in stride(from: 60_000, to: 90_000, by: 10_000) {
                    group.addTask {
                        try await producer.send(.numbers(start..<start + 10_000)).count(where: \.isAcknowledged)
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(acknowledged == 30_000)
            let reports = await seen
            #expect(reports.count == 60_000 && reports.allSatisfy { $0.isAcknowledged })
            #expect(Set(reports.map(\.token)).count == 60_000)
            let values = try await fixture.values(of: "t")
            #expect(values.count == 90_000 && Set(values).count == 90_000)
            // Of each sender in its own order.
            for start in stride(from: 0, to: 60_000, by: 20_000) {
                let own = values.filter { $0 >= start && $0 < start + 20_000 }
                #expect(own == Array(start..<start + 20_000))
            }
        }
    }

    @Test func unreadReportsOfOneLongCallHoldTheSenderUp() async throws {
        try await withProducer(with: ["queue.buffering.max.messages": "2000"]) { _, producer in
            async let lent: Void = Self.lend(0..<20_000, to: producer)
            // It serves by itself as it goes, so that librdkafka's queue is never full.
            while !producer.queueIsFull || producer.outstanding > 0 { await Task.yield() }
            #expect(await Self.reports(20_000, of: producer).count == 20_000)
            try await lent
        }
    }

    @Test func aCancelledSenderKnowsWhatWasHandedOver() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        cluster.setRoundTrip(milliseconds: 2000)
        let fixture = KafkaFixture(client: cluster.configuration(["queue.buffering.max.messages": "50"]))
        let producer = try await fixture.producer()
        let sender = Task { try await producer.send(.numbers(0..<100)) }
        while !producer.queueIsFull { await Task.yield() }
        let lender = Task { try await Self.lend(100..<200, to: producer) }
        lender.cancel()
        let error = await #expect(throws: LogError.self) { try await lender.value }
        #expect(error?.code == .queueFull)
        sender.cancel()
        cluster.setRoundTrip(milliseconds: 0)
        let results = try await sender.value
        let handedOver = results.prefix { $0.error?.code != .queueFull }.count
        #expect(handedOver >= 50 && handedOver < 100)
        #expect(results[..<handedOver].allSatisfy { $0.isAcknowledged })
        #expect(results[handedOver...].allSatisfy { $0.error?.code == .queueFull })
        await producer.close(within: .seconds(5))
        #expect(try await fixture.values(of: "t") == Array(0..<handedOver))
    }

    @Test func flushSaysWhatIsLeft() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        // Without the flush the records would linger for a minute.
        let producer = try await fixture.producer(
            ProducerConfiguration(linger: .seconds(60), deliveryTimeout: .seconds(90))
        )
        try await Self.lend(0..<100, to: producer)
        #expect(await producer.flush(within: .seconds(30)) == .complete)
        #expect(producer.outstanding == 0)
        #expect(await Self.reports(100, of: producer).allSatisfy { $0.isAcknowledged })
        cluster.goDown()
        try await Self.lend(0..<10, to: producer)
        #expect(await producer.flush(within: .milliseconds(100)) == .outstanding(10))
        cluster.comeUp()
        #expect(await producer.flush(within: .seconds(30)) == .complete)
        #expect(await Self.reports(10, of: producer).allSatisfy { $0.isAcknowledged })
        await producer.close(within: .seconds(1))
        #expect(await producer.flush(within: .seconds(1)) == .complete)
    }

    @Test func purgeReportsWhatItGivesUp() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let producer = try await KafkaFixture(client: cluster.configuration()).producer()
        cluster.goDown()
        try await Self.lend(0..<10, to: producer)
        await producer.purge(.queued)
        let reports = await Self.reports(10, of: producer)
        #expect(reports.allSatisfy { $0.result.error?.name == "_PURGE_QUEUE" && !$0.mayBeWritten })
        #expect(producer.outstanding == 0)
        await producer.close(within: .seconds(1))
    }

    @Test func reportsEndWithTheProducerAndNoneIsLost() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        cluster.setRoundTrip(milliseconds: 50)
        let fixture = KafkaFixture(client: cluster.configuration())
        let producer = try await fixture.producer()
        try await Self.lend(0..<1000, to: producer)
        // The broker acknowledges while the producer closes.
        await producer.close(within: .seconds(30))
        var reports: [DeliveryReport] = []
        for await batch in producer.reports { reports += batch }
        #expect(reports.count == 1000 && reports.allSatisfy { $0.isAcknowledged })
        #expect(try await fixture.values(of: "t") == Array(0..<1000))
        let error = await #expect(throws: LogError.self) { try await Self.lend(0..<1, to: producer) }
        #expect(error?.code == .closed)
    }
}

extension ProducerReportTests {
    private func withProducer(
        partitions: Int = 1,
        with properties: [String: String] = [:],
        roundTrip: Int = 0,
        _ body: (KafkaFixture, Producer) async throws -> Void
    ) async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: partitions)
        cluster.setRoundTrip(milliseconds: roundTrip)
        let fixture = KafkaFixture(client: cluster.configuration())
        let producer = try await fixture.producer(with: properties)
        try await body(fixture, producer)
        await producer.close(within: .seconds(5))
    }

    /// Lends one record per number to partition 0 of topic `t`.
    private static func lend(_ numbers: Range<Int>, to producer: Producer) async throws {
        var next = numbers.lowerBound
        try await producer.produce { writer in
            while next < numbers.upperBound {
                let isTaken = withBytes(String(next)) {
                    writer.append(topic: "t", partition: 0, key: nil, value: $0, token: UInt64(next))
                }
                guard isTaken else { return }
                next += 1
            }
        }
    }

    private static func withBytes<R>(_ text: String, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        Array(text.utf8).withUnsafeBytes { body($0) }
    }

    private static func reports(_ count: Int, of producer: Producer) async -> [DeliveryReport] {
        var seen: [DeliveryReport] = []
        for await batch in producer.reports {
            seen += batch
            if seen.count >= count { break }
        }
        return seen
    }

    /// The first message after `body` was called with it, and those that `body` has written.
    private static func messages(
        _ more: Int,
        of fixture: KafkaFixture,
        _ body: (MessageView) async throws -> Void
    ) async throws -> [MessageView] {
        let reader = try await fixture.reader()
        let partition = TopicPartition("t", 0)
        var seen: [MessageView] = []
        try await reader.read(partition, in: 0..<1) { seen.append($0) }
        try await body(try #require(seen.first))
        try await reader.read(partition, in: 1..<Offset(Int64(more) + 1)) { seen.append($0) }
        await reader.close()
        return seen
    }
}
