package import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
package import Logging
internal import NIOCore
internal import NIOSSL

/// The HTTP server of a program: the worker's and the broker's health and metrics, the registry, the demo's target.
///
/// A cancelled task, or the service group it runs in, is the one way to stop it: signals belong to the process.
package struct HTTPService: Sendable {
    private let name: String
    private let host: String
    private let port: Int
    private let logger: Logger
    private let tls: HTTPServiceTLS?
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameters:
    ///   - name: what the `Server` header says.
    ///   - host: address to listen on.
    ///   - port: 0 lets the system choose.
    ///   - logger: for the server's own messages.
    ///   - tls: the server's certificate; nil serves plain text.
    ///   - onListening: told the port once connections are accepted.
    package init(
        name: String,
        host: String,
        port: Int,
        logger: Logger,
        tls: HTTPServiceTLS? = nil,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.name = name
        self.host = host
        self.port = port
        self.logger = logger
        self.tls = tls
        self.onListening = onListening
    }

    /// Serves until the task is cancelled or its service group shuts down; requests under way are answered.
    /// - Throws: ``HTTPServiceError`` when the address cannot be listened on, ``HTTPServiceTLS/Unusable`` for the files.
    package func run<Responder: HTTPResponder>(_ responder: Responder) async throws
    where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let server: HTTPServerBuilder =
            if let tls { try .tls(tlsConfiguration: tls.configuration()) } else { .http1() }
        let application = Application(
            responder: responder,
            server: server,
            configuration: .init(address: .hostname(host, port: port), serverName: name),
            onServerRunning: { [onListening] channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        do {
            try await application.run()
        } catch let error as IOError {
            throw HTTPServiceError(name: name, address: "\(host):\(port)", cause: error)
        }
    }
}

/// Nothing can listen on the address.
package struct HTTPServiceError: Error, CustomStringConvertible {
    let name: String
    let address: String
    let cause: IOError

    package var description: String { "\(name) cannot serve HTTP on \(address): \(cause); choose another address" }
}

extension Response {
    /// An answer whose body is at hand, and which nobody may keep.
    package static func fresh(
        _ status: HTTPResponse.Status,
        _ type: String,
        _ body: some Sequence<UInt8>
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}

extension Router {
    /// `GET /healthz`: the process lives.
    package func serveHealth() {
        get("/healthz") { _, _ in Response.fresh(.ok, "application/json", #"{"status":"ok"}"#.utf8) }
    }

    /// `GET /metrics` in Prometheus's text format.
    /// - Parameter exposition: every series; returns at once, from any thread.
    package func serveMetrics(_ exposition: @escaping @Sendable () -> String) {
        get("/metrics") { _, _ in
            Response.fresh(.ok, "text/plain; version=0.0.4; charset=utf-8", exposition().utf8)
        }
    }
}
