import JSON

/// What one instruction asserts or applies. The operands are named in `ContractCompiler`, where they are made.
enum Operation: UInt8 {
    // Any kind of instance.
    case enumeration, constant, allOf, anyOf, oneOf, not, conditional, reference, dynamicReference, never
    // Numbers.
    case minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf
    // Strings.
    case minLength, maxLength, pattern, format
    // Arrays.
    case minItems, maxItems, uniqueItems, items, contains
    // Objects.
    case minProperties, maxProperties, members, propertyNames, dependentRequired, dependentSchemas
    // After all others of a schema.
    case unevaluatedItems, unevaluatedProperties
}

extension Operation {
    /// Whether it looks at the instance alone and applies no other schema.
    var isAssertion: Bool {
        switch self {
        case .enumeration, .constant, .never, .minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum, .multipleOf,
            .minLength, .maxLength, .pattern, .format, .minItems, .maxItems, .uniqueItems, .minProperties,
            .maxProperties, .dependentRequired:
            true
        case .allOf, .anyOf, .oneOf, .not, .conditional, .reference, .dynamicReference, .items, .contains, .members,
            .propertyNames, .dependentSchemas, .unevaluatedItems, .unevaluatedProperties:
            false
        }
    }
}

/// One step of a compiled schema: plain numbers, so that running it touches no reference counts.
struct Instruction {
    var operation: Operation
    /// SchemaNode, constant, bound or start of a list, as the operation says; -1 for none.
    var a: Int32 = -1
    var b: Int32 = -1
    var c: Int32 = -1

    /// `c` of a bound on numbers whose value is the integer `b`.
    static let isWhole: Int32 = 1
}

/// The kinds of instances that a schema's `type` lets pass, as bits: those of `JSONValue.kindNumber`, and one more.
struct KindSet: OptionSet {
    let rawValue: UInt8
    static let null = KindSet(rawValue: 1)
    /// `false` and `true`.
    static let boolean = KindSet(rawValue: 6)
    static let number = KindSet(rawValue: 8)
    static let string = KindSet(rawValue: 16)
    static let array = KindSet(rawValue: 32)
    static let object = KindSet(rawValue: 64)
    /// Only those numbers that are mathematical integers.
    static let integer = KindSet(rawValue: 128)
    static let all = KindSet(rawValue: 255)

    /// What a name in `type` stands for; `nil` where it is none.
    static func named(_ name: String?) -> KindSet? {
        switch name {
        case "null": .null
        case "boolean": .boolean
        case "object": .object
        case "array": .array
        case "number": [.number, .integer]
        case "string": .string
        case "integer": .integer
        default: nil
        }
    }
}

/// How a schema is applied when nothing is reported: each route does less than the next one.
enum Route: UInt8 {
    /// The kinds that it admits say everything.
    case kindOnly
    /// No instruction applies another schema.
    case leaf
    /// It needs neither a record of what was evaluated nor a dynamic scope.
    case plain
    /// All the others, and all as long as they are not settled.
    case general
}

/// A schema where a member or an element meets it, with what most values of real documents need of it.
struct Entrance {
    /// The node of the schema, -1 when there is none.
    var node: Int32 = -1
    /// No other kinds obey it.
    var kinds: KindSet = .all
    var route = Route.kindOnly
}

/// A compiled schema: the kinds it allows and its instructions, in six neighbouring runs.
///
/// ```
/// first[0] any first[1] numbers first[2] strings first[3] arrays first[4] objects first[5] unevaluated* first[6]
/// ```
struct SchemaNode {
    static let sections = 6
    /// The kinds that its `type` allows.
    var kinds: KindSet = .all
    /// Those of them that its other keywords do not rule out by themselves.
    var admitted: KindSet = .all
    /// Whether it has `unevaluatedItems` or `unevaluatedProperties`, and so keeps a record of what was evaluated.
    var tracksEvaluation = false
    var route = Route.general
    /// Entry of the schema resource: what the dynamic scope is made of.
    var resource: Int32 = 0
    var first: InlineArray<7, Int32> = .init(repeating: 0)

