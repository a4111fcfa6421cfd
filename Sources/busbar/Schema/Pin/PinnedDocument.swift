internal import ArgumentParser
internal import AsyncHTTPClient
internal import Contracts
internal import Foundation
internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// Where a document that is to be pinned comes from.
enum PinnedDocument {
    case file(String)
    /// By http only where that is allowed.
    case remote(String, allowsHTTP: Bool)

    static let timeout = TimeAmount.seconds(30)

    /// Reads the document, once.
    /// - Throws: ``CommandFailure``: 64 for a file that is not there and for what cannot be fetched by its URI, 1 when the
    ///   document cannot be had, is larger than ``ContractStore/maxFileBytes`` or is not JSON.
    func read() async throws -> [UInt8] {
        let (bytes, name) =
            switch self {
            case .file(let path): (try Self.contents(of: path), path)
            case .remote(let uri, let allowsHTTP): (try await Self.fetch(uri, allowsHTTP), uri)
            }
        do {
            _ = try JSON(parsing: bytes)
        } catch {
            throw CommandFailure(.failure, "what is at \(name) is not JSON: \(error)")
        }
        return bytes
    }

    private static func contents(of path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.usage, "\(path): there is no such file, or it cannot be read")
        }
        guard data.count <= ContractStore.maxFileBytes else { throw tooLarge(path) }
        return [UInt8](data)
    }

    private static func tooLarge(_ name: String) -> CommandFailure {
        CommandFailure(
            .failure,
            "\(name) has more than \(ContractStore.maxFileBytes >> 20) MiB, which no schema may have"
        )
    }

    // MARK: Fetching

    private static func fetch(_ uri: String, _ allowsHTTP: Bool) async throws -> [UInt8] {
        let scheme = uri.prefix { $0 != ":" }
        guard scheme == "https" || (scheme == "http" && allowsHTTP) else {
            throw CommandFailure(
                .usage,
                scheme == "http"
                    ? "\(uri): what comes over http may come from anybody on the way; --allow-http fetches it all the same"
                    : "\(uri): only https is fetched; give the document with --file"
            )
        }
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: timeout, read: timeout)
        )
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(configuration: configuration)
        let result: Result<[UInt8], any Error>
        do {
            result = .success(try await answer(to: uri, client))
        } catch {
            result = .failure(error)
        }
        try await client.shutdown()
        return try result.get()
    }

    private static func answer(to uri: String, _ client: HTTPClient) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: uri)
        request.headers = ["Accept": "application/schema+json, application/json", "User-Agent": "busbar"]
        let deadline = NIODeadline.now() + timeout
        do {
            let response = try await client.execute(request, deadline: deadline)
            try check(response, uri)
            var bytes: [UInt8] = []
            for try await part in response.body {
                bytes += part.readableBytesView
                guard bytes.count <= ContractStore.maxFileBytes else { throw tooLarge(uri) }
                guard .now() < deadline else { throw HTTPClientError.deadlineExceeded }
            }
            return bytes
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.failure, "\(uri) cannot be fetched: \(error)")
        }
    }

    private static func check(_ response: HTTPClientResponse, _ uri: String) throws {
        switch response.status.code {
        case 200: return
        case 300...399:
            let place = response.headers.first(name: "Location").map { " to \($0)" } ?? ""
            throw CommandFailure(
                .failure,
                "\(uri) is redirected\(place), which is not followed; if you trust that document, fetch it yourself and "
                    + "give it with --file"
            )
        default: throw CommandFailure(.failure, "\(uri) cannot be fetched: it is answered \(response.status.code)")
        }
    }
}
