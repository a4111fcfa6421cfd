/// Reads the elements of a DER encoding (X.690) one after the other, as far as a certificate's subject needs. Lengths are
/// checked against the bytes that are there; what does not fit gives `nil`.
struct DERReader {
    /// The identifier octet of an element.
    struct Tag: RawRepresentable, Hashable {
        let rawValue: UInt8

        static let integer = Tag(rawValue: 0x02)
        static let objectIdentifier = Tag(rawValue: 0x06)
        static let utf8String = Tag(rawValue: 0x0C)
        static let printableString = Tag(rawValue: 0x13)
        static let teletexString = Tag(rawValue: 0x14)
        static let ia5String = Tag(rawValue: 0x16)
        static let sequence = Tag(rawValue: 0x30)
        static let set = Tag(rawValue: 0x31)
        /// `[0] EXPLICIT Version` of a certificate.
        static let version = Tag(rawValue: 0xA0)
    }

    private var rest: ArraySlice<UInt8>

    /// Reads from the start of `bytes`.
    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// Whether all was read.
    var isAtEnd: Bool { rest.isEmpty }

    /// The next element's tag; `nil` at the end.
    var nextTag: Tag? { rest.first.map(Tag.init) }

    /// The next element's content without reading on; `nil` when there is none.
    var content: ArraySlice<UInt8>? { header.map { rest[$0.start..<$0.end] } }

    /// The next element's content, if it has that tag.
    mutating func next(_ tag: Tag) -> ArraySlice<UInt8>? {
        guard nextTag == tag, let header else { return nil }
        defer { rest = rest[header.end...] }
        return rest[header.start..<header.end]
    }

    /// The next element with its tag and length.
    mutating func nextEncoded() -> ArraySlice<UInt8>? {
        guard let header else { return nil }
        defer { rest = rest[header.end...] }
        return rest[..<header.end]
    }

    /// Where the next element's content stands. Lengths of more than four bytes are no certificate's.
    private var header: (start: Int, end: Int)? {
        guard rest.count >= 2 else { return nil }
        let first = rest[rest.startIndex + 1]
        var start = rest.startIndex + 2
        var length = Int(first)
        if first & 0x80 != 0 {
            let count = Int(first & 0x7F)
            guard 1...4 ~= count, rest.endIndex - start >= count else { return nil }
            length = rest[start..<start + count].reduce(0) { $0 << 8 | Int($1) }
            start += count
        }
        guard length <= rest.endIndex - start else { return nil }
        return (start, start + length)
    }
}
