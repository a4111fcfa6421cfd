import JSON

/// The compilation of one schema object: its keywords, sorted into the sections of a node.
struct SchemaCompilation {
    enum Section: Int {
        case any, number, string, array, object, unevaluated
    }

    let number: Int32
    let entry: SchemaLibrary.Entry
    var kinds = KindSet.all
    var sections = [[Instruction]](repeating: [], count: SchemaNode.sections)

    var dialect: Dialect { entry.dialect }
    private var since6: Bool { dialect.draft >= .draft6 }
    private var since2019: Bool { dialect.draft >= .draft201909 }

    init(number: Int32, entry: SchemaLibrary.Entry) {
        self.number = number
        self.entry = entry
    }

    mutating func emit(_ section: Section, _ instruction: Instruction) {
        sections[section.rawValue].append(instruction)
    }

    mutating func compile(with compiler: inout ContractCompiler) throws(ContractError) {
        let isReference = try reference(&compiler)
        if isReference, dialect.referenceStandsAlone { return }
        if dialect.allows(.validation) {
            try assertions(&compiler)
            try numbers(&compiler)
            try strings(&compiler)
        }
        try format(compiler)
        try arrays(&compiler)
        try objects(&compiler)
        guard dialect.allows(.applicator) else { return }
        try applicators(&compiler)
    }

    // MARK: References

    private mutating func reference(_ compiler: inout ContractCompiler) throws(ContractError) -> Bool {
        var isReference = false
        if let text = try text("$ref") {
            let target = try compiler.library.resolve(text, from: entry, keyword: "$ref")
            apply(compiler.node(for: target.entry), .reference, &compiler)
            isReference = true
        }
        if dialect.draft == .draft201909, let text = try text("$recursiveRef") {
            let target = try compiler.library.resolve(text, from: entry, keyword: "$recursiveRef")
            let isOpen = compiler.library.entries[target.entry].json["$recursiveAnchor"]?.boolValue == true
            dynamic(target.entry, isOpen ? SchemaLibrary.recursiveAnchor : nil, &compiler)
        }
        if dialect.draft == .draft202012, let text = try text("$dynamicRef") {
            let target = try compiler.library.resolve(text, from: entry, keyword: "$dynamicRef")
            let anchor = compiler.library.entries[target.entry].json["$dynamicAnchor"]?.string
            dynamic(target.entry, anchor == target.anchor ? anchor : nil, &compiler)
        }
        return isReference
    }

    /// A dynamic reference whose first target has no dynamic anchor is a plain one.
    private mutating func dynamic(_ target: Int, _ anchor: String?, _ compiler: inout ContractCompiler) {
        let node = compiler.node(for: target)
        guard let anchor else { return apply(node, .reference, &compiler) }
        let list = compiler.dynamicList(anchor)
        emit(.any, Instruction(operation: .dynamicReference, a: node, b: list))
    }

    private mutating func apply(_ node: Int32, _ operation: Operation, _ compiler: inout ContractCompiler) {
        compiler.noteInPlace(number, applies: node)
        emit(.any, Instruction(operation: operation, a: node))
    }

    // MARK: Any kind

    private mutating func assertions(_ compiler: inout ContractCompiler) throws(ContractError) {
        if let type = entry.json["type"] { kinds = try kindSet(type) }
        if let values = entry.json["enum"] {
            guard let elements = values.elements else { throw wrong("enum", "a list of values") }
            var first: Int32 = 0
            for (index, element) in elements.enumerated() {
                let constant = compiler.constant(element)
                if index == 0 { first = constant }
            }
            emit(.any, Instruction(operation: .enumeration, a: first, b: Int32(elements.count)))
        }
        if since6, let value = entry.json["const"] {
            emit(.any, Instruction(operation: .constant, a: compiler.constant(value)))
        }
    }

    private func kindSet(_ type: JSON) throws(ContractError) -> KindSet {
        var kinds: KindSet = []
        for name in type.elements ?? [type] {
            guard let kind = KindSet.named(name.string) else {
                throw wrong("type", "null, boolean, object, array, number, string or integer, or a list of these")
            }
            kinds.formUnion(kind)
        }
        return kinds
    }

