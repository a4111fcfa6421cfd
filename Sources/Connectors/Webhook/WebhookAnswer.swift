internal import ConnectorKit
internal import Delivery
internal import HTTPTypes
internal import JSON

/// What a webhook request is answered with.
///
/// | status | when |
/// |---|---|
/// | 202 | every record has its durable outcome |
/// | 400 | a required header is missing or malformed, the body is cut short, or the contract refuses what cannot be decoded |
/// | 401 | the signature is absent or wrong; the body never says which |
/// | 404, 405 | nobody listens on the path; not POST |
/// | 408 | the body came too slowly |
/// | 413, 415 | the body is too large; its type or coding is not accepted |
/// | 422 | the contract refuses it (`on_violation: reject`) |
/// | 429 | the runtime's queue is full; `Retry-After` |
/// | 503 | the log is away, or the worker is stopping; `Retry-After` |
struct WebhookAnswer: Sendable, Hashable {
    var status: Int
    var body: [UInt8]
    var contentType = "application/problem+json"
    /// Seconds.
    var retryAfter: Int64?
    var allow: String?
    /// The request's body has not been read: the connection cannot serve another request.
    var closesConnection = false

    static func accepted(id: String) -> WebhookAnswer {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("id", id)
            writer.member("status", "accepted")
        }
        return WebhookAnswer(status: 202, body: writer.bytes, contentType: "application/json")
    }

    /// A problem after RFC 9457.
    static func problem(_ status: Int, _ title: String, _ detail: String, closes: Bool = false) -> WebhookAnswer {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("type", "about:blank")
            writer.member("title", title)
            writer.member("status", status)
            writer.member("detail", detail)
        }
        return WebhookAnswer(status: status, body: writer.bytes, closesConnection: closes)
    }

    static func unauthorized(closes: Bool) -> WebhookAnswer {
        problem(401, "Unauthorized", "The request is not signed as this endpoint requires.", closes: closes)
    }

    static func tooLarge(limit: Int) -> WebhookAnswer {
        problem(413, "Content Too Large", "The body is larger than \(limit) bytes.", closes: true)
    }

    static func unavailable(retryAfter: Int64, closes: Bool) -> WebhookAnswer {
        var answer = problem(
            503,
            "Service Unavailable",
            "The event cannot be stored now; send it again.",
            closes: closes
        )
        answer.retryAfter = retryAfter
        return answer
    }

    static func notAllowed() -> WebhookAnswer {
        var answer = problem(405, "Method Not Allowed", "Send events with POST.", closes: true)
        answer.allow = "POST"
        return answer
    }

    init(
        status: Int,
        body: [UInt8],
        contentType: String = "application/problem+json",
        closesConnection: Bool = false
    ) {
        self.status = status
        self.body = body
        self.contentType = contentType
        self.closesConnection = closesConnection
    }

    /// For what the intake could not take.
    init(_ error: IntakeError) {
        switch error {
        case .overloaded(let retryAfter):
            self = Self.problem(429, "Too Many Requests", "Too many events are waiting; send it again later.")
            self.retryAfter = Self.seconds(retryAfter)
        case .unavailable:
            self = Self.unavailable(retryAfter: 5, closes: false)
        case .stopping:
            self = Self.unavailable(retryAfter: 1, closes: true)
        }
    }

    /// For what became of the record.
    init(_ outcome: IntakeOutcome, id: String) {
        switch outcome {
        case .delivered, .filtered, .duplicate, .deadLettered:
            self = Self.accepted(id: id)
        case .rejected(.decode, let detail):
            self = Self.problem(400, "Bad Request", detail)
        case .rejected(_, let detail):
            self = Self.problem(422, "Unprocessable Content", detail)
        }
    }

    var fields: HTTPFields {
        var fields: HTTPFields = [.contentType: contentType, .contentLength: String(body.count)]
        if let retryAfter { fields[.retryAfter] = String(retryAfter) }
        if let allow { fields[.allow] = allow }
        if closesConnection { fields[.connection] = "close" }
        return fields
    }

    /// Whole seconds, rounded up, at least 1 (RFC 9110 knows no smaller unit).
    private static func seconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return max(1, attoseconds > 0 ? seconds + 1 : seconds)
    }
}
