package import ConnectorKit
package import Log

/// Takes events over HTTP and answers each sender by what became of its event; see ``WebhookSettings``.
package struct WebhookSource: Source {
    private let settings: WebhookSettings
    private let listeners: WebhookListeners
    private let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - settings: where to listen, and whom to trust.
    ///   - listeners: shared by the connectors of a worker.
    ///   - now: the time of receipt.
    package init(
        _ settings: WebhookSettings,
        listeners: WebhookListeners,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.settings = settings
        self.listeners = listeners
        self.now = now
    }

    /// Listens until the task is cancelled; then new requests are answered 503, and it returns when those under way have
    /// their answer. They are not cancelled with it: their records may be stored already.
    /// - Throws: a ``ConnectorError`` when the address cannot be bound or the path is taken.
    package func run(into intake: any Intake) async throws {
        let route = WebhookRoute(settings, intake: intake, now: now)
        let address = try await listeners.join(route)
        settings.onListening(address)
        intake.ready("listening on http://\(address)\(settings.path)")
        await Self.untilCancelled()
        await listeners.leave(route)
    }

    private static func untilCancelled() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self, bufferingPolicy: .bufferingOldest(1))
        // A cancelled task's iteration ends; nothing is ever sent.
        for await _ in stream {}
        continuation.finish()
    }
}
