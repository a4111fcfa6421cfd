internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A real HTTP/1.1 server on a loopback port that records requests and answers as it is told.
///
/// Without a rule every request is answered 200 and takes effect. Rules are tried in the order in which they were added;
/// one that has been used up is passed over. It honours `Idempotency-Key`: the second request with a key is answered like
/// the first and has no effect.
package final class FakeTarget: Sendable {
    /// Names a rule to ``remove(_:)``.
    package struct RuleID: Sendable, Hashable {
        fileprivate let number: Int
    }

    private struct Sockets {
        var listener: (any Channel)?
        var port = 0
        var connections: [ObjectIdentifier: any Channel] = [:]
        /// Connections accepted since the start.
        var accepted = 0
    }

    private let ledger = Observed(TargetLedger())
    private let sockets = Mutex(Sockets())
    private let tls: NIOSSLContext?

    /// Starts listening on a free loopback port, or on `port`; with TLS where PEM files of a certificate and its key are
    /// given.
    package static func start(
        port: Int = 0,
        tls files: (certificate: String, key: String)? = nil
    ) async throws -> FakeTarget {
        let context = try files.map { files in
            let chain = try NIOSSLCertificate.fromPEMFile(files.certificate).map {
                NIOSSLCertificateSource.certificate($0)
            }
            let key = try NIOSSLPrivateKey(file: files.key, format: .pem)
            return try NIOSSLContext(
                configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
            )
        }
        let target = FakeTarget(context)
        try await target.listen(on: port)
        return target
    }

    private init(_ tls: NIOSSLContext?) {
        self.tls = tls
    }

    /// Stays the same over ``stop()`` and ``restart()``.
    package var port: Int { sockets.withLock { $0.port } }

    /// `http://127.0.0.1:<port>`, or `https://…`.
    package var url: String { "\(tls == nil ? "http" : "https")://127.0.0.1:\(port)" }

    /// All requests since the start, in the order in which they were complete.
    package var requests: [TargetRequest] { ledger.value.requests }
    /// Requests that took effect, each idempotency key once; in order.
    package var effects: [TargetRequest] { ledger.value.effects }
    /// Requests whose effect had happened already under their key.
    package var repeats: [TargetRequest] { ledger.value.repeats }
    /// Connections since the start.
    package var acceptedConnections: Int { sockets.withLock { $0.accepted } }

    /// Answers requests that match, the next `times` of them.
    @discardableResult
    package func on(
        _ matches: @escaping @Sendable (TargetRequest) -> Bool = { _ in true },
        times: Int = .max,
        answer: @escaping @Sendable (TargetRequest) -> TargetAnswer
    ) -> RuleID {
        ledger.update { ledger in
            let id = RuleID(number: ledger.nextID())
            ledger.add(TargetLedger.Rule(id: id, matches: matches, answer: answer, timesLeft: times))
            return id
        }
    }

    /// Answers the next `times` requests.
    @discardableResult
    package func answer(_ answer: TargetAnswer, times: Int = .max) -> RuleID {
        on(times: times) { _ in answer }
    }

    /// Ends a rule: the end of an outage window.
    package func remove(_ rule: RuleID) {
        ledger.update { $0.remove(rule) }
    }

    /// Answers everything 200 again.
    package func removeRules() {
        ledger.update { $0.removeRules() }
    }

    /// Waits until `count` requests have come since the start.
    /// - Throws: `CancellationError`.
    @discardableResult
    package func requests(atLeast count: Int) async throws -> [TargetRequest] {
        try await ledger.value(when: { $0.requests.count >= count }).requests
    }
}

extension FakeTarget {
    /// Closes the listening socket and every connection: connects are refused from now on.
    package func stop() async throws {
        let (listener, connections) = sockets.withLock { sockets in
            defer {
                sockets.listener = nil
                sockets.connections = [:]
            }
            return (sockets.listener, Array(sockets.connections.values))
        }
        try await listener?.close()
        for connection in connections { connection.close(mode: .all, promise: nil) }
    }

    /// Listens again on the same port.
    package func restart() async throws {
        try await listen(on: port)
    }

    private func listen(on port: Int) async throws {
        let listener = try await Self.bind(port: port) { [self] channel in
            admit(channel)
            return channel.eventLoop.makeCompletedFuture {
                if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                try channel.pipeline.syncOperations.addHandler(TargetHandler(self))
            }
        }
        sockets.withLock { sockets in
            sockets.listener = listener
            sockets.port = listener.localAddress?.port ?? port
        }
    }

    func record(_ head: HTTPRequestHead, _ body: [UInt8]) -> TargetAnswer {
        let headers = head.headers.map { TargetRequest.Header($0.name, $0.value) }
        return ledger.update {
            $0.record(method: head.method.rawValue, path: head.uri, headers: headers, body: body)
        }
    }

    private func admit(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        sockets.withLock { sockets in
            sockets.connections[id] = channel
            sockets.accepted += 1
        }
        channel.closeFuture.whenComplete { [self] _ in
            sockets.withLock { $0.connections[id] = nil }
        }
    }

    private static func bind(
        port: Int,
        _ initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer(initializer)
            .bind(host: "127.0.0.1", port: port)
            .get()
    }
}
