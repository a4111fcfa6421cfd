import Kafka
import KafkaTesting
import Log
import Testing

/// The code of `Producing.md`, run.
@Suite(.timeLimit(.minutes(2))) struct ProducingArticle {
    private let logger = KafkaFixture.silent

    private func withTopics(_ body: (ClientConfiguration, KafkaFixture) async throws -> Void) async throws {
        let cluster = try MockCluster()
        for topic in ["in", "orders"] { try cluster.createTopic(topic, partitions: 1) }
        let fixture = KafkaFixture(client: cluster.configuration())
        try await body(fixture.client, fixture)
        cluster.stop()
    }

    @Test func aBatchAndItsOutcome() async throws {
        try await withTopics { client, fixture in
            let producer = try await Producer.open(ProducerConfiguration(), client: client, logger: logger)

            var batch = ProduceBatch()
            for number in 0..<1_000 {
                batch.append(topic: "orders", key: Array("customer-7".utf8), value: Array(String(number).utf8))
            }
            batch.addHeader(Header("content-type", "text/plain"))  // of the record appended last

            var failures: [Int: LogError] = [:]
            for (index, result) in try await producer.send(batch).enumerated() {
                if case .failed(let error) = result { failures[index] = error }
            }
            await producer.close(within: .seconds(10))
            #expect(failures.isEmpty)
            #expect(try await fixture.values(of: "orders") == Array(0..<1_000))
        }
    }

    @Test func memoryThatIsLentAndReportsInBatches() async throws {
        try await withTopics { client, fixture in
            try await fixture.fill("in", count: 1_000)
            let reader = try await Reader.open(client: client, logger: logger)
            try await reader.assign([TopicPartition("in", 0): 0])
            let producer = try await Producer.open(ProducerConfiguration(), client: client, logger: logger)

            let reports = Task {
                var acknowledged = 0
                for await reports in producer.reports {
                    for report in reports where report.isAcknowledged { acknowledged += 1 }
                }
                return acknowledged
            }
            var copied = 0
            while copied < 1_000 {
                guard case .batch(let batch) = try await reader.next(wait: .seconds(1)) else { continue }
                var index = 0
                try await producer.produce { writer in
                    // `false` is a full queue: this closure runs again, from `index` on, when there is room.
                    while index < batch.count {
                        let message = batch[index]
                        message.forEachHeader { writer.addHeader($0, $1) }
                        guard
                            writer.append(
                                topic: "orders",
                                key: message.key,
                                value: message.value,
                                token: UInt64(message.offset.rawValue)
                            )
                        else { return }
                        index += 1
                    }
                }
                copied += batch.count
            }
            await producer.close(within: .seconds(10))  // ends the reports
            #expect(await reports.value == 1_000)
            await reader.close()
            #expect(try await fixture.values(of: "orders") == Array(0..<1_000))
        }
    }
}