    private mutating func applicators(_ compiler: inout ContractCompiler) throws(ContractError) {
        for (keyword, operation) in [("allOf", Operation.allOf), ("anyOf", .anyOf), ("oneOf", .oneOf)] {
            guard let elements = entry.json[keyword]?.elements else { continue }
            var nodes: [Int32] = []
            for index in elements.indices { nodes.append(try compiler.child(of: entry, keyword, String(index))) }
            for node in nodes { compiler.noteInPlace(number, applies: node) }
            emit(.any, Instruction(operation: operation, a: compiler.list(nodes), b: Int32(nodes.count)))
        }
        if let node = try inPlaceChild("not", &compiler) { emit(.any, Instruction(operation: .not, a: node)) }
        if dialect.draft >= .draft7, let condition = try inPlaceChild("if", &compiler) {
            let positive = try inPlaceChild("then", &compiler) ?? -1
            let negative = try inPlaceChild("else", &compiler) ?? -1
            emit(.any, Instruction(operation: .conditional, a: condition, b: positive, c: negative))
        }
    }

    private func inPlaceChild(_ keyword: String, _ compiler: inout ContractCompiler) throws(ContractError) -> Int32? {
        guard entry.json[keyword] != nil else { return nil }
        let node = try compiler.child(of: entry, keyword)
        compiler.noteInPlace(number, applies: node)
        return node
    }

    // MARK: Numbers and strings

    private mutating func numbers(_ compiler: inout ContractCompiler) throws(ContractError) {
        var minimum = Operation.minimum
        var maximum = Operation.maximum
        if dialect.draft == .draft4 {
            if entry.json["exclusiveMinimum"]?.boolValue == true { minimum = .exclusiveMinimum }
            if entry.json["exclusiveMaximum"]?.boolValue == true { maximum = .exclusiveMaximum }
        } else {
            try number("exclusiveMinimum", .exclusiveMinimum, &compiler)
            try number("exclusiveMaximum", .exclusiveMaximum, &compiler)
        }
        try number("minimum", minimum, &compiler)
        try number("maximum", maximum, &compiler)
        try number("multipleOf", .multipleOf, &compiler)
    }

    private mutating func number(
        _ keyword: String,
        _ operation: Operation,
        _ compiler: inout ContractCompiler
    ) throws(ContractError) {
        guard let value = entry.json[keyword] else { return }
        guard value.kind == .number else { throw wrong(keyword, "a number") }
        var step = Instruction(operation: operation, a: compiler.constant(value))
        let whole = value.number?.withNumber { $0.int64 }
        if operation != .multipleOf, let small = whole.flatMap(Int32.init(exactly:)) {
            step.b = small
            step.c = Instruction.isWhole
        }
        emit(.number, step)
    }

    private mutating func strings(_ compiler: inout ContractCompiler) throws(ContractError) {
        try bound("minLength", .minLength, .string)
        try bound("maxLength", .maxLength, .string)
        if let source = try text("pattern") {
            let pattern = try compiler.pattern(source, pointer: entry.pointer + "/pattern")
            emit(.string, Instruction(operation: .pattern, a: pattern))
        }
    }

    mutating func bound(_ keyword: String, _ operation: Operation, _ section: Section) throws(ContractError) {
        guard let value = try count(keyword) else { return }
        emit(section, Instruction(operation: operation, a: value))
    }

    // MARK: Reading keywords

    /// A size; one beyond the largest document is as good as that.
    func count(_ keyword: String) throws(ContractError) -> Int32? {
        guard let value = entry.json[keyword] else { return nil }
        let (isWhole, isNegative, int) =
            value.number?.withNumber { ($0.isInteger, $0.isNegative, $0.int64) } ?? (false, false, nil)
        guard isWhole, !isNegative else { throw wrong(keyword, "a whole number of at least 0") }
        return Int32(clamping: int ?? Int64.max)
    }

    func text(_ keyword: String) throws(ContractError) -> String? {
        guard let value = entry.json[keyword] else { return nil }
        guard let text = value.string else { throw wrong(keyword, "a string") }
        return text
    }

    func wrong(_ keyword: String, _ expected: String) -> ContractError {
        ContractError(
            .invalidSchema,
            "\(keyword) must be \(expected)",
            pointer: appending(keyword, to: entry.pointer)
        )
    }
}
