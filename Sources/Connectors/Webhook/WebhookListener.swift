internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// One HTTP server and the routes of the connectors that share it.
///
/// Its server runs in a task of its own, because it may outlive the connector that started it; ``stop()`` ends and awaits
/// it.
final class WebhookListener: Sendable {
    private struct State {
        var routes: [String: WebhookRoute] = [:]
        var server: Server<HTTP1Channel>?
        var task: Task<Void, any Error>?
    }

    let address: ListenAddress
    private let limits: WebhookLimits
    private let logger: Logger
    private let state = Mutex(State())

    init(_ address: ListenAddress, limits: WebhookLimits, logger: Logger) {
        self.address = address
        self.limits = limits
        self.logger = logger
    }

    /// - Throws: ``ConnectorError/Code/pathTaken``.
    func add(_ route: WebhookRoute) throws(ConnectorError) {
        let path = route.settings.path
        let isFree = state.withLock { state in
            let isFree = state.routes[path] == nil
            if isFree { state.routes[path] = route }
            return isFree
        }
        guard isFree else {
            throw ConnectorError(
                .pathTaken,
                setting: "path",
                "another connector of this worker already listens on \(address)\(path); give each its own path."
            )
        }
    }

    /// Returns whether it was the last one.
    func remove(_ route: WebhookRoute) -> Bool {
        state.withLock { state in
            if state.routes[route.settings.path] === route { state.routes[route.settings.path] = nil }
            return state.routes.isEmpty
        }
    }

    /// Binds, and returns the address with its real port once connections are taken.
    /// - Throws: ``ConnectorError/Code/cannotListen``.
    func start() async throws(ConnectorError) -> ListenAddress {
        let bound = BoundPort()
        let server = makeServer { channel in bound.resolve(.success(channel.localAddress?.port)) }
        let task = Task {
            do {
                try await server.run()
            } catch {
                bound.resolve(.failure(error))
                throw error
            }
        }
        state.withLock {
            $0.server = server
            $0.task = task
        }
        do {
            return address.with(port: try await bound.value ?? address.port)
        } catch {
            throw ConnectorError(
                .cannotListen,
                setting: "listen",
                "\(address) cannot be bound (\(error)); free the port or choose another."
            )
        }
    }

    /// Stops listening and returns when the open requests have their answer and the connections are closed.
    func stop() async {
        let (server, task) = state.withLock { ($0.server, $0.task) }
        guard let server, let task else { return }
        do {
            try await server.shutdownGracefully()
            try await task.value
        } catch {
            logger.info("webhook listener ended with an error", metadata: ["error.message": "\(error)"])
        }
    }

    private func makeServer(
        onRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> Server<HTTP1Channel> {
        let channel = HTTP1Channel(
            responder: { [self] request, writer, channel in try await respond(request, writer, channel) },
            configuration: limits.channelConfiguration
        )
        return Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(address: .hostname(address.host, port: address.port)),
            onServerRunning: onRunning,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        )
    }

    @concurrent
    private func respond(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        let path = request.head.path.map { String($0.prefix { $0 != "?" }) } ?? ""
        let route = state.withLock { $0.routes[path] }
        let answer: WebhookAnswer
        if let route {
            answer = try await route.answer(request, on: channel) { () async throws in
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            route.settings.onResponse(answer.status)
        } else {
            answer = .problem(404, "Not Found", "Nothing listens on this path.", closes: true)
        }
        let head = HTTPResponse(status: HTTPResponse.Status(code: answer.status), headerFields: answer.fields)
        try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
        if answer.closesConnection { linger(channel) }
    }

    /// Closing at once could destroy the answer on its way (RFC 9112 section 9.6), so what still comes is read and
    /// forgotten for a moment.
    private func linger(_ channel: any Channel) {
        channel.eventLoop.scheduleTask(in: .init(limits.linger)) { channel.close(mode: .all, promise: nil) }
    }
}

/// The first of "bound" and "failed", for one waiter.
private final class BoundPort: Sendable {
    private enum State {
        case pending
        case waiting(CheckedContinuation<Int?, any Error>)
        case resolved(Result<Int?, any Error>)
    }

    private let state = Mutex(State.pending)

    func resolve(_ result: Result<Int?, any Error>) {
        let waiter = state.withLock { state -> CheckedContinuation<Int?, any Error>? in
            switch state {
            case .pending:
                state = .resolved(result)
                return nil
            case .waiting(let continuation):
                state = .resolved(result)
                return continuation
            case .resolved:
                return nil
            }
        }
        waiter?.resume(with: result)
    }

    var value: Int? {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let known = state.withLock { state -> Result<Int?, any Error>? in
                    if case .resolved(let result) = state { return result }
                    state = .waiting(continuation)
                    return nil
                }
                if let known { continuation.resume(with: known) }
            }
        }
    }
}
