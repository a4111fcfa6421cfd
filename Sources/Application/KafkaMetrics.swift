internal import Kafka
internal import Synchronization
internal import Telemetry

/// The worker's Kafka clients as metrics: what librdkafka measures, summed over them.
///
/// A client that is closed stops to report, and drops out of the gauges after three intervals. Labels are brokers' ids and two
/// names, so there are as many series as the cluster has brokers.
final class KafkaMetrics: Sendable {
    /// Reports cost CPU with every partition; Prometheus looks four times a minute.
    static let interval = Duration.seconds(15)

    private struct Report {
        let time: ContinuousClock.Instant
        let roundTrips: [Int32: Int64]
        let failures: [Int32: Int64]
        let fetched: Int64
        let queued: Int64
    }

    private let registry: MetricsRegistry
    private let latest = Mutex<[String: Report]>([:])

    init(_ registry: MetricsRegistry) {
        self.registry = registry
    }

    /// For every client of the worker.
    var reports: StatisticsReports {
        StatisticsReports(every: Self.interval) { self.take($0, at: .now) }
    }

    /// Takes one client's report.
    func take(_ statistics: ClientStatistics, at now: ContinuousClock.Instant) {
        // Connections before the broker has said its id, and logical ones to coordinators, are left out.
        let brokers = statistics.brokers.values.filter { $0.id >= 0 && $0.source != "logical" }
        let partitions = statistics.topics.values.flatMap(\.partitions.values)
        let report = Report(
            time: now,
            roundTrips: Dictionary(brokers.map { ($0.id, $0.roundTrip.p99) }, uniquingKeysWith: max),
            failures: Dictionary(
                brokers.map { ($0.id, $0.requestErrors + $0.requestTimeouts + $0.responseErrors) },
                uniquingKeysWith: +
            ),
            fetched: partitions.reduce(0) { $0 + $1.fetchedBytes },
            queued: statistics.queuedBytes
        )
        let (previous, all) = latest.withLock { latest in
            let previous = latest.updateValue(report, forKey: statistics.name)
            latest = latest.filter { $0.value.time.duration(to: now) < Self.interval * 3 }
            return (previous, Array(latest.values))
        }
        publish(all)
        for (broker, count) in report.failures {
            // A broker that has got its id counts from then on; never downwards.
            let added = count - (previous?.failures[broker] ?? 0)
            registry.counter(.kafkaRequestFailures, [.broker: String(broker)]).add(Int(max(0, added)))
        }
    }

    private func publish(_ reports: [Report]) {
        for broker in Set(reports.flatMap(\.roundTrips.keys)) {
            let slowest = reports.compactMap { $0.roundTrips[broker] }.max() ?? 0
            registry.gauge(.kafkaRoundTripSeconds, [.broker: String(broker)]).set(Double(slowest) / 1_000_000)
        }
        let (fetched, queued) = reports.reduce((Int64(0), Int64(0))) { ($0.0 + $1.fetched, $0.1 + $1.queued) }
        registry.gauge(.kafkaQueuedBytes, [.queue: "fetched"]).set(Int(fetched))
        registry.gauge(.kafkaQueuedBytes, [.queue: "produced"]).set(Int(queued))
    }
}
