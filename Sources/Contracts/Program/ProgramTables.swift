import JSON

/// What running a program reads: plain values.
@safe
struct ProgramStorage {
    let nodes: Pool<SchemaNode>
    let instructions: Pool<Instruction>
    let lists: Pool<Int32>
    let plans: Pool<MemberPlan>
    let properties: Pool<Property>
    let slots: Pool<Int32>
    let patternNodes: Pool<PatternNode>
    let names: Pool<UInt8>
    let constants: Pool<JSONValue>
    /// For each constant that is a string without escapes its key, else `TextKey.none`.
    let constantKeys: Pool<TextKey>
    let patternCodes: Pool<OpaquePointer>
    let patternShapes: Pool<PatternShape>
    let shapeParts: Pool<PatternShape.Part>
    let root: Int32
    /// Whether any reference is dynamic, so that the scope must be recorded.
    let isDynamic: Bool

    init(_ parts: ProgramParts, root: Int32, constants values: [JSONValue]) {
        nodes = Pool(parts.nodes)
        instructions = Pool(parts.instructions)
        lists = Pool(parts.lists)
        plans = Pool(parts.plans)
        properties = Pool(parts.properties)
        slots = Pool(parts.slots)
        patternNodes = Pool(parts.patternNodes)
        names = Pool(parts.names)
        constants = Pool(values)
        constantKeys = Pool(
            values.map { unsafe $0.kind == .string && !$0.isEscaped ? TextKey($0.content) : TextKey.none }
        )
        unsafe patternCodes = Pool(parts.patterns.map { unsafe $0.code })
        patternShapes = Pool(parts.patternShapes)
        shapeParts = Pool(parts.shapeParts)
        self.root = root
        isDynamic = parts.isDynamic
    }

    func deallocate() {
        nodes.deallocate()
        instructions.deallocate()
        lists.deallocate()
        plans.deallocate()
        properties.deallocate()
        slots.deallocate()
        patternNodes.deallocate()
        names.deallocate()
        constants.deallocate()
        constantKeys.deallocate()
        unsafe patternCodes.deallocate()
        patternShapes.deallocate()
        shapeParts.deallocate()
    }
}

/// The storage of a program, lent: one word to copy, and no reference is counted on the way.
///
/// Valid while the program lives, which the caller of a validation sees to.
@safe
struct ProgramTables {
    private let storage: UnsafePointer<ProgramStorage>

    init(_ storage: UnsafePointer<ProgramStorage>) {
        unsafe self.storage = storage
    }

    @inline(always) var nodes: Pool<SchemaNode> { unsafe storage.pointee.nodes }
    @inline(always) var instructions: Pool<Instruction> { unsafe storage.pointee.instructions }
    @inline(always) var lists: Pool<Int32> { unsafe storage.pointee.lists }
    @inline(always) var plans: Pool<MemberPlan> { unsafe storage.pointee.plans }
    @inline(always) var properties: Pool<Property> { unsafe storage.pointee.properties }
    @inline(always) var slots: Pool<Int32> { unsafe storage.pointee.slots }
    @inline(always) var patternNodes: Pool<PatternNode> { unsafe storage.pointee.patternNodes }
    @inline(always) var names: Pool<UInt8> { unsafe storage.pointee.names }
    @inline(always) var constants: Pool<JSONValue> { unsafe storage.pointee.constants }
    @inline(always) var constantKeys: Pool<TextKey> { unsafe storage.pointee.constantKeys }
    @inline(always) var patternCodes: Pool<OpaquePointer> { unsafe storage.pointee.patternCodes }
    @inline(always) var patternShapes: Pool<PatternShape> { unsafe storage.pointee.patternShapes }
    @inline(always) var shapeParts: Pool<PatternShape.Part> { unsafe storage.pointee.shapeParts }
    @inline(always) var root: Int32 { unsafe storage.pointee.root }
    @inline(always) var isDynamic: Bool { unsafe storage.pointee.isDynamic }
}
