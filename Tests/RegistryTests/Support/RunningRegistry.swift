import AsyncHTTPClient
import HTTPService
import JSON
import NIOCore
import NIOHTTP1
import Registry
import RegistryTesting

/// A registry on a free port, and how a test talks to it.
struct RunningRegistry: Sendable {
    struct Answer: Sendable {
        let status: Int
        let contentType: String?
        let text: String
        let json: JSON
        /// The `WWW-Authenticate` of a 401.
        let challenge: String?

        /// `error_code` of a refusal.
        var code: Int? { json["error_code"]?.number.flatMap { Int($0.text) } }
        var message: String { json["message"]?.string ?? "" }
    }

    let url: String
    let port: Int
    /// What the server serves; nil for one in another process.
    let registry: Registry?

    /// Starts a registry over `files` (paths below the schemas folder), lends it, and ends it.
    static func with<R: Sendable>(
        _ files: [String: String],
        _ body: @Sendable (RunningRegistry) async throws -> R
    ) async throws -> R {
        let folder = try SchemaFolder(files)
        return try await with(folder.storage(), body)
    }

    /// Starts a registry over a storage, lends it, and ends it; the storage is closed.
    static func with<R: Sendable>(
        _ storage: any RegistryStorage,
        authentication: RegistryAuthentication = .none,
        tls: HTTPServiceTLS? = nil,
        limits: RegistryLimits = RegistryLimits(),
        _ body: @Sendable (RunningRegistry) async throws -> R
    ) async throws -> R {
        try await InProcessRegistry.with(
            storage,
            authentication: authentication,
            tls: tls,
            limits: limits
        ) { running async throws in
            try await body(RunningRegistry(url: running.url, port: running.port, registry: running.registry))
        }
    }

    func get(_ path: String) async throws -> Answer { try await send("GET", path) }

    /// Sends a JSON body, or what `contentType` says.
    func send(
        _ method: String,
        _ path: String,
        _ body: String? = nil,
        contentType: String = RegistryServer.mediaType,
        headers: [(String, String)] = []
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "Content-Type", value: contentType)
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(50))
        let buffer = try await response.body.collect(upTo: 1 << 20)
        let text = String(buffer: buffer)
        return Answer(
            status: Int(response.status.code),
            contentType: response.headers.first(name: "Content-Type"),
            text: text,
            json: text.hasPrefix("#") || text.isEmpty ? .null : try JSON(parsing: text),
            challenge: response.headers.first(name: "WWW-Authenticate")
        )
    }

    /// The body of a look-up or registration.
    static func schema(_ text: String, references: String? = nil) -> String {
        var writer = JSONWriter()
        writer.object {
            $0.member("schemaType", "JSON")
            $0.member("schema", text)
            if let references {
                $0.key("references")
                $0.raw(Array(references.utf8))
            }
        }
        return writer.text
    }
}
