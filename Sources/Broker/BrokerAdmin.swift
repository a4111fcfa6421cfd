internal import ConnectorKit
internal import HTTPService
internal import Hummingbird
internal import Logging
internal import Telemetry

/// `/healthz` and `/metrics` over HTTP.
struct BrokerAdmin: Sendable {
    let address: BrokerConfiguration.Address
    let metrics: BrokerMetrics
    /// Brings series up to date that nothing else does.
    let refresh: @Sendable () -> Void
    let logger: Logger

    /// Serves until the task is cancelled; `onListening` is told the port.
    /// - Throws: `HTTPServiceError` when the address cannot be listened on.
    func run(onListening: @escaping @Sendable (Int) -> Void) async throws {
        let router = Router()
        router.serveHealth()
        router.serveMetrics { [metrics, refresh] in
            refresh()
            return metrics.registry.exposition()
        }
        let service = HTTPService(
            name: "busbar-broker",
            host: address.host,
            port: address.port,
            logger: logger,
            onListening: onListening
        )
        try await service.run(router.buildResponder())
    }
}
