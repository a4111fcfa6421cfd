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
    /// Of the APIs that were used: a series appears with its first value.
    private let calls = Mutex<[APIKey: (count: Counter, time: Histogram)]>([:])

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
    }

    /// Counts an answer and how long it took.
    func answered(_ api: APIKey, after time: Duration) {
        let call = calls.withLock { calls in
            if let call = calls[api] { return call }
            let call = (
                registry.counter(.brokerRequests, [.api: "\(api)"]),
                registry.histogram(.brokerRequestSeconds, [.api: "\(api)"])
            )
            calls[api] = call
            return call
        }
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
