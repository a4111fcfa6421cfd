internal import AsyncHTTPClient
package import ConnectorKit
package import Delivery
package import Log
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Sends records to an HTTP target, one request per record or per batch.
///
/// At least once: an attempt without an answer may have had its effect, and is made again. With `idempotency_key: true` a
/// target that honours `Idempotency-Key` has each effect once. Redirects are not followed. What is left of a response's
/// body after ``bodyLimit`` bytes is not read.
package final class HTTPSink: Sink {
    /// Bytes of a response's body that are read.
    static let bodyLimit = 64 << 10
    /// Bytes of a refusing response's body that are quoted.
    static let excerptLimit = 256

    /// The most that is believed of a Retry-After.
    static let longestWait = Duration.seconds(3600)

    private let settings: HTTPSinkSettings
    private let client: HTTPClient
    private let now: @Sendable () -> Timestamp
    private let isClosed = Mutex(false)
    /// `nil` until it was asked for.
    private let cluster = Mutex<String??>(nil)

    /// - Parameters:
    ///   - settings: what is sent, and where.
    ///   - now: for the date form of Retry-After.
    package init(_ settings: HTTPSinkSettings, now: @escaping @Sendable () -> Timestamp) {
        self.settings = settings
        self.now = now
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: Self.configuration(settings))
    }

    deinit {
        // The client traps when it is dropped without a shutdown; a sink whose owner failed before close() must not.
        if !isClosed.withLock({ $0 }) { client.shutdown { _ in } }
    }

    /// One record per request unless the settings say `batch`.
    package var batching: BatchPolicy? { settings.batch?.policy }

    /// One request per record, one after the other, or one for all of a batch. Abandoned on cancellation: the answer is then
    /// a retry, and whether the request had its effect is unknown.
    package func deliver(_ records: [Record]) async -> [SinkResult] {
        guard !records.isEmpty else { return [] }
        let cluster: String?
        do {
            cluster = settings.idempotencyKey ? try await knownCluster() : nil
        } catch {
            return records.map { _ in .pause(.target, detail: "the cluster's id, for Idempotency-Key: \(error)") }
        }
        if let batch = settings.batch {
            let plan = HTTPRequestPlan(records, cluster: cluster, format: batch.format)
            return plan.results(await send(plan))
        }
        var results: [SinkResult] = []
        for record in records {
            let plan = HTTPRequestPlan(record, cluster: cluster)
            results += plan.results(await send(plan))
        }
        return results
    }

    /// Closes the connections. Delivering afterwards is fatal; closing again does nothing.
    package func close() async {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        do {
            try await client.shutdown()
        } catch {
            // Connections that do not close in order are dropped by the client; no delivery is under way.
            return
        }
    }

    /// Asked for with the first delivery, and kept.
    private func knownCluster() async throws -> String? {
        if let known = cluster.withLock({ $0 }) { return known }
        let found = try await settings.cluster()
        // `nil` is an answer, too: brokers without an id.
        cluster.withLock { $0 = .some(found) }
        return found
    }

    private func send(_ plan: HTTPRequestPlan) async -> SinkResult {
        guard let body = plan.body else { return .delivered }
        let deadline = NIODeadline.now() + TimeAmount(settings.timeout)
        do {
            let response = try await client.execute(request(body, plan), deadline: deadline)
            settings.onResponse(Int(response.status.code))
            let excerpt = await excerpt(of: response.body, until: deadline)
            return verdict(response, excerpt: excerpt)
        } catch {
            settings.onResponse(0)
            return HTTPFailure.result(error, target: settings.url)
        }
    }

    private func request(_ body: [UInt8], _ plan: HTTPRequestPlan) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: settings.url.requestText)
        request.method = HTTPMethod(rawValue: settings.method)
        request.headers.add(name: "Content-Type", value: plan.contentType)
        if settings.idempotencyKey { request.headers.add(name: "Idempotency-Key", value: plan.idempotencyKey) }
        for (name, value) in plan.trace { request.headers.add(name: name, value: value) }
        for header in settings.headers {
            request.headers.replaceOrAdd(name: header.name, value: header.value().reveal())
        }
        request.body = .bytes(ByteBuffer(bytes: body))
        return request
    }

    /// The beginning of the body as text that fits into a header and a log line. The rest is read and forgotten, so that
    /// the connection can be used again.
    ///
    /// The status has decided already: a body that breaks off changes nothing.
    private func excerpt(of body: HTTPClientResponse.Body, until deadline: NIODeadline) async -> String {
        var kept: [UInt8] = []
        var count = 0
        do {
            for try await part in body {
                kept += part.readableBytesView.prefix(Self.excerptLimit - kept.count)
                count += part.readableBytes
                if count > Self.bodyLimit || .now() > deadline { break }
            }
        } catch {
            return ResponseExcerpt.clean(kept)
        }
        return ResponseExcerpt.clean(kept)
    }

    private func verdict(_ response: HTTPClientResponse, excerpt: String) -> SinkResult {
        let wait = response.headers.first(name: "Retry-After")
            .flatMap { RetryAfter.parse($0, now: now().rawValue / 1000) }
            .map { min($0, Self.longestWait) }
        let result = HTTPDisposition.classify(
            status: Int(response.status.code),
            retryAfter: wait,
            conflict: settings.idempotencyKey ? .inProgress : .refused
        )
        return excerpt.isEmpty ? result : result.quoting(excerpt)
    }

    private static func configuration(_ settings: HTTPSinkSettings) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(settings.timeout), read: TimeAmount(settings.timeout))
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.connections
        // Retries are the runtime's, which counts them.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }
}
