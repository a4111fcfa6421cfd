internal import ConnectorKit
internal import HTTPTypes
internal import JSON
internal import Log

/// Makes the record of a request: the raw body as value, and CloudEvents 1.0 headers (Kafka binary mode).
struct WebhookDelivery: Sendable {
    /// Why a request has no record; the text is for the sender.
    struct Malformed: Error, Hashable {
        let detail: String
    }

    let fields: HTTPFields
    let path: String
    let received: Timestamp

    /// GitHub: the delivery id is the event's identity, and a redelivery carries it again.
    func gitHubRecord(_ body: [UInt8]) throws(Malformed) -> Record {
        let id = try identifier("X-GitHub-Delivery")
        let event = try identifier("X-GitHub-Event")
        var headers = cloudEvent(id: id, source: Self.gitHubSource(body), type: "github.\(event)")
        headers.append(Header("x-github-event", event))
        return record(id: id, body, headers)
    }

    /// Anybody: `ce-*` headers of CloudEvents' HTTP binary mode where the sender sets them, else `Idempotency-Key` or a
    /// fresh id, so that the same request sent twice is two events.
    func plainRecord(_ body: [UInt8]) throws(Malformed) -> Record {
        let given = [try optionalIdentifier("ce-id"), try optionalIdentifier("Idempotency-Key")]
        let id = given.compactMap(\.self).first ?? Self.freshID()
        let source = try cloudEventField("source") ?? "webhook:\(path)"
        var headers = cloudEvent(id: id, source: source, type: try cloudEventField("type") ?? "webhook")
        if let time = try cloudEventField("time") {
            headers.removeAll { $0.name == "ce_time" }
            headers.append(Header("ce_time", time))
        }
        if let subject = try cloudEventField("subject") { headers.append(Header("ce_subject", subject)) }
        return record(id: id, body, headers)
    }

    private func record(id: String, _ body: [UInt8], _ headers: [Header]) -> Record {
        Record(id: id, value: .owned(body), headers: headers, timestamp: received)
    }

    private func cloudEvent(id: String, source: String, type: String) -> [Header] {
        var headers = [
            Header("ce_specversion", "1.0"),
            Header("ce_id", id),
            Header("ce_source", source),
            Header("ce_type", type),
            Header("ce_time", UTCTime(received).rfc3339),
        ]
        for name in ["content-type", "traceparent", "tracestate"] {
            if let value = field(name) { headers.append(Header(name, value)) }
        }
        return headers
    }
}

extension WebhookDelivery {
    private func field(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { fields[$0] }
    }

    /// One header line of 1 to 256 visible ASCII characters.
    private func identifier(_ name: String) throws(Malformed) -> String {
        guard let value = try optionalIdentifier(name) else {
            throw Malformed(detail: "The header \(name) is missing.")
        }
        return value
    }

    private func optionalIdentifier(_ name: String) throws(Malformed) -> String? {
        guard let fieldName = HTTPField.Name(name) else { return nil }
        let values = fields[values: fieldName]
        guard let value = values.first else { return nil }
        guard values.count == 1, (1...256).contains(value.utf8.count), value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw Malformed(detail: "The header \(name) must be one line of 1 to 256 visible ASCII characters.")
        }
        return value
    }

    /// CloudEvents' HTTP binding writes what is not plain ASCII percent-encoded (section 3.1.3.2).
    private func cloudEventField(_ attribute: String) throws(Malformed) -> String? {
        guard let value = field("ce-\(attribute)") else { return nil }
        guard (1...2048).contains(value.utf8.count), let text = Self.percentDecoded(value) else {
            throw Malformed(detail: "The header ce-\(attribute) is empty, too long or not percent-encoded UTF-8.")
        }
        return text
    }

    static func percentDecoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = digit(rest.popFirst()), let low = digit(rest.popFirst()) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        byte.flatMap { Character(UnicodeScalar($0)).hexDigitValue }.map(UInt8.init)
    }

    /// `https://github.com/<owner>/<repository>`, `https://github.com/orgs/<organization>`, or `github` where the payload
    /// names neither or cannot be read.
    static func gitHubSource(_ body: [UInt8]) -> String {
        do {
            return try JSONDocument(body).withRoot { root in
                if let name = root["repository"]?["full_name"]?.string, isPath(name) {
                    return "https://github.com/\(name)"
                }
                if let login = root["organization"]?["login"]?.string, isPath(login) {
                    return "https://github.com/orgs/\(login)"
                }
                return "github"
            }
        } catch {
            // What is authentic but cannot be decoded goes on; its contract dead-letters it with the reason.
            return "github"
        }
    }

    private static func isPath(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static func freshID() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
