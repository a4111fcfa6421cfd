/// A JSON Pointer (RFC 6901): the place of a value inside a document.
///
/// `/a/0` names the first element of the member `a`; the empty text names the whole document.
/// In a token `~` is written `~0` and `/` is written `~1`.
package struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    /// The steps from the root, escapes resolved.
    package var tokens: [String]

    package init(tokens: [String] = []) {
        self.tokens = tokens
    }

    /// Parses the string form.
    /// - Throws: `invalidPointer` when a non-empty text does not start with `/` or a `~` is not `~0` or `~1`.
    package init(_ text: String) throws(JSONError) {
        tokens = []
        guard !text.isEmpty else { return }
        guard text.utf8.first == UInt8(ascii: "/") else {
            throw JSONError(code: .invalidPointer, message: "a JSON Pointer that is not empty must start with '/'")
        }
        for part in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            tokens.append(try Self.unescape(part))
        }
    }

    // Names are equal byte by byte; to `String` those that are canonically equivalent would be one.
    package static func == (left: JSONPointer, right: JSONPointer) -> Bool {
        left.tokens.elementsEqual(right.tokens, by: equalScalars)
    }

    package func hash(into hasher: inout Hasher) {
        for token in tokens { hasher.combine(JSONName(token)) }
        hasher.combine(tokens.count)
    }

    /// The string form.
    package var description: String {
        var text = ""
        for token in tokens { Self.append(token, to: &text) }
        return text
    }

    /// The pointer one step further, to a member.
    package func appending(_ token: String) -> JSONPointer { JSONPointer(tokens: tokens + [token]) }

    /// The pointer one step further, to an element.
    package func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    /// Appends `/` and the escaped token to the string form of a pointer.
    package static func append(_ token: String, to text: inout String) {
        text += "/"
        guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
            text += token
            return
        }
        for scalar in token.unicodeScalars {
            switch scalar {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    /// The index that a token stands for: digits without a leading zero (RFC 6901 section 4).
    package static func index(of token: String) -> Int? {
        let digits = token.utf8
        guard digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        return Int(token)
    }

    private static func unescape(_ part: Substring.UTF8View.SubSequence) throws(JSONError) -> String {
        guard part.contains(UInt8(ascii: "~")) else { return String(Substring(part)) }
        var bytes: [UInt8] = []
        var rest = part.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            switch rest.next() {
            case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
            default:
                throw JSONError(code: .invalidPointer, message: "a '~' in a JSON Pointer must be followed by 0 or 1")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONPointer: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: String...) {
        self.init(tokens: elements)
    }
}
