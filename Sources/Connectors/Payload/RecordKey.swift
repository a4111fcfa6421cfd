internal import JSON

/// A record's key from what an expression puts out.
enum RecordKey {
    /// A JSON string is its text in UTF-8, null is no key, anything else is its JSON text.
    static func bytes(ofJSON text: [UInt8]) -> [UInt8]? {
        do {
            return switch try JSON(parsing: text) {
            case .null: nil
            case .string(let string): Array(string.utf8)
            default: text
            }
        } catch {
            return text
        }
    }
}
