internal import Synchronization

/// Who a connection's client is. Any thread; changed by the end of the TLS handshake, which is before any request, and by
/// SASL requests, which are worked on one at a time.
final class Session: Sendable {
    private enum Phase: Sendable {
        case unauthenticated
        case exchanging(SASLMechanism, ScramExchange?)
        case authenticated
        /// The connection is about to be closed; what was sent behind the wrong password does not count.
        case refused
    }

    private struct State {
        var phase: Phase
        var client: Client
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - client: who it is so far.
    ///   - needsAuthentication: whether SASL must succeed before anything else.
    init(client: Client, needsAuthentication: Bool) {
        state = Mutex(State(phase: needsAuthentication ? .unauthenticated : .authenticated, client: client))
    }

    /// Who asks.
    var client: Client { state.withLock { $0.client } }

    /// Whether only SASL requests are answered.
    var mayOnlyAuthenticate: Bool {
        state.withLock { if case .authenticated = $0.phase { false } else { true } }
    }

    /// The mechanism that was agreed on, while the exchange is under way.
    var mechanism: SASLMechanism? {
        state.withLock { if case .exchanging(let mechanism, _) = $0.phase { mechanism } else { nil } }
    }

    /// SaslHandshake: begins an exchange, unless one has failed on this connection.
    func begin(_ mechanism: SASLMechanism) {
        state.withLock { state in
            if case .refused = state.phase { return }
            state.phase = .exchanging(mechanism, mechanism.scramHash.map { ScramExchange(hash: $0) })
        }
    }

    /// Takes the next message of a SCRAM exchange; `nil` when none is under way.
    func continueScram(_ message: [UInt8], credential: (String) -> ScramCredential?) -> ScramExchange.Step? {
        let phase = state.withLock { $0.phase }
        guard case .exchanging(let mechanism, var exchange?) = phase else { return nil }
        let step = exchange.receive(message, credential: credential)
        state.withLock { $0.phase = .exchanging(mechanism, exchange) }
        return step
    }

    /// The client has proven to be `user`.
    func succeed(as user: String) {
        state.withLock { state in
            state.phase = .authenticated
            state.client.principal = "User:\(user)"
        }
    }

    /// The client has shown a certificate with this subject. SASL, where it is asked for, has the last word.
    func present(certificateOf subject: String) {
        state.withLock { $0.client.principal = "User:\(subject)" }
    }

    /// The exchange has failed, and with it the connection.
    func fail() {
        state.withLock { $0.phase = .refused }
    }
}
