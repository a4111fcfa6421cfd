internal import ConnectorKit
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Telemetry

/// `/healthz` and `/metrics` over HTTP.
struct BrokerAdmin: Sendable {
    let address: BrokerConfiguration.Address
    let metrics: BrokerMetrics
    /// Brings series up to date that nothing else does.
    let refresh: @Sendable () -> Void
    let logger: Logger

    /// Serves until the task is cancelled; `onListening` is told the port.
    /// - Throws: when the address cannot be listened on.
    func run(onListening: @escaping @Sendable (Int) -> Void) async throws {
        let router = Router()
        router.get("/healthz") { _, _ in Self.response("application/json", #"{"status":"ok"}"#) }
        router.get("/metrics") { [metrics, refresh] _, _ in
            refresh()
            return Self.response("text/plain; version=0.0.4; charset=utf-8", metrics.registry.exposition())
        }
        let application = Application(
            router: router,
            configuration: .init(address: .hostname(address.host, port: address.port), serverName: "busbar-broker"),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        try await application.run()
    }

    private static func response(_ type: String, _ body: String) -> Hummingbird.Response {
        Hummingbird.Response(
            status: .ok,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body))
        )
    }
}
