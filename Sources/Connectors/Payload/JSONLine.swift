internal import ConnectorKit
internal import JSON
internal import Log

/// Puts a record's value on one line, as NDJSON wants it.
///
/// A value without line breaks is passed on byte for byte. One with line breaks loses its insignificant white space:
/// in valid JSON, strings hold no raw control characters, so every raw line break lies between tokens and numbers stay as
/// written.
struct JSONLine {
    /// Why a value has no line.
    enum Problem: Error, Hashable {
        case tombstone
        /// Not one JSON document; where and why, without its text.
        case notJSON(String)
    }

    private let parser = JSONParser()

    /// The value of `record` as one JSON document without line breaks.
    func value(of record: Record) throws(Problem) -> [UInt8] {
        guard let bytes = record.value.bytes() else { throw .tombstone }
        try check(bytes)
        return bytes.contains(where: Self.isLineBreak) ? Self.compacted(bytes) : bytes
    }

    /// Whether `bytes` are one JSON document.
    func isJSON(_ bytes: [UInt8]) -> Bool {
        do {
            try check(bytes)
            return true
        } catch {
            return false
        }
    }

    private func check(_ bytes: [UInt8]) throws(Problem) {
        do {
            try parser.withDocument(bytes) { _ in }
        } catch let error as JSONError {
            throw .notJSON("the value is not JSON: \(error.message) (byte \(error.byteOffset))")
        } catch {
            throw .notJSON("the value is not JSON")
        }
    }

    private static func isLineBreak(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    private static func compacted(_ document: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(document.count)
        var inString = false
        var escaped = false
        for byte in document {
            if inString {
                result.append(byte)
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
            } else if byte > 0x20 {
                result.append(byte)
                inString = byte == UInt8(ascii: "\"")
            }
        }
        return result
    }
}
