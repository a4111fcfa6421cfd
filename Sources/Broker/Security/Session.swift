internal import Synchronization

/// Who a connection's client is. Any thread; changed by the end of the TLS handshake, which is before any request, and by
/// SASL requests, which are worked on one at a time.
final class Session: Sendable {
    private enum Phase: Sendable {
        case unauthenticated
        case exchanging(SASLMechanism, ScramExchange?)
        case authenticated
        /// OAUTHBEARER: the client has been told why, and its one answer ends the exchange (RFC 7628 section 3.2.3).
        case told(reason: String)
        /// The connection is about to be closed; what was sent behind the wrong password does not count.
        case refused
    }

    private struct State {
        var phase: Phase
        var client: Client
        /// Of a client that came in by a token: when that ends, by the broker's wall clock in milliseconds.
        var expires: Int64?
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

    /// Whether the token that let the client in has ended, and it has not shown another (KIP-368).
    func hasExpired(at now: @autoclosure () -> Int64) -> Bool {
        guard let expires = state.withLock({ $0.expires }) else { return false }
        return expires <= now()
    }

    /// Whether the client may show another token although it is in (KIP-368).
    func mayRenew(_ mechanism: SASLMechanism) -> Bool {
        state.withLock { $0.expires != nil && mechanism == .oauthBearer }
    }

    /// SaslHandshake: begins an exchange, unless one has failed on this connection.
    func begin(_ mechanism: SASLMechanism) {
        state.withLock { state in
            switch state.phase {
            case .refused, .told: return
            case .unauthenticated, .exchanging, .authenticated: break
            }
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

    /// The client's token has proven it to be `user` until `expires` (milliseconds since 1970).
    /// - Returns: `false` when it was somebody else before: who renews stays who they are (KIP-368).
    func succeed(as user: String, until expires: Int64) -> Bool {
        state.withLock { state in
            guard case .exchanging(.oauthBearer, _) = state.phase else { return false }
            guard state.expires == nil || state.client.principal == "User:\(user)" else { return false }
            state.phase = .authenticated
            state.client.principal = "User:\(user)"
            state.expires = expires
            return true
        }
    }

    /// The client is told that its token is not taken, and why stands in the log when it has answered.
    func tell(_ reason: String) {
        state.withLock { $0.phase = .told(reason: reason) }
    }

    /// Why the token was not taken that the client has been told of.
    var toldReason: String? {
        state.withLock { if case .told(let reason) = $0.phase { reason } else { nil } }
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
