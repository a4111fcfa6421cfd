internal import KafkaProtocol
internal import NIOCore
internal import Telemetry

/// One request under way: who asks, and where the answer goes. Any thread; answered exactly once.
struct Call: Sendable {
    let header: RequestHeader
    let reply: Reply
    let metrics: BrokerMetrics
    private let started = ContinuousClock.now

    init(header: RequestHeader, reply: Reply, metrics: BrokerMetrics) {
        self.header = header
        self.reply = reply
        self.metrics = metrics
    }

    /// Who asks.
    var client: Client { reply.connection.session.client }
    /// The version of the request, and so of the answer.
    var version: Int16 { header.apiVersion }
    /// What the client calls itself.
    var clientID: String { header.clientID ?? "" }

    /// Answers.
    func answer(_ body: some ResponseBody) {
        let frame = ResponseFrame(body, correlationID: header.correlationID, version: version)
        send(Response(frame.buffer))
    }

    /// Answers, with bytes of files in the response's gaps.
    /// - Precondition: one slice for each gap, of the gap's length, in order.
    func answer(_ body: some ResponseBody, files: [FileSlice]) {
        let frame = ResponseFrame(body, correlationID: header.correlationID, version: version)
        send(Response(frame, files: files))
    }

    /// Answers with a body of another version than the request's: ApiVersions does (KIP-511).
    func answer(_ body: some ResponseBody, version: Int16) {
        send(Response(ResponseFrame(body, correlationID: header.correlationID, version: version).buffer))
    }

    /// Answers, then closes the connection.
    func answerAndClose(_ body: some ResponseBody) {
        var response = Response(ResponseFrame(body, correlationID: header.correlationID, version: version).buffer)
        response.closesConnection = true
        send(response)
    }

    /// Ends a request that wants no answer.
    func answerNothing() {
        send(.none)
    }

    private func send(_ response: Response) {
        metrics.answered(header.apiKey, after: ContinuousClock.now - started)
        reply.send(response)
    }
}

extension Response {
    /// A frame and what goes into its gaps.
    init(_ frame: ResponseFrame, files: [FileSlice]) {
        precondition(frame.gaps.count == files.count, "\(frame.gaps.count) gaps for \(files.count) slices")
        var parts: [Part] = []
        var rest = frame.buffer
        var position = rest.readerIndex
        for (gap, slice) in zip(frame.gaps, files) {
            precondition(gap.length == slice.length, "a slice does not fit its gap")
            if let piece = rest.readSlice(length: gap.position - position), piece.readableBytes > 0 {
                parts.append(.bytes(piece))
            }
            position = gap.position
            parts.append(.file(slice))
        }
        if rest.readableBytes > 0 { parts.append(.bytes(rest)) }
        self.init(parts: parts)
    }
}
