/// What a ``FakeTarget`` does with a request.
package struct TargetAnswer: Sendable {
    /// How the answer travels.
    package enum Manner: Sendable, Hashable {
        case whole
        /// Announces the whole body, sends the first `bytes` of it, and closes.
        case cutShort(bytes: Int)
        /// No answer; the connection is reset (RST).
        case reset
        /// Bytes that are no HTTP, then the connection is closed.
        case garbage
    }

    /// The status code.
    package var status: Int
    /// Besides `Content-Length` and `Connection`.
    package var headers: [TargetRequest.Header]
    /// The whole body, also where only a part of it is sent.
    package var body: [UInt8]
    /// How it travels.
    package var manner: Manner
    /// Whether the request has its effect, whatever the sender learns of it; once per idempotency key.
    package var takesEffect: Bool
    /// Waits before answering; the effect is there at once.
    package var delay: Duration
    /// Does not answer before the gate opens.
    package var gate: ResponseGate?

    /// Takes effect if the status is 2xx, unless `takesEffect` says otherwise.
    package init(
        status: Int = 200,
        headers: [TargetRequest.Header] = [],
        body: [UInt8] = [],
        manner: Manner = .whole,
        takesEffect: Bool? = nil,
        delay: Duration = .zero,
        gate: ResponseGate? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.manner = manner
        self.takesEffect = takesEffect ?? (200...299).contains(status)
        self.delay = delay
        self.gate = gate
    }

    /// A whole answer, with `Retry-After` where it is given.
    package static func status(_ status: Int, retryAfter: String? = nil, body: String = "") -> TargetAnswer {
        let headers = retryAfter.map { [TargetRequest.Header("Retry-After", $0)] } ?? []
        return TargetAnswer(status: status, headers: headers, body: Array(body.utf8))
    }

    /// Takes the request in and resets the connection, after or before its effect.
    package static func reset(takesEffect: Bool) -> TargetAnswer {
        TargetAnswer(manner: .reset, takesEffect: takesEffect)
    }

    /// Takes the request in and says nothing until `gate` opens; then 200.
    package static func hang(until gate: ResponseGate, takesEffect: Bool) -> TargetAnswer {
        TargetAnswer(takesEffect: takesEffect, gate: gate)
    }
}
