/// A view of one value of a parsed document: two pointers, free to copy, no allocation.
///
/// Its accessors are `public` and not `package`, as elsewhere, because Swift 6.3.1 does not make the bodies of
/// `@inlinable package` functions available to other modules (measured: each stays a call).
///
/// Borrowed: valid as long as the parser's (or `JSONDocument`'s) promise says; it must not be kept longer.
/// That rule is what makes the unsafe reads inside safe to offer.
@safe
public struct JSONValue {
    /// The six kinds of RFC 8259 section 3; names as JSON Schema writes them.
    public enum Kind: String, Sendable {
        case null, boolean, number, string, array, object
    }

    @usableFromInline
    enum Tag: UInt8 {
        case null = 0
        case `false`, `true`, number, string, array, object
    }

    @usableFromInline let entry: UnsafePointer<UInt64>
    @usableFromInline let source: UnsafePointer<UInt8>

    @inlinable @inline(__always)
    init(entry: UnsafePointer<UInt64>, source: UnsafePointer<UInt8>) {
        unsafe self.entry = entry
        unsafe self.source = source
    }

    @inlinable @inline(__always) var tag: Tag {
        unsafe Tag(rawValue: UInt8(truncatingIfNeeded: entry[0] & 7)).unsafelyUnwrapped
    }
    @inlinable @inline(__always) var hasFlag: Bool { unsafe entry[0] & Tape.flag != 0 }
    /// Entries from this value to the next sibling.
    @inlinable @inline(__always) var entryDistance: Int {
        unsafe Int(truncatingIfNeeded: entry[0] >> 4 & Tape.fieldMask)
    }
    @inlinable @inline(__always) var start: Int { unsafe Int(truncatingIfNeeded: entry[1] & 0xFFFF_FFFF) }
    @inlinable @inline(__always) var end: Int { unsafe Int(truncatingIfNeeded: entry[1] >> 32) }

    /// The value `distance` entries further on the tape.
    @inlinable @inline(__always)
    func advanced(by distance: Int) -> JSONValue {
        unsafe JSONValue(entry: entry + distance * Tape.wordsPerEntry, source: source)
    }

    /// What the value is.
    @inlinable @inline(__always) public var kind: Kind {
        switch tag {
        case .null: .null
        case .false, .true: .boolean
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// The number of the value's kind, to look up in a set of bits: 0 null, 1 false, 2 true, 3 number, 4 string, 5 array,
    /// 6 object.
    @inlinable @inline(__always) public var kindNumber: UInt8 { unsafe UInt8(truncatingIfNeeded: entry[0] & 7) }

    /// Whether a number is written with a fraction or an exponent.
    @inlinable @inline(__always) public var hasFraction: Bool { tag == .number && hasFlag }

    /// The exact source of the value: quotes, brackets and inner white space included, white space around it not.
    @inlinable @inline(__always) public var rawBytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: source + start, count: end - start)
    }

    /// Bytes of the document before the value.
    package var byteOffset: Int { start }

    /// Whether the value is `null`.
    @inlinable @inline(__always) public var isNull: Bool { tag == .null }

    /// The value of `true` and `false`, nil for other kinds.
    @inlinable @inline(__always) public var boolValue: Bool? {
        switch tag {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// The number, nil for other kinds.
    @inlinable @inline(__always) public var number: JSONNumber? {
        tag == .number ? unsafe JSONNumber(start: source + start, count: end - start, isPlain: !hasFlag) : nil
    }

    /// Values and member names in this value at any depth, itself included.
    @inlinable @inline(__always) public var totalCount: Int { entryDistance }

    /// Elements of an array, members of an object (a repeated name counts each time), 0 for other kinds.
    @inlinable @inline(__always) public var count: Int { unsafe Int(truncatingIfNeeded: entry[0] >> 34) }
}
