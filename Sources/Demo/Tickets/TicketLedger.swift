internal import JSON

/// What the fake ticket system knows and answers: a value without network or clock.
///
/// A request with an `Idempotency-Key` that was served before gets the first answer again and does nothing
/// (draft-ietf-httpapi-idempotency-key-header, 2.6); with another body it is refused.
struct TicketLedger: Sendable {
    /// Bounds the memory: 100,000 keys with their answers.
    static let mostKeys = 100_000

    struct Answer: Sendable, Hashable {
        var status: Int
        var body: [UInt8]
        var retryAfter: Int?
        /// The answer is not sent.
        var hangs = false
    }

    enum Action: Sendable {
        case open, close
    }

    private struct Served: Sendable {
        let request: [UInt8]
        let answer: Answer
    }

    private let script: OutageScript
    private(set) var board = TicketBoard()
    private(set) var counts = TicketRecord.Counts()
    private var served: [String: Served] = [:]

    init(_ script: OutageScript) {
        self.script = script
    }

    /// Takes a request of somebody with the right token.
    mutating func on(_ action: Action, key: String?, body: [UInt8]) -> Answer {
        counts.requests += 1
        switch script.fate(ofRequest: counts.requests) {
        case .status(let status, let retryAfter):
            counts.refused += 1
            return .problem(status, "the ticket system is in trouble", retryAfter: retryAfter)
        case .hang:
            counts.hung += 1
            var answer = serve(action, key, body)
            answer.hangs = true
            return answer
        case nil:
            return serve(action, key, body)
        }
    }

    /// Takes note of a request that was refused for its token.
    mutating func onUnauthorized() -> Answer {
        counts.unauthorized += 1
        return .problem(401, "the bearer token is missing or wrong")
    }

    private mutating func serve(_ action: Action, _ key: String?, _ body: [UInt8]) -> Answer {
        guard let key, !key.isEmpty else {
            counts.invalid += 1
            return .problem(400, "the header Idempotency-Key is missing")
        }
        if let before = served[key] {
            guard before.request == Self.digest(action, body) else {
                counts.invalid += 1
                return .problem(422, "the idempotency key was used for another request")
            }
            counts.repeats += 1
            return before.answer
        }
        guard served.count < Self.mostKeys else { return .problem(503, "the ticket system is full") }
        let answer = act(action, body)
        if answer.status < 300 { served[key] = Served(request: Self.digest(action, body), answer: answer) }
        return answer
    }

    private mutating func act(_ action: Action, _ body: [UInt8]) -> Answer {
        let request: TicketRequest
        do {
            request = try TicketRequest(body)
        } catch {
            counts.invalid += 1
            return .problem(400, "\(error)")
        }
        switch action {
        case .open:
            let (index, isNew) = board.report(request.externalKey, event: request.event)
            return .ticket(index, board.tickets[index], status: isNew ? 201 : 200)
        case .close:
            guard let index = board.close(request.externalKey, event: request.event) else {
                return Answer(status: 200, body: Array(#"{"closed":null}"#.utf8))
            }
            return .ticket(index, board.tickets[index], status: 200)
        }
    }

    /// FNV-1a with 64 bits: enough to notice a client that reuses a key by mistake, which is all it is for.
    private static func digest(_ action: Action, _ body: [UInt8]) -> [UInt8] {
        var hash: UInt64 = action == .open ? 0xcbf2_9ce4_8422_2325 : 0x8422_2325_cbf2_9ce4
        for byte in body { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Array(String(hash, radix: 16).utf8)
    }
}

extension TicketLedger.Answer {
    static func problem(_ status: Int, _ detail: String, retryAfter: Int? = nil) -> Self {
        let body = JSONWriter.bytes { writer in
            writer.object { problem in
                problem.member("status", status)
                problem.member("detail", detail)
            }
        }
        return Self(status: status, body: body, retryAfter: retryAfter)
    }

    static func ticket(_ index: Int, _ ticket: Ticket, status: Int) -> Self {
        let body = JSONWriter.bytes { writer in
            writer.object { object in
                object.member("number", index + 1)
                object.member("external_key", ticket.externalKey)
                object.member("state", ticket.state.rawValue)
            }
        }
        return Self(status: status, body: body)
    }
}

/// The two members of a request that the system acts on; the rest is for people.
struct TicketRequest {
    let externalKey: String
    let event: String

    init(_ body: [UInt8]) throws {
        let (key, event) = try JSONDocument(body).withRoot { ($0["external_key"]?.string, $0["event"]?.string) }
        guard let key, !key.isEmpty, let event, !event.isEmpty else {
            throw DemoError(.invalidTicket, "a ticket needs the texts `external_key` and `event`; add them to the body")
        }
        externalKey = key
        self.event = event
    }
}
