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

/// The kinds of instances that a schema's `type` lets pass, as bits.
struct KindSet: OptionSet {
    let rawValue: UInt8
    static let null = KindSet(rawValue: 1)
    static let boolean = KindSet(rawValue: 2)
    static let object = KindSet(rawValue: 4)
    static let array = KindSet(rawValue: 8)
    static let number = KindSet(rawValue: 16)
    static let string = KindSet(rawValue: 32)
    /// Only those numbers that are mathematical integers.
    static let integer = KindSet(rawValue: 64)
    static let all = KindSet(rawValue: 127)
}

/// A compiled schema: the kinds it allows and its instructions, in six neighbouring runs.
///
/// ```
/// first[0] any first[1] numbers first[2] strings first[3] arrays first[4] objects first[5] unevaluated* first[6]
/// ```
struct SchemaNode {
    static let sections = 6
    var kinds: KindSet = .all
    /// Whether it has `unevaluatedItems` or `unevaluatedProperties`, and so keeps a record of what was evaluated.
    var tracksEvaluation = false
    /// Whether it has no instruction, so that `kinds` says everything.
    var isKindOnly = false
    /// Whether no instruction applies another schema.
    var isLeaf = false
    /// Entry of the schema resource: what the dynamic scope is made of.
    var resource: Int32 = 0
    var first: InlineArray<7, Int32> = .init(repeating: 0)
}

/// How the members of an object are checked: names in a hash table, then patterns, then `additionalProperties`.
struct MemberPlan {
    /// Range in `Program.properties`.
    var firstProperty: Int32 = 0
    var propertyCount: Int32 = 0
    /// Start of the open-addressing table in `Program.slots`; its size is `slotMask + 1`, a power of two.
    var firstSlot: Int32 = 0
    var slotMask: Int32 = 0
    /// Range in `Program.patternNodes`.
    var firstPattern: Int32 = 0
    var patternCount: Int32 = 0
    /// SchemaNode of `additionalProperties`, -1 when there is none.
    var additional: Int32 = -1
    var requiredCount: Int32 = 0
}

/// A member name that a schema mentions in `properties` or `required`.
struct Property {
    /// Range in `Program.names`.
    var nameStart: Int32
    var nameCount: Int32
    var hash: UInt32
    /// SchemaNode of its schema, -1 when the name is only required.
    var node: Int32
    /// Its number among the required names, -1 when it is optional.
    var required: Int32
}

/// A pattern with the node of the members whose names match it.
struct PatternNode {
    var pattern: Int32
    var node: Int32
}

/// Immutable storage of plain values that is read without reference counting.
@safe
struct Pool<Element> {
    private let base: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        unsafe base = .allocate(capacity: max(count, 1))
        for (index, element) in elements.enumerated() { unsafe (base + index).initialize(to: element) }
    }

    /// Indices come from the compiler, never from an instance.
    @inline(__always)
    subscript(_ index: Int32) -> Element {
        assert(index >= 0 && index < count)
        return unsafe base[Int(index)]
    }

    /// The elements from an index on, for as long as the program lives.
    func pointer(from index: Int32, count: Int32) -> UnsafeBufferPointer<Element> {
        unsafe UnsafeBufferPointer(start: base + Int(index), count: Int(count))
    }

    func deallocate() {
        unsafe base.deinitialize(count: count)
        unsafe base.deallocate()
    }
}

/// A compiled contract.
///
/// `@unchecked Sendable`: all storage is written before `init` returns and only read afterwards; PCRE2 documents
/// that compiled patterns may be shared between threads (pcre2api, "Multithreading").
@safe
final class Program: @unchecked Sendable {
    let nodes: Pool<SchemaNode>
    let instructions: Pool<Instruction>
    let lists: Pool<Int32>
    let plans: Pool<MemberPlan>
    let properties: Pool<Property>
    let slots: Pool<Int32>
    let patternNodes: Pool<PatternNode>
    let names: Pool<UInt8>
    let constants: Pool<JSONValue>
    let patternCodes: Pool<OpaquePointer>
    let patterns: [Pattern]
    /// Where each node is: a pointer, preceded by URI and `#` outside the contract's own document.
    let locations: [String]
    let root: Int32
    /// Whether any reference is dynamic, so that the scope must be recorded.
    let isDynamic: Bool
    private let constantsDocument: JSONDocument

    init(_ parts: ProgramParts, root: Int32) throws(JSONError) {
        self.root = root
        var text: [UInt8] = [UInt8(ascii: "[")]
        text.append(contentsOf: parts.constants.joined(separator: [UInt8(ascii: ",")]))
        text.append(UInt8(ascii: "]"))
        constantsDocument = try JSONDocument(text, limits: JSONLimits(maxDepth: JSON.maxDepth + 2))
        nodes = Pool(parts.nodes)
        instructions = Pool(parts.instructions)
        lists = Pool(parts.lists)
        plans = Pool(parts.plans)
        properties = Pool(parts.properties)
        slots = Pool(parts.slots)
        patternNodes = Pool(parts.patternNodes)
        names = Pool(parts.names)
        constants = Pool(Array(constantsDocument.root.elements))
        patterns = parts.patterns
        unsafe patternCodes = Pool(parts.patterns.map { unsafe $0.code })
        locations = parts.locations
        isDynamic = parts.isDynamic
    }

    deinit {
        nodes.deallocate()
        instructions.deallocate()
        lists.deallocate()
        plans.deallocate()
        properties.deallocate()
        slots.deallocate()
        patternNodes.deallocate()
        names.deallocate()
        constants.deallocate()
        unsafe patternCodes.deallocate()
    }
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
    var locations: [String] = []
    var isDynamic = false
}

/// A hash of a member name, eight bytes at a time. The names in the table are the contract's,
/// so an instance cannot make it collide more than the contract does.
@inline(__always)
func nameHash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let text = UnsafeRawBufferPointer(bytes)
    let count = text.count
    var hash = mixed(0x9E37_79B9_7F4A_7C15, UInt64(truncatingIfNeeded: count))
    guard count >= 8 else {
        var word: UInt64 = 0
        for offset in 0..<count { word = unsafe word << 8 | UInt64(text[offset]) }
        return UInt32(truncatingIfNeeded: mixed(hash, word))
    }
    var offset = 0
    while offset + 8 < count {
        hash = unsafe mixed(hash, text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        offset += 8
    }
    // The last eight bytes may overlap those before.
    hash = unsafe mixed(hash, text.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
    return UInt32(truncatingIfNeeded: hash)
}

/// One step of multiply and fold: the high half of a product depends on every bit of the word.
@inline(__always)
private func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word) &* 0xD6E8_FEB8_6659_FD93
    return product ^ product >> 32
}
