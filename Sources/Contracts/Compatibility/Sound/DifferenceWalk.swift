import JSON

/// Goes through both documents side by side and names what differs.
///
/// Each difference is weighed alone: could a value that the old schema accepts at this place be refused by the keyword
/// in question? Whether a whole document is refused is ``SoundComparison``'s to say.
struct DifferenceWalk {
    /// A difference with what tells counterexamples of it from those of others.
    struct Finding {
        var difference: SchemaDifference
        /// Pointers into the new document at which a violation would be reported.
        var places: [String]
        /// The member whose presence or absence is at fault.
        var member: JSONName?
        /// A value that the keyword refuses and the old schema here accepts.
        var example: JSON?
    }

    /// Two schemas that stand for each other.
    struct Pair {
        let old: Int
        let new: Int
        /// Confluent's path.
        let path: String
        let depth: Int
    }

    private struct Visit: Hashable {
        let old: Int
        let new: Int
    }

    static let maxDifferences = 1_000
    static let maxPairs = 20_000
    static let maxDepth = 100

    var builder: SetBuilder
    let solver: SetSolver
    var findings: [Finding] = []
    private var visits: Set<Visit> = []

    init(_ sets: ComparedSets, _ solver: SetSolver) {
        builder = sets.builder
        self.solver = solver
    }

    /// The differences of the two documents, in the order of the new one; at most ``maxDifferences``.
    /// - Throws: that a reference cannot be followed, which ``Contract`` would have refused.
    static func findings(_ sets: ComparedSets, _ solver: SetSolver) throws(ContractError) -> [Finding] {
        var walk = DifferenceWalk(sets, solver)
        let roots = walk.builder.documents.map(\.root)
        try walk.compare(Pair(old: roots[0], new: roots[1], path: "#", depth: 0))
        return walk.findings
    }

    func old(_ pair: Pair) -> SchemaLibrary.Entry { builder.documents[0].library.entries[pair.old] }
    func new(_ pair: Pair) -> SchemaLibrary.Entry { builder.documents[1].library.entries[pair.new] }

    /// Compares two schemas, through references that say nothing else.
    mutating func compare(_ pair: Pair) throws(ContractError) {
        let pair = Pair(
            old: try followed(pair.old, side: 0),
            new: try followed(pair.new, side: 1),
            path: pair.path,
            depth: pair.depth
        )
        guard pair.depth < Self.maxDepth, visits.count < Self.maxPairs,
            visits.insert(Visit(old: pair.old, new: pair.new)).inserted
        else { return }
        let (before, after) = (old(pair).json, new(pair).json)
        guard before.members != nil, after.members != nil else { return compareWhole(pair, before, after) }
        var isDone: Set<String> = []
        for (keyword, _) in (after.members ?? []) + (before.members ?? []) {
            let group = Self.groups[keyword] ?? keyword
            if isDone.insert(group).inserted { try compare(keyword: group, pair) }
        }
    }

    /// Keywords that are read together, by the one that stands for them.
    private static let groups = [
        "const": "enum", "then": "if", "else": "if", "additionalItems": "items", "prefixItems": "items",
    ]

    /// One of the two is a Boolean, or both are.
    private mutating func compareWhole(_ pair: Pair, _ before: JSON, _ after: JSON) {
        if before == after { return }
        let isRemoved = after.boolValue == true || before.boolValue == false
        report(isRemoved ? "SCHEMA_REMOVED" : "SCHEMA_ADDED", pair, condition: wholeCondition(pair))
    }

    private mutating func wholeCondition(_ pair: Pair) -> [Int] {
        let node = Result { () throws(ContractError) in
            try builder.node(of: SetBuilder.Definition(side: 1, entry: pair.new))
        }
        if case .success(let node) = node { return solver.sets.nodes[node] }
        return []
    }

    private mutating func followed(_ start: Int, side: Int) throws(ContractError) -> Int {
        var number = start
        for _ in 0..<50 {
            let entry = builder.documents[side].library.entries[number]
            guard let text = entry.json["$ref"]?.string else { break }
            let isAlone =
                entry.dialect.referenceStandsAlone
                || entry.json.members?.allSatisfy { $0.0 == "$ref" || Self.annotations[$0.0] != nil } == true
            guard isAlone else { break }
            number = try builder.documents[side].library.resolve(text, from: entry, keyword: "$ref").entry
        }
        return number
    }

