internal import AsyncHTTPClient
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Synchronization

/// Sends requests to the addresses of a registry, and again where that may help.
final class RegistryConnection: Sendable {
    /// Bytes of an answer: a list of all subjects, or a schema of 8 MiB as a string with references.
    private static let maxAnswerBytes = 64 << 20
    static let mediaType = "application/vnd.schemaregistry.v1+json"

    /// Lives as long as the process. What keeps a connection from being made is said at once: the next address is tried.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.connectionPool.retryConnectionEstablishment = false
        // Credentials are for the address they were given for.
        configuration.redirectConfiguration = .disallow
        return HTTPClient(configuration: configuration)
    }()

    private let configuration: RegistryClientConfiguration
    private let tls: TLSConfiguration?
    private let sleep: @Sendable (Duration) async throws -> Void
    /// Index of the address that answered last.
    private let preferred = Atomic<Int>(0)

    /// - Throws: `configuration` for certificates that cannot be read.
    init(
        _ configuration: RegistryClientConfiguration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) throws(RegistryClientError) {
        self.configuration = configuration
        self.sleep = sleep
        tls = try configuration.tls.configuration()
    }

    /// Asks until there is an answer, or the rounds are over.
    func send(_ request: RegistryCall) async throws(RegistryClientError) -> JSON {
        var failure = RegistryClientError(.unreachable, "no address of the registry was asked")
        for round in 0..<max(1, configuration.rounds) {
            if round > 0 { try await pause(before: round, after: failure) }
            let first = preferred.load(ordering: .relaxed)
            for step in configuration.urls.indices {
                let index = (first + step) % configuration.urls.count
                do throws(RegistryClientError) {
                    let answer = try await attempt(request, at: configuration.urls[index])
                    preferred.store(index, ordering: .relaxed)
                    return answer
                } catch {
                    guard error.isTransient else { throw error }
                    failure = error
                }
            }
        }
        throw failure
    }

    private func pause(before round: Int, after failure: RegistryClientError) async throws(RegistryClientError) {
        let doubled = configuration.firstWait * (1 << min(round - 1, 20))
        // Full jitter: clients that lost a registry together do not come back together.
        let drawn = min(doubled, configuration.longestWait) * Double.random(in: 0...1)
        do {
            try await sleep(min(max(drawn, failure.retryAfter ?? .zero), configuration.longestWait))
        } catch {
            throw Self.cancelled
        }
    }

    private func attempt(_ call: RegistryCall, at url: String) async throws(RegistryClientError) -> JSON {
        let request = try request(call, at: url)
        let (status, body, retryAfter) = try await execute(request, call, at: url)
        let answer = RegistryAnswer(status: status, body: body, retryAfter: retryAfter, call: call, url: url)
        return try answer.value()
    }

    private func request(_ call: RegistryCall, at url: String) throws(RegistryClientError) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url + call.path)
        request.method = .init(rawValue: call.method.rawValue)
        request.tlsConfiguration = tls
        request.headers.add(name: "Accept", value: "\(Self.mediaType), application/json;q=0.9")
        if let body = call.body {
            request.headers.add(name: "Content-Type", value: Self.mediaType)
            request.body = .bytes(ByteBuffer(bytes: body.bytes))
        }
        do {
            if let credentials = try configuration.credentials() {
                request.headers.add(name: "Authorization", value: credentials.authorization)
            }
        } catch {
            throw RegistryClientError(.configuration, "the registry's credentials cannot be had: \(error)")
        }
        return request
    }

    private func execute(
        _ request: HTTPClientRequest,
        _ call: RegistryCall,
        at url: String
    ) async throws(RegistryClientError) -> (status: Int, body: [UInt8], retryAfter: String?) {
        do {
            let timeout = TimeAmount.nanoseconds(Int64(configuration.timeout / .nanoseconds(1)))
            let response = try await Self.http.execute(request, timeout: timeout)
            let body = try await response.body.collect(upTo: Self.maxAnswerBytes)
            return (
                Int(response.status.code), Array(body.readableBytesView), response.headers.first(name: "Retry-After")
            )
        } catch is CancellationError {
            throw Self.cancelled
        } catch {
            if Task.isCancelled { throw Self.cancelled }
            throw RegistryClientError(.unreachable, "the registry at \(url) cannot be asked for \(call): \(error)")
        }
    }

    private static let cancelled = RegistryClientError(.cancelled, "the request to the registry was cancelled")
}
