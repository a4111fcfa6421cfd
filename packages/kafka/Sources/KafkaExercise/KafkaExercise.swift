internal import Foundation
internal import Kafka
internal import KafkaTesting
internal import Log
internal import Logging

/// Opens, uses and closes every kind of client against a mock cluster, again and again: what valgrind and the
/// sanitizers look at.
///
///     KafkaExercise [rounds]
///
/// Each round produces, consumes as a group, copies in a transaction, reads without a group, meets a failing broker and
/// closes everything. Exits 1 when a round saw other records than it should.
@main struct KafkaExercise {
    static let records = 200

    static func main() async throws {
        let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 3
        for round in 1...max(1, rounds) {
            try await run(round)
            print("round \(round) of \(rounds): \(records) records produced, consumed and copied")
        }
    }

    private static func run(_ round: Int) async throws {
        let cluster = try MockCluster()
        defer { cluster.stop() }
        for topic in ["in", "out"] { try cluster.createTopic(topic, partitions: 1) }
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("in", count: records)
        try await consume(fixture, cluster)
        try await copy(fixture, name: "copy-\(round)")
        guard try await fixture.values(of: "out") == Array(0..<records) else { throw Difference(round: round) }
        try await fail(fixture, cluster)
    }

    private static func consume(_ fixture: KafkaFixture, _ cluster: MockCluster) async throws {
        let consumer = try await fixture.consumer("in", group: "consume", maxBatch: 64)
        let partition = TopicPartition("in", 0)
        var values = try await consumer.values(records / 2)
        try await consumer.commit([partition: CommittedOffset(Offset(Int64(values.count)), metadata: "half")])
        try await consumer.pause([partition])
        try await consumer.resume([partition])
        while values.count < records { values += try await consumer.values(1) }
        try await consumer.seek(partition, to: 10)
        _ = try await consumer.values(1)
        await consumer.close()
    }

    private static func copy(_ fixture: KafkaFixture, name: String) async throws {
        let producer = try await fixture.producer(ProducerConfiguration(transactionalID: name))
        let consumer = try await fixture.consumer("in", group: name, maxBatch: 50)
        var copied = 0
        while copied < records {
            guard case .batch(let batch) = try await nextAnswered(consumer) else { continue }
            try await producer.beginTransaction()
            var copies = ProduceBatch()
            for index in 0..<batch.count {
                let message = batch[index]
                copies.append(topic: "out", partition: 0, key: message.key, value: message.value)
            }
            for case .failed(let error) in try await producer.send(copies) { throw error }
            let next = CommittedOffset(batch[batch.count - 1].offset.next)
            try await producer.sendOffsets([TopicPartition("in", 0): next], of: consumer.groupMetadata())
            try await producer.commitTransaction()
            copied += batch.count
        }
        await consumer.close()
        await producer.close(within: .seconds(5))
    }

    private static func nextAnswered(_ consumer: Consumer) async throws -> ConsumerEvent {
        let event = try await consumer.next(wait: .seconds(1))
        if case .rebalance(let rebalance) = event { try await consumer.complete(rebalance, from: [:]) }
        return event
    }

    /// What is refused must be freed, too.
    private static func fail(_ fixture: KafkaFixture, _ cluster: MockCluster) async throws {
        let producer = try await fixture.producer()
        var batch = ProduceBatch()
        batch.append(topic: "not a name!", key: nil, value: [1], headers: [Header("h", "v")])
        batch.append(topic: "in", partition: 7, key: [], value: nil, headers: [Header("h", nil)])
        guard try await producer.send(batch).allSatisfy({ !$0.isAcknowledged }) else { throw Difference(round: 0) }
        cluster.goDown()
        async let late = outcome(of: .numbers(0..<10), producer)
        await producer.close(within: .milliseconds(200))
        guard await late else { throw Difference(round: 0) }
        do throws(LogError) {
            var client = fixture.client
            client.properties["no.such.property"] = "1"
            _ = try await Reader.open(client: client, logger: KafkaFixture.silent)
        } catch {
            guard error.code == .configuration else { throw error }
        }
    }

    /// Whether a batch ended in good order: each record has its outcome, or the producer was closed before it was handed
    /// over.
    private static func outcome(of batch: ProduceBatch, _ producer: Producer) async -> Bool {
        do throws(LogError) {
            return try await producer.send(batch).count == batch.count
        } catch {
            return error.code == .closed
        }
    }

    private struct Difference: Error, CustomStringConvertible {
        let round: Int
        var description: String { "round \(round) saw other records than were produced" }
    }
}
