import Foundation
import Kafka
import KafkaTesting
import Log
import Logging
import TestKit
import Testing

/// Members that leave before the group has assigned them anything.
@Suite(.timeLimit(.minutes(3))) struct EarlyCloseTests {
    /// Lives as long as the client that logs to it: a client lets its logger go when librdkafka has destroyed it.
    private final class Life: Sendable {}

    private struct LivingHandler: LogHandler {
        let life: Life
        var logLevel = Logger.Level.critical
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {}
    }

    private struct Watched {
        weak var life: Life?
    }

    /// librdkafka's main threads in this process: one for each client of every test that runs now.
    private func mainThreads() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count { task in
            // A thread that has ended in between has no file any more.
            guard let name = FileManager.default.contents(atPath: "/proc/self/task/\(task)/comm") else { return false }
            return String(decoding: name, as: UTF8.self).hasPrefix("rdk:main")
        }
    }

    private func open(_ fixture: KafkaFixture, group: String) async throws -> (consumer: Consumer, watched: Watched) {
        let life = Life()
        let consumer = try await Consumer.open(
            ConsumerConfiguration(group: group, topics: ["t"], sessionTimeout: .seconds(6)),
            client: fixture.client,
            logger: Logger(label: "busbar.test") { _ in LivingHandler(life: life) }
        )
        return (consumer, Watched(life: life))
    }

    @Test func twentyMembersThatLeaveEarlyAreAllDestroyed() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            var clients: [Watched] = []
            let clock = ContinuousClock()
            for number in 0..<20 {
                let (consumer, watched) = try await open(fixture, group: "early-\(number % 4)")
                clients.append(watched)
                // From before the first request to after the join: the group's answer to the join comes later.
                _ = try await consumer.next(wait: .milliseconds(number * 10))
                let took = await clock.measure { await consumer.close() }
                #expect(took < .seconds(10), "close \(number) took \(took)")
            }
            // The last of a client goes with its own thread, just after the close has been answered.
            while clients.contains(where: { $0.life != nil }) {
                try Task.checkCancellation()
                await Task.yield()
            }
            print("after 20 early closes: \(try mainThreads()) clients in this process")
        }
    }
}
