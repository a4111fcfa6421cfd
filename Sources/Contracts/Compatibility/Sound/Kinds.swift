import JSON

/// The kinds of JSON values, as cells that do not overlap.
///
/// Numbers are three: draft-04 calls `1.0` no integer although its value is one, later drafts do.
struct Kinds: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let null = Kinds(rawValue: 1)
    static let boolean = Kinds(rawValue: 2)
    static let string = Kinds(rawValue: 4)
    static let array = Kinds(rawValue: 8)
    static let object = Kinds(rawValue: 16)
    /// Whole numbers written without fraction and exponent.
    static let integer = Kinds(rawValue: 32)
    /// Whole numbers written otherwise: `1.0`, `1e2`.
    static let wholeFraction = Kinds(rawValue: 64)
    /// Numbers that are not whole.
    static let fraction = Kinds(rawValue: 128)

    static let whole: Kinds = [.integer, .wholeFraction]
    static let number: Kinds = [.integer, .wholeFraction, .fraction]
    static let all = Kinds(rawValue: 255)

    /// The parts that are solved one by one, those with the plainest witnesses first.
    static let parts: [Kinds] = [.number, .string, .boolean, .array, .object, .null]

    var complement: Kinds { Kinds(rawValue: ~rawValue) }

    /// The cell of a value.
    init(of value: JSON) {
        switch value {
        case .null: self = .null
        case .bool: self = .boolean
        case .string: self = .string
        case .array: self = .array
        case .object: self = .object
        case .number(let literal):
            let isPlain = literal.text.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 | 0x20 != UInt8(ascii: "e") }
            let isWhole = literal.withNumber { $0.isInteger }
            self = isPlain ? .integer : (isWhole ? .wholeFraction : .fraction)
        }
    }

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// What a name under `type` stands for; nil for a name that JSON Schema does not know.
    init?(typeName: String?, draft: SchemaDraft) {
        switch typeName {
        case "null": self = .null
        case "boolean": self = .boolean
        case "string": self = .string
        case "array": self = .array
        case "object": self = .object
        case "number": self = .number
        case "integer": self = draft == .draft4 ? .integer : .whole
        default: return nil
        }
    }
}
