internal import ConnectorKit
internal import Logging
internal import Synchronization

/// A secret that is read again now and then, so that a rotated one is used within seconds and a request costs no file
/// access.
final class RefreshingSecret: Sendable {
    private struct State {
        var value: [UInt8]
        var readAt: ContinuousClock.Instant
    }

    /// How old a value may become.
    static let lifetime = Duration.seconds(5)

    private let source: SecretSource
    private let logger: Logger
    private let state: Mutex<State>

    init(_ source: SecretSource, initially value: SecretString, logger: Logger) {
        self.source = source
        self.logger = logger
        state = Mutex(State(value: Array(value.reveal().utf8), readAt: .now))
    }

    /// The value, at most ``lifetime`` old; the last known one where it cannot be read just now.
    var bytes: [UInt8] {
        let isStale = state.withLock { state in
            guard ContinuousClock.now - state.readAt > Self.lifetime else { return false }
            state.readAt = .now
            return true
        }
        if isStale { refresh() }
        return state.withLock { $0.value }
    }

    private func refresh() {
        do {
            let value = Array(try source.current().reveal().utf8)
            state.withLock { $0.value = value }
        } catch {
            logger.info("secret cannot be read again; the last value stays", metadata: ["error.message": "\(error)"])
        }
    }
}
