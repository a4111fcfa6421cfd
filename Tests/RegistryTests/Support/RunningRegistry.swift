import AsyncHTTPClient
import Contracts
import Foundation
import HTTPService
import JSON
import Logging
import NIOCore
import NIOHTTP1
import Registry

/// A registry on a free port with contracts in a folder of its own, for the time of a test.
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
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ body: @Sendable (RunningRegistry) async throws -> R
    ) async throws -> R {
        let registry = try await Registry.open(storage, limits: limits)
        let (ports, announce) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let server = RegistryServer(
            registry,
            host: "127.0.0.1",
            port: 0,
            logger: logger,
            authentication: authentication,
            tls: tls
        ) { port in
            announce.yield(port)
        }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // A server that does not come up ends the wait for its port.
                defer { announce.finish() }
                try await server.run()
            }
            guard let port = await ports.first(where: { _ in true }) else {
                try await group.waitForAll()
                throw RegistryError(.store, "the server ended before it listened")
            }
            let result = try await body(
                RunningRegistry(url: "http://127.0.0.1:\(port)", port: port, registry: registry)
            )
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
            await registry.close()
            return result
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

/// Contracts in a folder that goes away with the last reference.
final class SchemaFolder {
    let url: URL

    /// - Parameter files: texts by path, for example `a/v1.json`.
    /// - Throws: when a file cannot be written.
    init(_ files: [String: String]) throws {
        url = FileManager.default.temporaryDirectory.appending(path: "busbar-registry-\(UUID().uuidString)")
        for (path, text) in files { try add(path, text) }
    }

    deinit {
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            print("could not remove \(url.path): \(error)")
        }
    }

    func add(_ path: String, _ text: String) throws {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
    }

    func storage() throws -> FolderStorage { try FolderStorage(ContractStore(folder: url.path)) }
}
