internal import Foundation
internal import HTTPService
internal import HTTPTypes
internal import Hummingbird
package import Logging
internal import NIOCore

/// The schema registry over HTTP: Confluent's API, read-only, from a catalogue.
package struct RegistryServer: Sendable {
    /// The content type of every answer.
    package static let mediaType = "application/vnd.schemaregistry.v1+json"
    /// Bytes of a request's body; larger ones are answered 413. A contract has at most 8 MiB, and twice that as a string.
    package static let maxBodyBytes = 16 << 20

    private static let acceptedTypes: Set<String> = [
        mediaType, "application/vnd.schemaregistry+json", "application/json", "application/octet-stream",
    ]

    private let responder: RegistryResponder
    private let service: HTTPService

    /// - Parameters:
    ///   - catalogue: what to serve.
    ///   - host: address to listen on.
    ///   - port: 0 lets the system choose.
    ///   - logger: for the server's own messages.
    ///   - onListening: told the port once connections are accepted.
    package init(
        _ catalogue: SchemaCatalogue,
        host: String,
        port: Int,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        responder = RegistryResponder(catalogue)
        service = HTTPService(
            name: "busbar-registry",
            host: host,
            port: port,
            logger: logger,
            onListening: onListening
        )
    }

    /// Serves until the task is cancelled or its service group shuts down; requests under way are answered.
    /// - Throws: `HTTPServiceError` when the address cannot be listened on.
    package func run() async throws {
        let responder = CallbackResponder { [responder] (request, _: BasicRequestContext) in
            await Self.respond(to: request, with: responder)
        }
        try await service.run(responder)
    }

    private static func respond(to request: Request, with responder: RegistryResponder) async -> Response {
        var answer: RegistryAnswer
        do throws(RegistryError) {
            answer = responder.answer(try await parse(request))
        } catch {
            answer = RegistryResponder.answer(to: error)
        }
        let length = String(answer.body.count)
        // HEAD is GET without the body (RFC 9110 section 9.3.2).
        if request.method == .head { answer.body = [] }
        return Response(
            status: .init(code: answer.status),
            headers: [.contentType: mediaType, .contentLength: length],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }

    private static func parse(_ request: Request) async throws(RegistryError) -> RegistryRequest {
        let method = request.method == .head ? .get : RegistryRequest.Method(rawValue: request.method.rawValue)
        let segments = request.uri.path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        let query = request.uri.queryParameters.map { (String($0.key), String($0.value)) }
        return RegistryRequest(
            method: method,
            path: segments,
            query: RegistryQuery(Dictionary(query) { first, _ in first }),
            body: method == .post ? try await body(of: request) : []
        )
    }

    private static func body(of request: Request) async throws(RegistryError) -> [UInt8] {
        if let type = request.headers[.contentType] {
            let name = type.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
            guard acceptedTypes.contains(name) else {
                throw RegistryError(.unsupportedMediaType, "HTTP 415 Unsupported Media Type; send \(mediaType)")
            }
        }
        do {
            return Array(buffer: try await request.body.collect(upTo: maxBodyBytes))
        } catch is NIOTooManyBytesError {
            throw RegistryError(.contentTooLarge, "The body has more than \(maxBodyBytes) bytes.")
        } catch {
            throw RegistryError(.badRequest, "The body cannot be read: \(error)")
        }
    }
}
