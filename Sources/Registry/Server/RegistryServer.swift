internal import Foundation
package import HTTPService
internal import HTTPTypes
internal import Hummingbird
package import Logging
internal import NIOCore
internal import NIOSSL

/// The schema registry over HTTP: Confluent's API, `/healthz` and `/metrics`.
package struct RegistryServer: Sendable {
    /// The content type of every answer.
    package static let mediaType = "application/vnd.schemaregistry.v1+json"
    /// Bytes of a request's body; larger ones are answered 413. A contract has at most 8 MiB, and twice that as a string.
    package static let maxBodyBytes = 16 << 20

    private static let acceptedTypes: Set<String> = [
        mediaType, "application/vnd.schemaregistry+json", "application/json", "application/octet-stream",
    ]
    /// Forms that an answer can be taken in.
    private static let offeredTypes: Set<String> = [
        mediaType, "application/vnd.schemaregistry+json", "application/json", "application/*", "*/*",
    ]

    private let responder: RegistryResponder
    private let service: HTTPService
    private let metrics: RegistryMetrics
    private let authentication: RegistryAuthentication

    /// - Parameters:
    ///   - registry: what to serve.
    ///   - host: address to listen on.
    ///   - port: 0 lets the system choose.
    ///   - logger: for the server's own messages and the audit.
    ///   - authentication: who may do what.
    ///   - tls: the server's certificate, and whether clients must have one; nil serves plain text.
    ///   - metrics: what is shown at `/metrics`.
    ///   - onListening: told the port once connections are accepted.
    package init(
        _ registry: Registry,
        host: String,
        port: Int,
        logger: Logger,
        authentication: RegistryAuthentication = .none,
        tls: HTTPServiceTLS? = nil,
        metrics: RegistryMetrics = RegistryMetrics(),
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        responder = RegistryResponder(registry: registry, metrics: metrics, logger: logger)
        self.metrics = metrics
        self.authentication = authentication
        service = HTTPService(
            name: "busbar-registry",
            host: host,
            port: port,
            logger: logger,
            tls: tls,
            onListening: onListening
        )
    }

    /// Serves until the task is cancelled or its service group shuts down; requests under way are answered.
    /// - Throws: `HTTPServiceError` when the address cannot be listened on, `HTTPServiceTLS.Unusable` for its files.
    package func run() async throws {
        let responder = CallbackResponder { (request, context: PeerContext) in
            await respond(to: request, from: context)
        }
        try await service.run(responder)
    }

    private func respond(to request: Request, from peer: PeerContext) async -> Response {
        if request.uri.path == "/metrics", request.method == .get {
            let registry = responder.registry
            let text = metrics.exposition(registry.snapshot, checks: registry.checksUnderWay)
            return .fresh(.ok, "text/plain; version=0.0.4; charset=utf-8", text.utf8)
        }
        let start = ContinuousClock.now
        var answer: RegistryAnswer
        do throws(RegistryError) {
            answer = await responder.answer(try await parse(request, from: peer))
        } catch {
            answer = RegistryResponder.answer(to: error)
        }
        metrics.answered(answer.status, after: start.duration(to: .now))
        return response(answer, to: request)
    }

    private func response(_ answer: RegistryAnswer, to request: Request) -> Response {
        var headers: HTTPFields = [.contentType: Self.mediaType, .contentLength: String(answer.body.count)]
        if answer.status == 401 { headers[.wwwAuthenticate] = authentication.challenge }
        if answer.status == 204 { headers = [:] }
        // HEAD is GET without the body (RFC 9110 section 9.3.2).
        let body = request.method == .head ? [] : answer.body
        return Response(
            status: .init(code: answer.status),
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }

    private func parse(_ request: Request, from peer: PeerContext) async throws(RegistryError) -> RegistryRequest {
        let segments = request.uri.path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        let query = request.uri.queryParameters.map { (String($0.key), String($0.value)) }
        // Health is for whoever watches the process, who has no password.
        let isHealth = segments == ["healthz"]
        let actor: RegistryRequest.Actor =
            isHealth
            ? .anonymous
            : try await authentication.actor(
                request.headers[.authorization],
                certificate: await peer.certificate()
            )
        try Self.checkAccepted(request.headers[.accept])
        let method = request.method == .head ? .get : RegistryRequest.Method(rawValue: request.method.rawValue)
        return RegistryRequest(
            method: method,
            path: segments,
            query: RegistryQuery(query),
            body: method == .post || method == .put ? try await Self.body(of: request) : [],
            actor: actor
        )
    }

    /// - Throws: 406 when the client takes none of our forms.
    private static func checkAccepted(_ accept: String?) throws(RegistryError) {
        guard let accept, !accept.isEmpty else { return }
        let types = accept.split(separator: ",").map(mediaType)
        guard types.contains(where: offeredTypes.contains) else {
            throw RegistryError(.notAcceptable, "HTTP 406 Not Acceptable; answers are \(mediaType)")
        }
    }

    private static func body(of request: Request) async throws(RegistryError) -> [UInt8] {
        if let type = request.headers[.contentType], !acceptedTypes.contains(mediaType(type[...])) {
            throw RegistryError(.unsupportedMediaType, "HTTP 415 Unsupported Media Type; send \(mediaType)")
        }
        do {
            return Array(buffer: try await request.body.collect(upTo: maxBodyBytes))
        } catch is NIOTooManyBytesError {
            throw RegistryError(.contentTooLarge, "The body has more than \(maxBodyBytes) bytes.")
        } catch {
            throw RegistryError(.badRequest, "The body cannot be read: \(error)")
        }
    }

    /// The type without its parameters.
    private static func mediaType(_ text: Substring) -> String {
        text.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
    }
}

/// A request's context that knows the connection, for the client's certificate.
private struct PeerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The DER of the certificate that TLS has verified; nil for a connection without one.
    func certificate() async -> [UInt8]? {
        do {
            return try await channel.nioSSL_peerCertificate().get()?.toDERBytes()
        } catch {
            // No TLS on this connection.
            return nil
        }
    }
}
