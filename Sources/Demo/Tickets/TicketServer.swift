internal import HTTPService
internal import Hummingbird
package import Logging
internal import NIOCore
internal import Synchronization

/// A ticket system to deliver to: real HTTP, a bearer token, idempotency, and outages by a script.
///
/// | request | answer |
/// |---|---|
/// | `POST /api/tickets` | 201 with the new ticket; 200 where a ticket for the `external_key` is open already |
/// | `POST /api/tickets/close` | 200, also where nothing was open |
/// | `GET /api/tickets` | ``TicketRecord`` as NDJSON; needs no token |
///
/// `POST` bodies are JSON objects with `external_key` and `event`, of at most 64 KiB.
package struct TicketServer: Sendable {
    private static let maxBody = 64 << 10

    private let token: String
    private let ledger: LedgerBox
    private let logger: Logger

    /// - Parameters:
    ///   - token: what `Authorization: Bearer …` must hold.
    ///   - script: when to misbehave.
    ///   - logger: for the server's own messages.
    package init(token: String, script: OutageScript = .none, logger: Logger) {
        self.token = token
        self.logger = logger
        ledger = LedgerBox(TicketLedger(script))
    }

    /// What the server did up to now.
    package var record: TicketRecord { ledger.record }

    /// Serves until the task is cancelled.
    /// - Parameters:
    ///   - host: address to listen on.
    ///   - port: 0 lets the system choose.
    ///   - onListening: told the port once connections are accepted.
    /// - Throws: `HTTPServiceError` when the address cannot be listened on.
    package func run(
        host: String = "127.0.0.1",
        port: Int,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) async throws {
        let router = Router()
        router.get("/api/tickets") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/x-ndjson"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: record.ndjson))
            )
        }
        router.post("/api/tickets") { request, _ in try await answer(.open, request) }
        router.post("/api/tickets/close") { request, _ in try await answer(.close, request) }
        let service = HTTPService(name: "tickets", host: host, port: port, logger: logger, onListening: onListening)
        try await service.run(router.buildResponder())
    }

    private func answer(_ action: TicketLedger.Action, _ request: Request) async throws -> Response {
        guard request.headers[.authorization] == "Bearer \(token)" else {
            return Self.response(ledger.with { $0.onUnauthorized() })
        }
        let body = try await request.body.collect(upTo: Self.maxBody)
        let key = request.headers.first { $0.name.canonicalName == "idempotency-key" }?.value
        let answer = ledger.with { $0.on(action, key: key, body: Array(body.readableBytesView)) }
        // Longer than any client waits. A cancelled server ends it at once.
        if answer.hangs { try await Task.sleep(for: OutageScript.longestHang) }
        return Self.response(answer)
    }

    private static func response(_ answer: TicketLedger.Answer) -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let seconds = answer.retryAfter { headers[.retryAfter] = String(seconds) }
        return Response(
            status: .init(code: answer.status),
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }
}

/// Shares the ledger between requests; held for the time of one decision.
private final class LedgerBox: Sendable {
    private let ledger: Mutex<TicketLedger>

    init(_ ledger: TicketLedger) {
        self.ledger = Mutex(ledger)
    }

    var record: TicketRecord {
        ledger.withLock { TicketRecord(tickets: $0.board.tickets, counts: $0.counts) }
    }

    func with(_ decide: (inout TicketLedger) -> TicketLedger.Answer) -> TicketLedger.Answer {
        ledger.withLock { decide(&$0) }
    }
}
