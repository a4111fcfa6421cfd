package import ConnectorKit
package import Log

/// What the built-in connectors of one worker share, and where they report.
package struct ConnectorEnvironment: Sendable {
    /// One per worker, so that connectors can share an address.
    package var listeners: WebhookListeners
    /// The worker's own log and the way to others; `nil` in a process that only reads connector files.
    package var logs: LogAccess?
    /// The time of receipt and of reading.
    package var now: @Sendable () -> Timestamp
    /// A `webhook` source is listening.
    package var onListening: @Sendable (_ connector: String, ListenAddress) -> Void
    /// A `webhook` source has answered with a status.
    package var onAnswer: @Sendable (_ connector: String, _ status: Int) -> Void
    /// An `http` sink's target has answered with a status; 0 for no answer.
    package var onTargetResponse: @Sendable (_ connector: String, _ status: Int) -> Void

    /// `listeners` is the worker's; everything else has a default.
    package init(
        listeners: WebhookListeners,
        logs: LogAccess? = nil,
        now: @escaping @Sendable () -> Timestamp = Timestamp.wallClock,
        onListening: @escaping @Sendable (_ connector: String, ListenAddress) -> Void = { _, _ in },
        onAnswer: @escaping @Sendable (_ connector: String, _ status: Int) -> Void = { _, _ in },
        onTargetResponse: @escaping @Sendable (_ connector: String, _ status: Int) -> Void = { _, _ in }
    ) {
        self.listeners = listeners
        self.logs = logs
        self.now = now
        self.onListening = onListening
        self.onAnswer = onAnswer
        self.onTargetResponse = onTargetResponse
    }
}

/// Logs for connectors that need more than the records that the runtime hands them.
package struct LogAccess: Sendable {
    /// Where the worker's topics are.
    package var own: any Log
    /// Another cluster's, by its brokers (`host:port`) and librdkafka properties. Nothing is connected yet.
    package var open: @Sendable (_ brokers: [String], _ properties: [(key: String, value: SecretString)]) -> any Log

    package init(
        own: any Log,
        open:
            @escaping @Sendable (_ brokers: [String], _ properties: [(key: String, value: SecretString)]) -> any Log
    ) {
        self.own = own
        self.open = open
    }
}

extension ConnectorContext {
    /// `path` as it is, or below ``directory`` when it is relative.
    func absolute(_ path: String) -> String {
        path.hasPrefix("/") || directory == "." ? path : "\(directory)/\(path)"
    }
}
