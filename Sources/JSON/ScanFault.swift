/// Why a scan stops, without the place: what the one loop over a document hands out instead of a position.
enum ScanFault: Int {
    case empty, unexpectedEnd
    case byteOrderMark, noValue, wrongWord
    case noName, noColon, afterMember, afterElement, trailingBytes, tooDeep
    case controlCharacter, badEscape, badHexadecimal, loneSurrogate, notUTF8
    case leadingZero, minusAlone, noFraction, noExponent

    var code: JSONError.Code {
        switch self {
        case .empty: .empty
        case .unexpectedEnd: .unexpectedEnd
        case .byteOrderMark, .noValue, .noName, .noColon, .afterMember, .afterElement: .unexpectedByte
        case .wrongWord: .invalidLiteral
        case .trailingBytes: .trailingBytes
        case .tooDeep: .depthExceeded
        case .controlCharacter: .controlCharacter
        case .badEscape, .badHexadecimal: .invalidEscape
        case .loneSurrogate: .loneSurrogate
        case .notUTF8: .invalidUTF8
        case .leadingZero, .minusAlone, .noFraction, .noExponent: .invalidNumber
        }
    }

    var message: StaticString {
        switch self {
        case .empty: "the document is empty"
        case .unexpectedEnd: "the document ends before it is complete"
        case .byteOrderMark: "a document must not start with a byte order mark"
        case .noValue: "expected a value: string, number, object, array or literal"
        case .wrongWord: "the only words that JSON allows are true, false and null (NaN and Infinity have no JSON form)"
        case .noName: "a member of an object must start with a name in quotes"
        case .noColon: "the name of a member must be followed by ':'"
        case .afterMember: "a member of an object must be followed by ',' or '}'"
        case .afterElement: "an element of an array must be followed by ',' or ']'"
        case .trailingBytes: "the document is complete but more bytes follow"
        case .tooDeep: "arrays and objects are nested deeper than the limit"
        case .controlCharacter:
            "a string must not contain a control character; write it as an escape such as \\n"
        case .badEscape: "a backslash must be followed by one of \" \\ / b f n r t u"
        case .badHexadecimal: "\\u must be followed by four hexadecimal digits"
        case .loneSurrogate: "an escape stands for half of a surrogate pair, the other half is missing"
        case .notUTF8: "the bytes from here are not UTF-8"
        case .leadingZero: "a number must not start with a zero before other digits"
        case .minusAlone: "a minus sign must be followed by a digit"
        case .noFraction: "a decimal point must be followed by a digit"
        case .noExponent: "an exponent must have at least one digit"
        }
    }
}

/// How far a piece of a document reaches, or why it cannot be read: one word, so that the loop keeps it in a register.
///
/// A throwing function would write its error, and with it the state of the loop, to memory at every call.
struct ScanEnd {
    private let word: Int

    /// Above every position (`JSONLimits.largestDocument`): says that a string has escapes or a number more than digits.
    private static let flagBit = 32

    @inline(always)
    init(_ position: Int) {
        word = position
    }

    @inline(always)
    init(flagged position: Int) {
        word = position | 1 << Self.flagBit
    }

    @inline(always)
    init(_ fault: ScanFault, at offset: Int) {
        word = ~(fault.rawValue << Self.flagBit | offset)
    }

    @inline(always) var isFault: Bool { word < 0 }

    /// The byte after the piece.
    @inline(always) var position: Int { word & (1 << Self.flagBit - 1) }

    /// `Tape.flag` or nothing.
    @inline(always) var flag: UInt64 { UInt64(truncatingIfNeeded: word >> Self.flagBit) &* Tape.flag }

    /// What is wrong, where `isFault`.
    var failure: ScanFailure {
        let known = ~word
        let fault = ScanFault(rawValue: known >> Self.flagBit) ?? .noValue
        return ScanFailure(fault.code, at: known & (1 << Self.flagBit - 1), fault.message)
    }
}