    /// The way to it, by its number.
    @inline(always)
    func entrance(_ number: Int32) -> Entrance { Entrance(node: number, kinds: admitted, route: route) }
}

/// How the members of an object are checked: names in a hash table, then patterns, then `additionalProperties`.
struct MemberPlan {
    /// Range in `Program.properties`; `Property.end` follows.
    var firstProperty: Int32 = 0
    var propertyCount: Int32 = 0
    /// Start of the open-addressing table in `Program.slots`; its size is `slotMask + 1`, a power of two.
    var firstSlot: Int32 = 0
    var slotMask: Int32 = 0
    /// Range in `Program.patternNodes`.
    var firstPattern: Int32 = 0
    var patternCount: Int32 = 0
    /// The schema of `additionalProperties`.
    var additional = Entrance()
    var requiredCount: Int32 = 0

    /// Whether names alone decide what applies to a member, and `SeenNames` holds which required ones were seen.
    var isPlain: Bool { patternCount == 0 && requiredCount <= SeenNames.capacity }
}

/// A member name that a schema mentions in `properties` or `required`.
struct Property {
    var key: TextKey
    /// Where the name starts in `ProgramStorage.names`.
    var nameStart: Int32
    /// SchemaNode of its schema, -1 when the name is only required.
    var node: Int32
    /// Its number among the required names, -1 when it is optional.
    var required: Int32
    /// What applies to the member where names alone decide that: its schema, or the one of additional members.
    var entrance = Entrance()

    /// Stands behind the last name of each plan, so that a guess needs no bound: no text is its name.
    static let end = Property(key: .none, nameStart: 0, node: -1, required: -1)
}

/// A pattern with the node of the members whose names match it.
struct PatternNode {
    var pattern: Int32
    var node: Int32
}

/// A compiled contract.
///
/// `@unchecked Sendable`: all storage is written before `init` returns and only read afterwards; PCRE2 documents
/// that compiled patterns may be shared between threads (pcre2api, "Multithreading").
@safe
final class Program: @unchecked Sendable {
    private let storage: UnsafeMutablePointer<ProgramStorage>
    let patterns: [Pattern]
    /// Where each node is: a pointer, preceded by URI and `#` outside the contract's own document.
    let locations: [String]
    private let constantsDocument: JSONDocument

    init(_ parts: ProgramParts, root: Int32) throws(JSONError) {
        var text: [UInt8] = [UInt8(ascii: "[")]
        text.append(contentsOf: parts.constants.joined(separator: [UInt8(ascii: ",")]))
        text.append(UInt8(ascii: "]"))
        constantsDocument = try JSONDocument(text, limits: JSONLimits(maxDepth: JSON.maxDepth + 2))
        let constants = Array(constantsDocument.root.elements)
        unsafe storage = .allocate(capacity: 1)
        unsafe storage.initialize(to: ProgramStorage(parts, root: root, constants: constants))
        patterns = parts.patterns
        locations = parts.locations
    }

    deinit {
        unsafe storage.pointee.deallocate()
        unsafe storage.deallocate()
    }

    /// What a run reads; valid as long as this object lives.
    var tables: ProgramTables { unsafe ProgramTables(storage) }
}

/// What the compiler collects before it is frozen into a `Program`.
struct ProgramParts {
    var nodes: [SchemaNode] = []
    var instructions: [Instruction] = []
    var lists: [Int32] = []
    var plans: [MemberPlan] = []
    var properties: [Property] = []
    var slots: [Int32] = []
    var patternNodes: [PatternNode] = []
    var names: [UInt8] = []
    var constants: [[UInt8]] = []
    var patterns: [Pattern] = []
    /// One for each of `patterns`.
    var patternShapes: [PatternShape] = []
    var shapeParts: [PatternShape.Part] = []
    var locations: [String] = []
    var isDynamic = false
}
