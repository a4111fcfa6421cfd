internal import KafkaProtocol
internal import Logging
internal import NIOCore
internal import Telemetry
internal import Tokens

extension RequestDispatcher {
    /// Kafka's `connection.failed.authentication.delay.ms`: what a wrong password costs who guesses.
    private static let failureDelay: Int64 = 100

    /// SaslHandshake: agrees on a mechanism.
    func saslHandshake(_ request: SASLHandshakeRequest, _ call: Call) {
        let mechanisms = node.configuration.sasl?.mechanisms ?? []
        guard !mechanisms.isEmpty else {
            return call.answer(SASLHandshakeResponse(errorCode: .illegalSASLState, mechanisms: []))
        }
        guard call.version >= 1 else {
            // Version 0 goes on with bare tokens that are no requests (KIP-152 ended that).
            return call.answerAndClose(SASLHandshakeResponse(errorCode: .unsupportedVersion, mechanisms: []))
        }
        let session = call.reply.connection.session
        guard session.mayOnlyAuthenticate || SASLMechanism(rawValue: request.mechanism).map(session.mayRenew) == true
        else {
            // Nobody but the holder of a token is asked to authenticate again (KIP-368), so nobody else needs to.
            return call.answer(SASLHandshakeResponse(errorCode: .illegalSASLState, mechanisms: []))
        }
        let names = mechanisms.map(\.rawValue)
        guard let mechanism = SASLMechanism(rawValue: request.mechanism), mechanisms.contains(mechanism) else {
            return call.answerAndClose(SASLHandshakeResponse(errorCode: .unsupportedSASLMechanism, mechanisms: names))
        }
        session.begin(mechanism)
        call.answer(SASLHandshakeResponse(mechanisms: names))
    }

    /// SaslAuthenticate: one message of the exchange.
    func saslAuthenticate(_ request: SASLAuthenticateRequest, _ call: Call) {
        let session = call.reply.connection.session
        if let reason = session.toldReason { return refuseAuthentication(reason, call) }
        guard let mechanism = session.mechanism else {
            return call.answer(
                SASLAuthenticateResponse(
                    errorCode: .illegalSASLState,
                    errorMessage: "SaslHandshake must come first",
                    authBytes: ByteBuffer()
                )
            )
        }
        let message = Array(request.authBytes.readableBytesView)
        if mechanism == .oauthBearer { return authenticateBearer(message, call) }
        guard let hash = mechanism.scramHash else { return authenticatePlain(message, call) }
        let step = session.continueScram(message) { node.credentials.credential(of: $0, hash) }
        switch step {
        case .challenge(let bytes): call.answer(SASLAuthenticateResponse(authBytes: ByteBuffer(bytes: bytes)))
        case .authenticated(let user, let bytes):
            session.succeed(as: user)
            call.answer(SASLAuthenticateResponse(authBytes: ByteBuffer(bytes: bytes)))
        case .failed(let reason): refuseAuthentication(reason, call)
        case nil: refuseAuthentication("no exchange is under way", call)
        }
    }

    private func authenticatePlain(_ bytes: [UInt8], _ call: Call) {
        guard let message = PlainMessage(bytes) else { return refuseAuthentication("malformed PLAIN message", call) }
        guard node.credentials.accepts(message) else { return refuseAuthentication("wrong user or password", call) }
        call.reply.connection.session.succeed(as: message.user)
        call.answer(SASLAuthenticateResponse(authBytes: ByteBuffer()))
    }

    /// The token is verified on the cooperative pool; the answer comes from there.
    private func authenticateBearer(_ bytes: [UInt8], _ call: Call) {
        guard let message = BearerMessage(bytes), let tokens = node.tokens else {
            return refuseAuthentication("malformed OAUTHBEARER message", call)
        }
        // A task of its own, because the thread must not wait: it ends with the answer.
        Task {
            do throws(TokenError) {
                let now = node.clock.epoch
                let identity = try await tokens.verify(message.token, now: now)
                admit(identity, message, at: now, call)
            } catch {
                explain(error.message, call)
            }
        }
    }

    private func admit(_ identity: TokenVerifier.Identity, _ message: BearerMessage, at now: Int64, _ call: Call) {
        guard message.identity == nil || message.identity == identity.user else {
            return explain("the client asks to act for somebody else", call)
        }
        guard call.reply.connection.session.succeed(as: identity.user, until: identity.expires) else {
            return explain("the token is somebody else's than the one before", call)
        }
        call.answer(SASLAuthenticateResponse(authBytes: ByteBuffer(), sessionLifetimeMs: identity.expires - now))
    }

    /// Says that the token is not taken; the client's answer to that ends the connection (RFC 7628 section 3.2.3).
    private func explain(_ reason: String, _ call: Call) {
        call.reply.connection.session.tell(reason)
        call.answer(SASLAuthenticateResponse(authBytes: ByteBuffer(bytes: BearerMessage.refusal)))
    }

    /// Tells the client nothing but that it failed, after a while, and closes the connection.
    private func refuseAuthentication(_ reason: String, _ call: Call) {
        call.reply.connection.session.fail()
        node.metrics.authenticationFailures.add()
        node.logger.info(
            "a client could not authenticate",
            metadata: Logger.Metadata([.peer: "\(call.client.host)", .reason: "\(reason)"])
        )
        node.clock.after(Self.failureDelay) {
            call.answerAndClose(
                SASLAuthenticateResponse(
                    errorCode: .saslAuthenticationFailed,
                    errorMessage: "Authentication failed: invalid credentials",
                    authBytes: ByteBuffer()
                )
            )
        }
    }
}
