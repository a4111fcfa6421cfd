internal import Foundation
internal import JSON
internal import Log

/// A record as text.
///
/// For people: a line with place, time and key, the headers, and the value, JSON indented. For programs: one JSON object
/// on one line.
struct RecordView {
    /// `nil` writes for programs.
    let style: Style?

    func bytes(_ message: MessageView) -> [UInt8] {
        style.map { text(message, $0) } ?? json(message)
    }

    private func text(_ message: MessageView, _ style: Style) -> [UInt8] {
        let time = message.timestamp.map { Self.time($0) } ?? "without time"
        let key = message.key.map { Self.shown(Array($0)) } ?? "none"
        var lines = [style.bold("\(message.topicPartition)@\(message.offset)") + style.dim("  \(time)  key \(key)")]
        for header in message.headers() {
            lines.append("  " + style.dim("\(header.name): ") + (header.value.map { Self.shown($0) } ?? "null"))
        }
        switch Content(message.value) {
        case nil: lines.append("  " + style.yellow("(tombstone)"))
        case .json(let value): lines.append(IndentedJSON.text(of: value, indent: "  "))
        case .text(let text): lines.append("  " + text)
        case .base64(let text): lines.append("  base64 " + text)
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private func json(_ message: MessageView) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("v", 1)
            writer.member("topic", message.topicPartition.topic.rawValue)
            writer.member("partition", message.topicPartition.partition.rawValue)
            writer.member("offset", message.offset.rawValue)
            writer.key("timestamp")
            if let timestamp = message.timestamp { writer.value(timestamp.rawValue) } else { writer.null() }
            writer.key("key")
            Content(message.key, readsJSON: false).write(to: &writer)
            writer.array("headers") { writer in
                for header in message.headers() {
                    writer.array { writer in
                        writer.value(header.name)
                        if let text = header.text { writer.value(text) } else { writer.null() }
                    }
                }
            }
            writer.key("value")
            Content(message.value).write(to: &writer)
        }
        writer.newline()
        return writer.bytes
    }

    private static func shown(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self) ?? "base64 \(Data(bytes).base64EncodedString())"
    }

    private static func time(_ timestamp: Timestamp) -> String {
        Date(timeIntervalSince1970: Double(timestamp.rawValue) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

/// What the bytes of a key or value are; absent for a null one.
private enum Content {
    case json(JSON)
    case text(String)
    case base64(String)

    init?(_ buffer: UnsafeRawBufferPointer?, readsJSON: Bool = true) {
        guard let buffer else { return nil }
        let bytes = [UInt8](buffer)
        if readsJSON, let json = Self.json(bytes) {
            self = .json(json)
        } else if let text = String(validating: bytes, as: UTF8.self) {
            self = .text(text)
        } else {
            self = .base64(Data(bytes).base64EncodedString())
        }
    }

    private static func json(_ bytes: [UInt8]) -> JSON? {
        do throws(JSONError) {
            return try JSON(parsing: bytes)
        } catch {
            return nil  // It is shown as text.
        }
    }
}

extension Content? {
    fileprivate func write(to writer: inout JSONWriter) {
        guard let self else { return writer.null() }
        writer.object { writer in
            switch self {
            case .json(let value): writer.member("json", value)
            case .text(let text): writer.member("text", text)
            case .base64(let text): writer.member("base64", text)
            }
        }
    }
}
