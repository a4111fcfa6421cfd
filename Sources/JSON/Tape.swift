/// The layout of the tape: two words per value, in document order.
///
/// ```
/// word 0   bits 0-2 kind, bit 3 flag, bits 4-33 distance, bits 34-63 count
/// word 1   bits 0-31 first byte, bits 32-63 byte after the last
///
/// {"a":[1,2]}   object distance 5 count 1 | "a" | array distance 3 count 2 | 1 | 2
/// ```
/// `distance` is the number of entries from a value to the one after all of its content (1 for scalars).
/// A member is two neighbours: the name, which is a string, and the value. The span of a string includes its quotes.
/// While a container is open its `distance` holds the index of the container around it instead: the parser's stack.
@usableFromInline
enum Tape {
    @usableFromInline static let wordsPerEntry = 2
    /// Set on strings that contain a backslash and on numbers with a fraction or an exponent.
    @usableFromInline static let flag: UInt64 = 8
    @usableFromInline static let fieldMask: UInt64 = (1 << 30) - 1

    /// Entries that a document can need: one per two bytes, since a value is followed by a comma or a bracket,
    /// except that a document cut short can end with up to `depth` brackets whose other half is missing.
    static func entries(forBytes count: Int, depth: Int) -> Int { count / 2 + min(count, depth) / 2 + 2 }

    @inline(__always)
    static func head(_ kind: JSONValue.Tag, distance: Int, count: Int) -> UInt64 {
        UInt64(kind.rawValue) | UInt64(truncatingIfNeeded: distance) << 4 | UInt64(truncatingIfNeeded: count) << 34
    }

    @inline(__always)
    static func span(_ start: Int, _ end: Int) -> UInt64 {
        UInt64(truncatingIfNeeded: start) | UInt64(truncatingIfNeeded: end) << 32
    }
}
