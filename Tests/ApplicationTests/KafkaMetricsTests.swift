import Kafka
import KafkaTesting
import Log
import Telemetry
import TestKit
import Testing

@testable import Application

@Suite(.timeLimit(.minutes(1))) struct KafkaMetricsTests {
    @Test func whatClientsMeasureIsServed() async throws {
        try await InProcessBroker.with { broker in
            let registry = MetricsRegistry()
            let metrics = KafkaMetrics(registry)
            let (taken, take) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(1))
            var client = broker.client
            client.statistics = StatisticsReports(every: .milliseconds(50)) { report in
                metrics.take(report, at: .now)
                take.yield(report.sentMessages == 10 && report.queuedMessages == 0)
            }
            let producer = try await KafkaFixture(client: client).producer()
            _ = try await producer.send(.numbers(0..<10))
            _ = await taken.first { $0 }
            let page = registry.exposition()
            #expect(page.contains(/busbar_kafka_round_trip_seconds\{broker="\d+"\} [0-9.e-]+\n/))
            #expect(page.contains(/busbar_kafka_request_failures_total\{broker="\d+"\} 0\n/))
            #expect(page.contains("busbar_kafka_queued_bytes{queue=\"produced\"} 0\n"))
            #expect(page.contains("busbar_kafka_queued_bytes{queue=\"fetched\"} 0\n"))
            await producer.close(within: .seconds(1))
        }
    }
}
