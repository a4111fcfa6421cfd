internal import ConnectorKit
internal import Crypto
internal import Delivery
internal import JSON
internal import Log

/// Which records go into one request, and which cannot.
struct HTTPRequestPlan {
    /// `nil` when no record can be sent.
    private(set) var body: [UInt8]?
    let contentType: String
    private(set) var ids: [String] = []
    /// W3C trace context of the record; a batch has none.
    private(set) var trace: [(name: String, value: String)] = []
    /// One per record; `nil` for those that are in the request.
    private var refusals: [SinkResult?] = []

    /// One record, byte for byte; `cluster` is where it was read, if its id shall say so.
    init(_ record: Record, cluster: String? = nil) {
        contentType =
            record.header("content-type").flatMap { HTTPFieldText.isValue($0) ? $0 : nil } ?? "application/json"
        if let bytes = record.value.bytes() {
            body = bytes
            ids = [Self.id(of: record, cluster)]
            trace = ["traceparent", "tracestate"].compactMap { name in
                record.header(name).flatMap { HTTPFieldText.isValue($0) ? (name, $0) : nil }
            }
            refusals = [nil]
        } else {
            refusals = [Self.refusal(.tombstone)]
        }
    }

    /// Many records in one document.
    init(_ records: [Record], cluster: String? = nil, format: HTTPSinkSettings.Batch.Format) {
        let encoder = JSONLine()
        var documents: [[UInt8]] = []
        for record in records {
            do throws(JSONLine.Problem) {
                documents.append(try encoder.value(of: record))
                ids.append(Self.id(of: record, cluster))
                refusals.append(nil)
            } catch {
                refusals.append(Self.refusal(error))
            }
        }
        switch format {
        case .ndjson:
            contentType = "application/x-ndjson"
            body = documents.isEmpty ? nil : documents.flatMap { $0 + [UInt8(ascii: "\n")] }
        case .jsonArray:
            contentType = "application/json"
            body = documents.isEmpty ? nil : Self.array(documents)
        }
    }

    /// One result per record, in order; `response` is what became of the request.
    func results(_ response: SinkResult) -> [SinkResult] {
        refusals.map { $0 ?? response }
    }

    /// The record's id; of several, `batch-` and a hash of their ids in order.
    var idempotencyKey: String {
        guard ids.count != 1 else { return HTTPFieldText.encoded(ids[0]) }
        var hash = SHA256()
        for id in ids {
            // The length keeps ["a", "bc"] and ["ab", "c"] apart.
            hash.update(data: Array("\(id.utf8.count):\(id)".utf8))
        }
        let digits = Array("0123456789abcdef".utf8)
        let hex = hash.finalize().prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "batch-" + String(decoding: hex, as: UTF8.self)
    }

    /// A position means something in one cluster only; an event's own id does so everywhere.
    private static func id(of record: Record, _ cluster: String?) -> String {
        guard let cluster, record.origin != nil else { return record.id }
        return "\(cluster)/\(record.id)"
    }

    private static func array(_ documents: [[UInt8]]) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: documents.reduce(2) { $0 + $1.count + 1 })
        writer.array { writer in
            for document in documents { writer.raw(document) }
        }
        return writer.bytes
    }

    private static func refusal(_ problem: JSONLine.Problem) -> SinkResult {
        switch problem {
        case .tombstone:
            .reject(.policy, detail: "a tombstone has no body to send; filter it out before the http sink")
        case .notJSON(let detail):
            .reject(.decode, detail: detail)
        }
    }
}
