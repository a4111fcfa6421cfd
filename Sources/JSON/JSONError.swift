/// Why bytes are not a JSON document (RFC 8259), or a text not a JSON Pointer (RFC 6901).
///
/// The text never quotes the document beyond the one byte that is wrong, and the pointer to a member that is there twice.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, as a bounded label for metrics and dead letters.
    package enum Code: String, Sendable, CaseIterable {
        /// There is no document: no bytes, or white space only.
        case empty
        /// The document stops before it is complete.
        case unexpectedEnd = "unexpected_end"
        /// A byte stands where the grammar allows no such byte.
        case unexpectedByte = "unexpected_byte"
        /// Something follows the document.
        case trailingBytes = "trailing_bytes"
        /// A word that is not `true`, `false` or `null`, such as `NaN`.
        case invalidLiteral = "invalid_literal"
        /// A number that JSON does not allow, such as `01` or `1.`.
        case invalidNumber = "invalid_number"
        /// A control character inside a string.
        case controlCharacter = "control_character"
        /// A backslash that starts no escape sequence.
        case invalidEscape = "invalid_escape"
        /// Half of a surrogate pair, which stands for no character.
        case loneSurrogate = "lone_surrogate"
        /// Bytes that are not UTF-8.
        case invalidUTF8 = "invalid_utf8"
        /// More nesting than `JSONLimits.maxDepth`.
        case depthExceeded = "depth_exceeded"
        /// More bytes than `JSONLimits.maxBytes`.
        case sizeExceeded = "size_exceeded"
        /// A member name twice in one object, where the limits reject that.
        case duplicateKey = "duplicate_key"
        /// A text that is not a JSON Pointer.
        case invalidPointer = "invalid_pointer"
    }

    package let code: Code
    /// A sentence: what is wrong and what would be right.
    package let message: String
    /// Bytes before the fault, from 0.
    package let byteOffset: Int
    /// From 1; lines end with LF.
    package let line: Int
    /// Unicode scalars from the start of the line, from 1.
    package let column: Int

    package var description: String { "\(line):\(column): \(message) [\(code.rawValue), byte \(byteOffset)]" }

    package init(code: Code, message: String, byteOffset: Int = 0, line: Int = 1, column: Int = 1) {
        self.code = code
        self.message = message
        self.byteOffset = byteOffset
        self.line = line
        self.column = column
    }
}

/// What the scanner knows when it stops: cheap to throw, turned into a `JSONError` once.
struct ScanFailure: Error {
    let code: JSONError.Code
    let offset: Int
    let message: StaticString

    init(_ code: JSONError.Code, at offset: Int, _ message: StaticString) {
        self.code = code
        self.offset = offset
        self.message = message
    }
}

extension JSONError {
    /// Line and column of an offset, both from 1.
    static func position(of offset: Int, in bytes: UnsafeRawBufferPointer) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        for position in 0..<min(offset, bytes.count) {
            let byte = unsafe bytes[position]
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return (line, column)
    }

    init(_ failure: ScanFailure, in bytes: UnsafeRawBufferPointer) {
        let (line, column) = unsafe Self.position(of: failure.offset, in: bytes)
        var message = "\(failure.message)"
        if failure.code == .unexpectedByte, failure.offset < bytes.count {
            message += ", found \(Self.name(of: unsafe bytes[failure.offset]))"
        }
        self.init(code: failure.code, message: message, byteOffset: failure.offset, line: line, column: column)
    }

    private static func name(of byte: UInt8) -> String {
        if byte > 0x20, byte < 0x7F { return "'\(Character(Unicode.Scalar(byte)))'" }
        let digits = String(byte, radix: 16, uppercase: true)
        return "byte 0x" + (digits.count == 1 ? "0" + digits : digits)
    }
}
