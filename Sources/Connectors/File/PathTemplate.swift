internal import ConnectorKit
internal import Log

/// The path of the file that a record goes to, with placeholders for the record's topic and day.
///
/// | placeholder | replaced by |
/// |---|---|
/// | `{topic}` | the topic it was read from; `no-topic` for a record from elsewhere |
/// | `{date}` | the UTC day of its timestamp, `2026-11-22`; `undated` without one |
///
/// What is put in stays inside its path component: every byte outside `[A-Za-z0-9._-]` becomes `_`, and so does a
/// leading dot, so that no record can choose another folder.
package struct PathTemplate: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case text(String)
        case topic
        case date
    }

    private let parts: [Part]
    /// As it was written.
    package let text: String

    /// - Throws: a ``ConnectorError`` that names the unknown placeholder or the missing path.
    package init(_ text: String) throws(ConnectorError) {
        guard !text.isEmpty, !text.utf8.contains(0) else {
            throw .invalid(
                "path",
                "the path is empty or holds a NUL byte; name a file, for example archive/{date}.ndjson."
            )
        }
        guard text.last != "/" else {
            throw .invalid("path", "\(text) names a folder; add a file name, for example \(text){date}.ndjson.")
        }
        self.text = text
        parts = try Self.parse(text)
    }

    /// The path for `record`.
    func path(for record: Record) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .topic: Self.component(record.origin?.topicPartition.topic.rawValue ?? "no-topic")
            case .date: record.timestamp.map { UTCTime($0).date } ?? "undated"
            }
        }.joined()
    }

    static func component(_ text: String) -> String {
        var bytes = text.utf8.map { Self.isSafe($0) ? $0 : UInt8(ascii: "_") }
        if bytes.first == UInt8(ascii: ".") { bytes[0] = UInt8(ascii: "_") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default:
            false
        }
    }

    private static func parse(_ text: String) throws(ConnectorError) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw .invalid("path", "\(text) has a { without its }; allowed placeholders are {topic} and {date}.")
            }
            switch rest[rest.index(after: open)..<close] {
            case "topic": parts.append(.topic)
            case "date": parts.append(.date)
            case let name:
                throw .invalid("path", "unknown placeholder {\(name)} in \(text); allowed are {topic} and {date}.")
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return parts
    }
}