    /// Goes on with the schemas below a keyword of both.
    mutating func descend(_ pair: Pair, old oldSteps: [String], new newSteps: [String]) throws(ContractError) {
        guard let before = child(0, pair.old, oldSteps), let after = child(1, pair.new, newSteps) else { return }
        let path = pair.path + newSteps.map { "/" + $0 }.joined()
        try compare(Pair(old: before, new: after, path: path, depth: pair.depth + 1))
    }

    func child(_ side: Int, _ number: Int, _ steps: [String]) -> Int? {
        let library = builder.documents[side].library
        let entry = library.entries[number]
        let pointer = steps.reduce(entry.pointer) { appending($1, to: $0) }
        return library.places[SchemaLibrary.Place(document: entry.document, pointer: pointer)]
    }

    // MARK: Reporting

    /// The pointer of a place as ``Violation`` writes it.
    func pointer(_ side: Int, _ number: Int, _ steps: [String]) -> String {
        let library = builder.documents[side].library
        let entry = library.entries[number]
        let pointer = steps.reduce(entry.pointer) { appending($1, to: $0) }
        return entry.document == 0 ? pointer : library.documents[entry.document] + "#" + pointer
    }

    /// Adds a difference.
    /// - Parameters:
    ///   - rule: Its name.
    ///   - pair: The schemas that differ.
    ///   - steps: From the schema to what differs.
    ///   - condition: The atoms that the new schema has there: none means that it asks for nothing.
    ///   - places: Further keywords of the new schema at which a violation would be reported.
    ///   - member: The member whose presence or absence would be the violation.
    mutating func report(
        _ rule: String,
        _ pair: Pair,
        steps: [String] = [],
        condition: [Int],
        places: [String] = [],
        member: JSONName? = nil
    ) {
        guard findings.count < Self.maxDifferences else { return }
        let (before, after) = (value(old(pair).json, steps), value(new(pair).json, steps))
        let (effect, reason, example) = weigh(pair, condition)
        let newPointer = pointer(1, pair.new, steps)
        let difference = SchemaDifference(
            rule,
            effect,
            path: (pair.path + steps.map { "/" + $0 }.joined()).replacing("#/#/", with: "#/"),
            oldPointer: before == nil ? nil : pointer(0, pair.old, steps),
            newPointer: after == nil ? nil : newPointer,
            old: before,
            new: after,
            reason: reason
        )
        findings.append(
            Finding(
                difference: difference,
                places: [newPointer] + places.map { pointer(1, pair.new, [$0]) },
                member: member,
                example: example
            )
        )
    }

    /// Names the last difference after whether the schema for the rest covers what came or went.
    mutating func renameLast(_ stem: String, _ suffix: String) {
        guard let last = findings.indices.last else { return }
        let isCovered = findings[last].difference.effect == .compatible
        findings[last].difference.rule = stem + (isCovered ? "_IS_COVERED" : "_NOT_COVERED") + suffix
    }

    mutating func dropLast() {
        if !findings.isEmpty { findings.removeLast() }
    }

    private func value(_ json: JSON, _ steps: [String]) -> JSON? {
        var steps = steps
        // A name under `required` is no index: the list is what there is to show.
        if steps.first == "required" { steps = ["required"] }
        return json[pointer: JSONPointer(tokens: steps)]
    }

    /// What one keyword does to the values that the old schema accepts.
    private mutating func weigh(_ pair: Pair, _ condition: [Int]) -> (SchemaDifference.Effect, String?, JSON?) {
        let found = Result { () throws(ContractError) in
            try builder.node(of: SetBuilder.Definition(side: 0, entry: pair.old))
        }
        guard case .success(let node) = found else {
            return (.unknown, "the old schema is not understood here", nil)
        }
        var reason: String?
        for atom in condition {
            switch solver.solve([.accepts(node: node), .no(atom: atom)]) {
            case .empty: break
            case .found(let values): return (.incompatible, nil, values.first)
            case .unknown(let text): reason = text
            }
        }
        return reason.map { (.unknown, $0, nil) } ?? (.compatible, nil, nil)
    }

    /// The conditions of a keyword of the new schema.
    mutating func condition(_ pair: Pair, _ keywords: String...) throws(ContractError) -> [Int] {
        var atoms: [Int] = []
        for keyword in keywords where new(pair).json[keyword] != nil {
            atoms += try builder.atoms(of: SetBuilder.Definition(side: 1, entry: pair.new), keyword: keyword)
        }
        return atoms
    }
}
