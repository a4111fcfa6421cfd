internal import KafkaProtocol
internal import Synchronization
package import Telemetry

/// Handles of the broker's series; got once, because getting one costs a lock.
package final class BrokerMetrics: Sendable {
    /// Where the series are shown.
    package let registry: MetricsRegistry
    let bytesIn: Counter
    let bytesOut: Counter
    let connections: Gauge
    let refusedConnections: Counter
    let refusedFrames: Counter
    let memoryWaits: Counter
    let authenticationFailures: Counter
    let requestBytes: Gauge
    let partitions: Gauge
    private let calls: [APIKey: (count: Counter, time: Histogram)]

    /// Handles of `registry`'s series.
    package init(_ registry: MetricsRegistry = MetricsRegistry()) {
        self.registry = registry
        bytesIn = registry.counter(.brokerBytesIn)
        bytesOut = registry.counter(.brokerBytesOut)
        connections = registry.gauge(.brokerConnections)
        refusedConnections = registry.counter(.brokerRefusedConnections)
        refusedFrames = registry.counter(.brokerRefusedFrames)
        memoryWaits = registry.counter(.brokerMemoryWaits)
        authenticationFailures = registry.counter(.brokerAuthenticationFailures)
        requestBytes = registry.gauge(.brokerRequestBytes)
        partitions = registry.gauge(.brokerPartitions)
        calls = Dictionary(
            uniqueKeysWithValues: APIKey.allCases.map { key in
                let name = "\(key)"
                return (
                    key,
                    (
                        registry.counter(.brokerRequests, [.api: name]),
                        registry.histogram(.brokerRequestSeconds, [.api: name])
                    )
                )
            }
        )
    }

    /// Counts an answer and how long it took.
    func answered(_ api: APIKey, after time: Duration) {
        guard let call = calls[api] else { return }
        call.count.add()
        call.time.observe(time)
    }

    /// Counts a partition of a Produce request that was refused.
    func produceFailed(_ code: Int16) {
        registry.counter(.brokerErrors, [.code: String(code)]).add()
    }

    /// Counts what the disk failed; `reason` is of a closed set.
    func storageFailed(_ reason: String) {
        registry.counter(.brokerStorageFailures, [.reason: reason]).add()
    }
}
