internal import ConnectorKit
internal import JSON
internal import Log

/// Makes of a test's input the record that the source would make of it.
///
/// For a webhook the input's `headers` may be the request's: `X-GitHub-Event` and `X-GitHub-Delivery`, or `ce-*`, become
/// the CloudEvents headers that the source derives from them. Headers that are written as the record has them (`ce_id`)
/// win.
struct DeliveryRecord {
    private let headers: [(key: String, value: String)]
    private let body: [UInt8]?
    private let number: Int

    /// - Parameters:
    ///   - headers: as the test writes them.
    ///   - body: `nil` is a tombstone.
    ///   - number: of the input, from 1: names deliveries that the test gives no id.
    init(headers: [(key: String, value: String)], body: [UInt8]?, number: Int) {
        self.headers = headers
        self.body = body
        self.number = number
    }

    func record(from kind: SourceType.Kind, received: Timestamp) -> Record {
        let derived = kind == .push ? cloudEvent : []
        var record = Record(
            id: "test-\(number)",
            value: body.map { .owned($0) } ?? .null,
            headers: derived.map { Header($0.name, $0.value) },
            timestamp: received
        )
        for header in headers where kind != .push || !Self.isOfRequest(header.key) {
            record.setHeader(header.key, header.value)
        }
        if kind == .push { record.id = record.header("ce_id") ?? record.id }
        return record
    }

    private var cloudEvent: [(name: String, value: String)] {
        var result = [(name: "ce_specversion", value: "1.0")]
        if let event = value(of: "X-GitHub-Event") {
            result += [
                (name: "ce_id", value: value(of: "X-GitHub-Delivery") ?? "test-\(number)"),
                (name: "ce_source", value: gitHubSource),
                (name: "ce_type", value: "github.\(event)"),
                (name: "x-github-event", value: event),
            ]
        } else {
            result += [
                (name: "ce_id", value: value(of: "ce-id") ?? value(of: "Idempotency-Key") ?? "test-\(number)"),
                (name: "ce_source", value: value(of: "ce-source") ?? "webhook:test"),
                (name: "ce_type", value: value(of: "ce-type") ?? "webhook"),
            ]
        }
        result.append((name: "content-type", value: value(of: "content-type") ?? "application/json"))
        return result
    }

    private func value(of name: String) -> String? {
        headers.first { $0.key.lowercased() == name.lowercased() }?.value
    }

    private static func isOfRequest(_ name: String) -> Bool {
        ["x-github-event", "x-github-delivery", "ce-id", "ce-source", "ce-type", "idempotency-key", "content-type"]
            .contains(name.lowercased())
    }

    private var gitHubSource: String {
        let fallback = "github"
        guard let body else { return fallback }
        do throws(JSONError) {
            let payload = try JSON(parsing: body)
            if let name = payload["repository"]?["full_name"]?.string { return "https://github.com/\(name)" }
            if let login = payload["organization"]?["login"]?.string { return "https://github.com/orgs/\(login)" }
            return fallback
        } catch {
            return fallback  // What cannot be decoded goes on; the contract says what is wrong with it.
        }
    }
}
