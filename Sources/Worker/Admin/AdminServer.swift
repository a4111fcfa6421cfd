internal import Hummingbird
package import Logging
internal import NIOCore
internal import Synchronization

/// The worker's own HTTP surface: `/healthz`, `/readyz`, `/metrics` and `/connectors`.
///
/// It reads snapshots and never calls into a connector, so that a connector that hangs cannot make it hang.
package struct AdminServer: Sendable {
    /// What the server shows; each closure returns at once, from any thread.
    package struct Views: Sendable {
        /// Readiness of every desired connector as one JSON object, and whether all are ready.
        package var readiness: @Sendable () -> (json: [UInt8], ready: Bool)
        /// Prometheus text format.
        package var metrics: @Sendable () -> String
        /// State and accounting of every connector, one JSON object a line.
        package var connectors: @Sendable () -> [UInt8]

        package init(
            readiness: @escaping @Sendable () -> (json: [UInt8], ready: Bool),
            metrics: @escaping @Sendable () -> String,
            connectors: @escaping @Sendable () -> [UInt8]
        ) {
            self.readiness = readiness
            self.metrics = metrics
            self.connectors = connectors
        }
    }

    private let host: String
    private let port: Int
    private let views: Views
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameters:
    ///   - host: address to listen on.
    ///   - port: 0 lets the system choose.
    ///   - views: what to show.
    ///   - logger: for the server's own messages.
    ///   - onListening: told the port once connections are accepted.
    package init(
        host: String,
        port: Int,
        views: Views,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.views = views
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until the task is cancelled.
    /// - Throws: when the address cannot be listened on.
    package func run() async throws {
        let router = Router()
        router.get("/healthz") { _, _ in
            Self.response(.ok, "application/json", Array(#"{"status":"ok"}"#.utf8))
        }
        router.get("/readyz") { [views] _, _ in
            let (json, ready) = views.readiness()
            return Self.response(ready ? .ok : .serviceUnavailable, "application/json", json)
        }
        router.get("/metrics") { [views] _, _ in
            Self.response(.ok, "text/plain; version=0.0.4; charset=utf-8", Array(views.metrics().utf8))
        }
        router.get("/connectors") { [views] _, _ in
            Self.response(.ok, "application/x-ndjson", views.connectors())
        }
        let application = Application(
            router: router,
            configuration: .init(address: .hostname(host, port: port), serverName: "busbar-worker"),
            onServerRunning: { [onListening] channel in
                await onListening(channel.localAddress?.port ?? 0)
            },
            logger: logger
        )
        // A cancelled task is the one way to stop it: signals belong to the process, not to this server.
        do {
            try await application.run()
        } catch let error as IOError {
            throw Unusable(address: "\(host):\(port)", error: error)
        }
    }

    /// Nothing can listen on the address.
    private struct Unusable: Error, CustomStringConvertible {
        let address: String
        let error: IOError

        var description: String {
            "the health checks cannot listen on \(address): \(error); set another `http` address"
        }
    }

    private static func response(_ status: HTTPResponse.Status, _ type: String, _ body: [UInt8]) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}
