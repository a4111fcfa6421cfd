/// A number as text that obeys the grammar of RFC 8259 section 6; compared by exact value.
package struct JSONLiteral: Sendable, Equatable, CustomStringConvertible {
    /// The literal as it was written.
    package let text: String

    package var description: String { text }

    package init(_ value: Int) {
        text = String(value)
    }

    /// The shortest text that reads back as the same double; nil for infinities and NaN, which JSON cannot write.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = value.description
    }

    /// Copies a number of a document as it is written.
    package init(_ number: JSONNumber) {
        text = number.literal
    }

    /// Takes a text that is known to obey the grammar.
    init(verbatim text: String) {
        self.text = text
    }

    /// Lends the value for exact comparison and conversion.
    package func withNumber<R>(_ body: (JSONNumber) -> R) -> R {
        var text = text
        return text.withUTF8 { bytes in
            let isPlain = unsafe bytes.allSatisfy { $0 != UInt8(ascii: ".") && $0 | 0x20 != UInt8(ascii: "e") }
            // The text of a literal is never empty, so its buffer has an address.
            return unsafe body(
                JSONNumber(start: bytes.baseAddress.unsafelyUnwrapped, count: bytes.count, isPlain: isPlain)
            )
        }
    }

    /// The value if it is an integer that fits.
    package var int64: Int64? { withNumber { $0.int64 } }

    /// The nearest double.
    package var double: Double { withNumber { $0.double } }

    package static func == (left: JSONLiteral, right: JSONLiteral) -> Bool {
        left.withNumber { number in right.withNumber { number == $0 } }
    }
}

extension JSON: Equatable {
    package static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): equalScalars(left, right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): byName(left) == byName(right)
        default: false
        }
    }

    private static func byName(_ members: [(String, JSON)]) -> [[UInt8]: JSON] {
        Dictionary(members.map { ([UInt8]($0.0.utf8), $0.1) }) { _, last in last }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral, ExpressibleByFloatLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .number(JSONLiteral(value)) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements) }
    package init(nilLiteral: ()) { self = .null }
    /// A literal that overflows a double becomes null, as in ECMA-262.
    package init(floatLiteral value: Double) { self = JSONLiteral(value).map(JSON.number) ?? .null }
}
