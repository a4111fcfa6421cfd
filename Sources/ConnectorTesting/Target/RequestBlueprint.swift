internal import ConnectorKit
internal import Delivery
internal import JSON

/// What the `http` sink would send, read from its fields.
///
/// Kept to the sink's documented behaviour: one request per record, or one per batch as NDJSON or array; a tombstone and,
/// in a batch, what is not JSON are refused.
struct RequestBlueprint: Sendable {
    private let url: String
    private let method: String
    private let headers: [(name: String, value: String)]
    private let batchFormat: String?
    /// Whether a 409 means that the first request is still under way.
    let sendsIdempotencyKey: Bool

    /// - Parameter fields: of the `http` sink, resolved.
    init(_ fields: Fields) {
        url = fields.known("url") ? fields.string("url") : ""
        method = fields.known("method") ? fields.string("method") : "POST"
        headers =
            fields.known("headers")
            ? fields.secretMap("headers").map { (name: $0.key, value: $0.value.reveal()) } : []
        sendsIdempotencyKey = fields.known("idempotency_key") && fields.bool("idempotency_key")
        let batch = fields.known("batch") ? fields.optionalObject("batch") : nil
        batchFormat = batch.map { $0.known("format") ? $0.string("format") : "ndjson" }
    }

    /// A request and, for each record, why it cannot be part of one.
    struct Plan {
        var request: ObservedRequest?
        /// One per record; `nil` for those that are in the request.
        var refusals: [SinkResult?]
    }

    func plan(_ records: [Record]) -> Plan {
        var bodies: [[UInt8]] = []
        var ids: [String] = []
        let refusals = records.map { record -> SinkResult? in
            guard let body = record.value.bytes() else {
                return .reject(.policy, detail: "a tombstone has no body to send; filter it out before the http sink")
            }
            if batchFormat != nil, let problem = Self.problem(with: body) {
                return .reject(.decode, detail: "the value is not JSON: \(problem)")
            }
            bodies.append(body)
            ids.append(record.id)
            return nil
        }
        guard let first = bodies.first else { return Plan(request: nil, refusals: refusals) }
        let type = contentType(records.count == 1 ? records.first : nil)
        let body = batchFormat == nil ? first : joined(bodies)
        return Plan(request: request(body, type, ids), refusals: refusals)
    }

    private func request(_ body: [UInt8], _ contentType: String, _ ids: [String]) -> ObservedRequest {
        var all = [(name: "Content-Type", value: contentType)]
        // Of a batch the sink sends a hash of the ids; here the ids themselves are more use.
        if sendsIdempotencyKey { all.append((name: "Idempotency-Key", value: ids.joined(separator: "+"))) }
        for header in headers {
            all.removeAll { $0.name.lowercased() == header.name.lowercased() }
            all.append(header)
        }
        return ObservedRequest(method: method, url: url, headers: all, body: body)
    }

    private func contentType(_ record: Record?) -> String {
        switch batchFormat {
        case nil: record?.header("content-type") ?? "application/json"
        case "json_array": "application/json"
        default: "application/x-ndjson"
        }
    }

    private func joined(_ bodies: [[UInt8]]) -> [UInt8] {
        guard batchFormat == "json_array" else { return bodies.flatMap { $0 + [UInt8(ascii: "\n")] } }
        var writer = JSONWriter()
        writer.array { writer in
            for body in bodies { writer.raw(body) }
        }
        return writer.bytes
    }

    private static func problem(with body: [UInt8]) -> String? {
        do throws(JSONError) {
            _ = try JSONDocument(body)
            return nil
        } catch {
            return error.message
        }
    }
}

extension Fields {
    /// Whether the specs declare `name` and it has a value: a sink of another catalogue may do without.
    func known(_ name: String) -> Bool {
        specs.contains { $0.name == name } && isSet(name)
    }
}
