/// A text that equals another one only byte by byte, as JSON compares names and strings.
///
/// To be a key in tables: under `String` those that are canonically equivalent in Unicode, such as `é` in one scalar and
/// in two, would be one entry.
package struct JSONName: Hashable, Comparable, Sendable {
    /// The text as it was given.
    package let text: String

    /// Of any text.
    package init(_ text: String) {
        self.text = text
    }

    package static func == (left: JSONName, right: JSONName) -> Bool { equalScalars(left.text, right.text) }

    /// By bytes, which is by scalars.
    package static func < (left: JSONName, right: JSONName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}

extension JSONName: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        self.init(text)
    }
}

/// JSON tells names apart scalar by scalar; `String` equality would unite canonically equivalent ones.
func equalScalars(_ left: String, _ right: String) -> Bool {
    let (one, other) = (left.utf8, right.utf8)
    guard one.count == other.count else { return false }
    let isSame = unsafe one.withContiguousStorageIfAvailable { one in
        unsafe other.withContiguousStorageIfAvailable { other in unsafe equalBytes(one, other) }
    }
    // Not every text has its bytes in one place.
    if let isSame = isSame ?? nil { return isSame }
    return one.elementsEqual(other)
}
