internal import KafkaProtocol
internal import Logging
internal import NIOCore
internal import Telemetry

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
        guard session.mayOnlyAuthenticate else {
            // Nobody is asked to authenticate again (KIP-368), so nobody needs to.
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
