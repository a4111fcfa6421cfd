import JSON

/// Turns the schemas that are reachable from one into a `Program`.
///
/// A node is reserved when something first refers to its schema and filled from a work list, so that neither depth
/// nor cycles of references matter here.
struct ContractCompiler {
    var library: SchemaLibrary
    /// What `format` does where the dialect leaves it open.
    let formats: FormatHandling
    var parts = ProgramParts()
    private var nodeOfEntry: [Int: Int32] = [:]
    private var entryOfNode: [Int] = []
    private var work: [Int32] = []
    /// Nodes that a node applies to the instance it is applied to itself; dynamic references aside.
    private var inPlace: [[Int32]] = []
    private var patternNumbers: [JSONName: Int32] = [:]
    private var patternBytes = 0
    private var constantBytes = 0
    private var dynamicLists: [JSONName: Int32] = [:]
    private var pendingDynamic: [(name: String, list: Int32)] = []

    /// Bytes of all compiled patterns, and of the values of `const`, `enum` and their like. A reference can make a
    /// schema of each level of a nested value, which is then kept as often as it is deep.
    static let maxPatternBytes = 64 << 20
    static let maxConstantBytes = 64 << 20

    static func compile(
        _ entry: Int,
        in library: SchemaLibrary,
        formats: FormatHandling = .annotation
    ) throws(ContractError) -> Program {
        var compiler = ContractCompiler(library: library, formats: formats)
        let root = compiler.node(for: entry)
        try compiler.compileAll()
        try compiler.refuseLoops()
        compiler.parts.settleRoutes()
        do {
            return try Program(compiler.parts, root: root)
        } catch {
            throw ContractError(.invalidSchema, "the constants of the schema cannot be kept: \(error)")
        }
    }

    private init(library: SchemaLibrary, formats: FormatHandling) {
        self.library = library
        self.formats = formats
    }

    /// The node of a schema, reserved if it is new.
    mutating func node(for entry: Int) -> Int32 {
        if let known = nodeOfEntry[entry] { return known }
        let number = Int32(parts.nodes.count)
        nodeOfEntry[entry] = number
        entryOfNode.append(entry)
        inPlace.append([])
        let schema = library.entries[entry]
        parts.nodes.append(SchemaNode(resource: Int32(schema.resource)))
        let document = library.documents[schema.document]
        parts.locations.append(schema.document == 0 ? schema.pointer : document + "#" + schema.pointer)
        work.append(number)
        return number
    }

    /// Every schema that a dynamic anchor names is compiled, whether or not a static path leads to it, because the
    /// dynamic scope may. That can bring new names, hence the outer loop.
    private mutating func compileAll() throws(ContractError) {
        repeat {
            while let next = work.popLast() { try fill(next) }
            for (name, _) in pendingDynamic {
                for entry in library.dynamicAnchors[JSONName(name)] ?? [] { _ = node(for: entry) }
            }
        } while !work.isEmpty
        for (name, list) in pendingDynamic {
            let anchored = library.dynamicAnchors[JSONName(name)] ?? []
            parts.lists[Int(list)] = Int32(parts.lists.count)
            parts.lists[Int(list) + 1] = Int32(anchored.count)
            for entry in anchored {
                parts.lists.append(Int32(library.entries[entry].resource))
                parts.lists.append(node(for: entry))
            }
        }
    }

    private mutating func fill(_ number: Int32) throws(ContractError) {
        let entry = library.entries[entryOfNode[Int(number)]]
        var schema = SchemaCompilation(number: number, entry: entry)
        if let value = entry.json.boolValue {
            if !value { schema.emit(.any, Instruction(operation: .never)) }
        } else {
            try schema.compile(with: &self)
        }
        guard constantBytes <= Self.maxConstantBytes else {
            throw ContractError(
                .tooLarge,
                "the values in the contract have more than \(Self.maxConstantBytes >> 20) MiB in all",
                pointer: entry.pointer
            )
        }
        var node = parts.nodes[Int(number)]
        node.kinds = schema.kinds
        node.tracksEvaluation = !schema.sections[SchemaNode.sections - 1].isEmpty
        for (index, section) in schema.sections.enumerated() {
            node.first[index] = Int32(parts.instructions.count)
            parts.instructions.append(contentsOf: section)
        }
        node.first[SchemaNode.sections] = Int32(parts.instructions.count)
        parts.nodes[Int(number)] = node
    }

    // MARK: What schemas need

    /// Notes that a node applies another one to the same instance.
    mutating func noteInPlace(_ node: Int32, applies target: Int32) {
        inPlace[Int(node)].append(target)
    }

    /// The number of the node of the schema at a place below another schema.
    mutating func child(of entry: SchemaLibrary.Entry, _ steps: String...) throws(ContractError) -> Int32 {
        var pointer = entry.pointer
        for step in steps { JSONPointer.append(step, to: &pointer) }
        guard let found = library.places[SchemaLibrary.Place(document: entry.document, pointer: pointer)] else {
            throw ContractError(.invalidSchema, "a schema must be an object or a Boolean", pointer: pointer)
        }
        return node(for: found)
    }

    mutating func list(_ elements: [Int32]) -> Int32 {
        parts.lists.append(contentsOf: elements)
        return Int32(parts.lists.count - elements.count)
    }

    mutating func constant(_ json: JSON) -> Int32 {
        parts.constants.append(json.bytes)
        constantBytes += parts.constants.last?.count ?? 0
        return Int32(parts.constants.count - 1)
    }

    mutating func pattern(_ source: String, pointer: String) throws(ContractError) -> Int32 {
        if let known = patternNumbers[JSONName(source)] { return known }
        do throws(ContractError) {
            let pattern = try Pattern(source)
            parts.patterns.append(pattern)
            parts.add(PatternShape.parts(of: source))
            patternBytes += pattern.size
        } catch {
            var placed = error
            placed.pointer = pointer
            throw placed
        }
        guard patternBytes <= Self.maxPatternBytes else {
            throw ContractError(
                .tooLarge,
                "the patterns of the contract need more than \(Self.maxPatternBytes >> 20) MiB in all",
                pointer: pointer
            )
        }
        let number = Int32(parts.patterns.count - 1)
        patternNumbers[JSONName(source)] = number
        return number
    }

    /// Two places in the lists that will hold start and count of the pairs (resource, node) of a dynamic anchor.
    mutating func dynamicList(_ name: String) -> Int32 {
        parts.isDynamic = true
        if let known = dynamicLists[JSONName(name)] { return known }
        let list = list([0, 0])
        dynamicLists[JSONName(name)] = list
        pendingDynamic.append((name, list))
        return list
    }

    // MARK: Loops

    /// A schema that applies itself to the same instance would never end. Depth first, with the path as a stack.
    private func refuseLoops() throws(ContractError) {
        enum Mark { case new, open, done }
        var marks = [Mark](repeating: .new, count: inPlace.count)
        for start in inPlace.indices where marks[start] == .new {
            var path = [(node: start, next: 0)]
            marks[start] = .open
            while let (node, next) = path.last {
                guard next < inPlace[node].count else {
                    marks[node] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let target = Int(inPlace[node][next])
                if marks[target] == .open { throw loop(through: node) }
                if marks[target] == .new {
                    marks[target] = .open
                    path.append((target, 0))
                }
            }
        }
    }

    private func loop(through node: Int) -> ContractError {
        ContractError(
            .referenceLoop,
            "the references from here lead back here without going into the instance, so no check would end",
            pointer: library.entries[entryOfNode[node]].pointer
        )
    }
}
