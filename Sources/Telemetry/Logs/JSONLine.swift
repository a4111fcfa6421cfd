/// Builds one JSON object within a number of bytes (RFC 8259).
///
/// Strings are cut at `stringLimit` bytes on a character boundary. A member that would make the object too long is left
/// out as a whole; the object then says `"truncated":true`, and is valid JSON all the same.
struct JSONLine {
    private static let truncatedMember = ",\"truncated\":true}\n"

    private let limit: Int
    private let stringLimit: Int
    private var bytes: [UInt8] = []
    private var isTruncated = false

    /// - Parameters:
    ///   - limit: Bytes of the line, its line feed included; 256 or more.
    ///   - stringLimit: Bytes of a string before escaping.
    init(limit: Int, stringLimit: Int) {
        precondition(limit >= 256, "a log line needs room for its own frame")
        self.limit = limit
        self.stringLimit = stringLimit
        bytes.reserveCapacity(512)
    }

    /// Adds a member. The caller sees to it that names are unique.
    mutating func add(_ name: String, _ value: String) {
        var member: [UInt8] = [bytes.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ",")]
        appendString(name, to: &member)
        member.append(UInt8(ascii: ":"))
        appendString(value, to: &member)
        guard bytes.count + member.count + JSONLine.truncatedMember.utf8.count <= limit else {
            isTruncated = true
            return
        }
        bytes += member
    }

    /// The finished line with its line feed.
    consuming func finish() -> [UInt8] {
        if bytes.isEmpty { return Array("{}\n".utf8) }
        bytes += Array((isTruncated ? JSONLine.truncatedMember : "}\n").utf8)
        return bytes
    }

    private mutating func appendString(_ text: String, to member: inout [UInt8]) {
        member.append(UInt8(ascii: "\""))
        if text.utf8.count <= stringLimit {
            for byte in text.utf8 { JSONLine.append(byte, to: &member) }
        } else {
            isTruncated = true
            var room = stringLimit
            for scalar in text.unicodeScalars {
                let encoded = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
                room -= encoded.count
                if room < 0 { break }
                for byte in encoded { JSONLine.append(byte, to: &member) }
            }
        }
        member.append(UInt8(ascii: "\""))
    }

    private static func append(_ byte: UInt8, to member: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): member += [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "\n"): member += Array("\\n".utf8)
        case UInt8(ascii: "\r"): member += Array("\\r".utf8)
        case UInt8(ascii: "\t"): member += Array("\\t".utf8)
        case 0..<0x20, 0x7F: member += Array("\\u00".utf8) + [hex(byte >> 4), hex(byte & 15)]
        default: member.append(byte)
        }
    }

    private static func hex(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
