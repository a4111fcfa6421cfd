internal import JSON

/// Text in quotes as it stands in a program.
enum StringLiteral {
    /// What the literal that starts at an offset means; nil when it has no end.
    static func value(in bytes: [UInt8], at offset: Int) -> String? {
        var end = offset + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count else { return nil }
        do {
            // jq's escapes are JSON's; it also takes line breaks as they are, which names do not have.
            return try JSON(parsing: Array(bytes[offset...end])).string
        } catch {
            return nil
        }
    }
}
