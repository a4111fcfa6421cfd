internal import ConnectorKit
internal import Delivery
internal import JSON
internal import Log

/// Writes a record as one line of NDJSON, with its line feed.
struct FileLine {
    struct Refusal: Error {
        let reason: DeadLetterReason
        let detail: String
    }

    let envelope: Bool
    private let json = JSONLine()

    init(envelope: Bool) {
        self.envelope = envelope
    }

    func line(for record: Record) -> Result<[UInt8], Refusal> {
        if envelope { return .success(enveloped(record)) }
        do throws(JSONLine.Problem) {
            return .success(try json.value(of: record) + [UInt8(ascii: "\n")])
        } catch {
            return .failure(Self.refusal(error))
        }
    }

    private static func refusal(_ problem: JSONLine.Problem) -> Refusal {
        switch problem {
        case .tombstone:
            Refusal(reason: .policy, detail: "a tombstone has no line of its own; set envelope: true or filter it out")
        case .notJSON(let detail):
            Refusal(reason: .decode, detail: "\(detail); set envelope: true to keep other bytes as base64")
        }
    }

    /// `{"topic":…,"partition":…,"offset":…,"timestamp":…,"id":…,"key":…,"headers":[{"name":…,"value":…}],"value":…}`.
    /// Origin and timestamp are left out where unknown. Bytes that are not UTF-8 (or, for the value, not JSON) appear as
    /// base64 under the name with `_base64` behind it; a tombstone has `"tombstone":true` in place of a value.
    private func enveloped(_ record: Record) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: record.value.count + 256)
        writer.object { writer in
            if let origin = record.origin {
                writer.member("topic", origin.topicPartition.topic.rawValue)
                writer.member("partition", origin.topicPartition.partition.rawValue)
                writer.member("offset", origin.offset.rawValue)
            }
            if let timestamp = record.timestamp { writer.member("timestamp", UTCTime(timestamp).rfc3339) }
            writer.member("id", record.id)
            write("key", record.key, into: &writer)
            writer.array("headers") { writer in
                for header in record.headers {
                    writer.object { writer in
                        writer.member("name", header.name)
                        write("value", header.value, into: &writer)
                    }
                }
            }
            writeValue(of: record, into: &writer)
        }
        writer.newline()
        return writer.bytes
    }

    private func write(_ name: String, _ bytes: [UInt8]?, into writer: inout JSONWriter) {
        guard let bytes else {
            writer.key(name)
            writer.null()
            return
        }
        if let text = String(validating: bytes, as: UTF8.self) {
            writer.member(name, text)
        } else {
            writer.member(name + "_base64", Base64.encode(bytes))
        }
    }

    private func writeValue(of record: Record, into writer: inout JSONWriter) {
        do throws(JSONLine.Problem) {
            let value = try json.value(of: record)
            writer.key("value")
            writer.raw(value)
        } catch .tombstone {
            writer.member("tombstone", true)
        } catch {
            writer.member("value_base64", Base64.encode(record.value.bytes() ?? []))
        }
    }
}
