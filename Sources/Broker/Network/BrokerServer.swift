internal import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization
internal import Telemetry

/// Listens for Kafka clients. Any thread.
final class BrokerServer: Sendable {
    private struct Connections {
        var byID: [UInt64: (connection: Connection, channel: any Channel)] = [:]
        var nextID: UInt64 = 0
        var whenEmpty: CheckedContinuation<Void, Never>?
    }

    /// What happens with a request; called on a request thread, in the order of a connection's requests.
    typealias Work = @Sendable (ByteBuffer, Reply) -> Void

    private let configuration: BrokerConfiguration
    private let group: MultiThreadedEventLoopGroup
    private let threads: NIOThreadPool
    private let budget: MemoryBudget
    private let metrics: BrokerMetrics
    private let logger: Logger
    private let tls: NIOSSLContext?
    private let connections = Mutex(Connections())
    private let listening = Mutex<(any Channel)?>(nil)

    /// - Throws: ``BrokerError`` with `tls` when certificate or key cannot be used.
    init(
        _ configuration: BrokerConfiguration,
        group: MultiThreadedEventLoopGroup,
        threads: NIOThreadPool,
        metrics: BrokerMetrics,
        logger: Logger
    ) throws(BrokerError) {
        self.configuration = configuration
        self.group = group
        self.threads = threads
        self.metrics = metrics
        self.logger = logger
        budget = MemoryBudget(limit: configuration.limits.totalBytes)
        tls = try configuration.tls.map { (settings) throws(BrokerError) in try NIOSSLContext(settings) }
    }

    /// Bytes of requests held now.
    var requestBytes: Int { budget.used }

    /// Starts to accept connections; returns the port.
    /// - Throws: ``BrokerError`` with `network`.
    func listen(_ work: @escaping Work) async throws(BrokerError) -> Int {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 4_096, initial: 65_536, maximum: 1 << 20)
            )
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 1 << 20))
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel, work) }
            }
        do {
            let channel = try await bootstrap.bind(host: configuration.host, port: configuration.port).get()
            listening.withLock { $0 = channel }
            return channel.localAddress?.port ?? configuration.port
        } catch {
            throw BrokerError(
                .network,
                "nothing can listen on \(configuration.host):\(configuration.port); stop what does, or choose another `listen`",
                cause: "\(error)"
            )
        }
    }

    /// Accepts no more connections, lets those there are finish what they asked for, and closes them.
    func stop(within limit: Duration) async {
        do {
            try await listening.withLock { $0 }?.close().get()
        } catch {
            logger.info("the listening socket did not close", metadata: Logger.Metadata([.error: "\(error)"]))
        }
        for (connection, _) in open { connection.drain() }
        let cut = group.any().scheduleTask(in: TimeAmount(limit)) { [self] in
            for (_, channel) in open { channel.close(promise: nil) }
        }
        await withCheckedContinuation { continuation in
            let isEmpty = connections.withLock { connections in
                if !connections.byID.isEmpty { connections.whenEmpty = continuation }
                return connections.byID.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
        cut.cancel()
    }

    private func forget(_ connection: Connection) {
        let (count, waiting) = connections.withLock { connections in
            connections.byID[connection.id] = nil
            let waiting = connections.byID.isEmpty ? connections.whenEmpty : nil
            if waiting != nil { connections.whenEmpty = nil }
            return (connections.byID.count, waiting)
        }
        metrics.connections.set(count)
        waiting?.resume()
    }

    private var open: [(connection: Connection, channel: any Channel)] {
        connections.withLock { Array($0.byID.values) }
    }

    private func prepare(_ channel: any Channel, _ work: @escaping Work) throws {
        guard connections.withLock({ $0.byID.count }) < configuration.limits.connections else {
            metrics.refusedConnections.add()
            throw BrokerError(.network, "there are too many connections")
        }
        let pipeline = channel.pipeline.syncOperations
        if let tls {
            try pipeline.addHandler(NIOSSLServerHandler(context: tls))
        }
        try pipeline.addHandler(IdleStateHandler(readTimeout: TimeAmount(configuration.limits.idle)))
        try pipeline.addHandler(ConnectionHandler(surroundings(work)))
    }

    private func surroundings(_ work: @escaping Work) -> ConnectionHandler.Surroundings {
        ConnectionHandler.Surroundings(
            limits: configuration.limits,
            budget: budget,
            metrics: metrics,
            logger: logger,
            connect: { [self] handler, channel in connect(handler, channel, work) },
            onClose: { [self] connection in forget(connection) }
        )
    }

    private func connect(
        _ handler: NIOLoopBound<ConnectionHandler>,
        _ channel: any Channel,
        _ work: @escaping Work
    ) -> Connection {
        let host = channel.remoteAddress?.ipAddress ?? ""
        let id = connections.withLock { connections in
            connections.nextID += 1
            return connections.nextID
        }
        let connection = Connection(
            id: id,
            host: host,
            isEncrypted: tls != nil,
            session: Session(client: .anonymous(host: host), needsAuthentication: configuration.sasl != nil),
            handler: handler,
            eventLoop: channel.eventLoop,
            threads: threads,
            work: work
        )
        let count = connections.withLock { connections in
            connections.byID[id] = (connection, channel)
            return connections.byID.count
        }
        metrics.connections.set(count)
        return connection
    }
}
