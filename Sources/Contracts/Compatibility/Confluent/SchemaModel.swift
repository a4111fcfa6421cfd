import JSON

/// The schemas of both sides of a comparison, read when they are first asked for.
///
/// A schema that is referred to is another one than the same place reached from above, as in the registry, and so is
/// everything below it: recursion is compared once inside itself before it counts as seen.
final class SchemaModel {
    /// Where a schema comes from.
    struct Origin: Hashable {
        let side: Int
        /// Entry of the library that the way down started from: the root or the target of a reference.
        let root: Int
        let entry: Int
    }

    /// A place in one of the two documents.
    struct Spot: Sendable {
        let side: Int
        let entry: Int
        /// Steps down from the entry; none for the schema itself.
        var steps: [String] = []
    }

    private(set) var libraries: [SchemaLibrary]
    private var schemas: [ModelSchema?] = []
    private var origins: [Origin] = []
    private var numbers: [Origin: Int] = [:]
    private var texts: [Int: JSONName] = [:]
    private var patterns: [JSONName: Pattern] = [:]
    private let matcher = PatternMatcher()

    /// Schemas of both sides together; more is an obstacle.
    static let maxSchemas = 400_000

    /// Takes the libraries of both sides, each with its root as entry 0.
    init(old: SchemaLibrary, new: SchemaLibrary) {
        libraries = [old, new]
    }

    /// The root of a side: 0 is old, 1 is new.
    func root(_ side: Int) throws(ComparisonObstacle) -> Int { try number(Origin(side: side, root: 0, entry: 0)) }

    func number(_ origin: Origin) throws(ComparisonObstacle) -> Int {
        if let known = numbers[origin] { return known }
        let number = try append(nil, origin)
        numbers[origin] = number
        return number
    }

    /// A schema that the text has no place of its own for.
    func add(_ kind: ModelSchema.Kind, at origin: Origin) throws(ComparisonObstacle) -> Int {
        try append(ModelSchema(kind: kind), origin)
    }

    private func append(_ schema: ModelSchema?, _ origin: Origin) throws(ComparisonObstacle) -> Int {
        guard schemas.count < Self.maxSchemas else { throw .work }
        schemas.append(schema)
        origins.append(origin)
        return schemas.count - 1
    }

    subscript(_ number: Int) -> ModelSchema {
        get throws(ComparisonObstacle) {
            if let known = schemas[number] { return known }
            let schema = try ModelReading(model: self, origin: origins[number]).schema()
            schemas[number] = schema
            return schema
        }
    }

    /// The schema that a chain of references ends at; others end at themselves.
    func resolved(_ number: Int) throws(ComparisonObstacle) -> Int {
        var number = number
        var steps = 0
        while case .reference(let target) = try self[number].kind {
            steps += 1
            // The contract compiled, so the chain ends; the bound only keeps that from being assumed.
            guard steps < 1_000 else { throw .depth }
            number = target
        }
        return number
    }

    /// The place of a schema, or of what `steps` lead to below it.
    func spot(_ number: Int, _ steps: [String] = []) -> Spot {
        Spot(side: origins[number].side, entry: origins[number].entry, steps: steps)
    }

    func entry(_ origin: Origin) -> SchemaLibrary.Entry { libraries[origin.side].entries[origin.entry] }

    /// The place of what says the type of a schema: the keyword, or the schema when it has none.
    func typeSpot(_ number: Int) -> Spot {
        spot(number, entry(origins[number]).json["type"] == nil ? [] : ["type"])
    }

    /// Whether a schema has a text of its own; it has none when it stands for some keywords of a schema.
    func isWritten(_ number: Int) -> Bool { numbers[origins[number]] == number }

    /// The text of a schema in a form that two equal ones share; nil when it has none of its own.
    func canonicalText(_ number: Int) -> JSONName? {
        guard isWritten(number) else { return nil }
        if let known = texts[number] { return known }
        let text = ModelValue.key(entry(origins[number]).json)
        texts[number] = text
        return text
    }

    /// The entry of a subschema of an entry.
    func child(of origin: Origin, _ steps: [String]) throws(ComparisonObstacle) -> Int {
        let parent = entry(origin)
        var pointer = parent.pointer
        for step in steps { JSONPointer.append(step, to: &pointer) }
        guard let entry = libraries[origin.side].places[.init(document: parent.document, pointer: pointer)] else {
            throw .unreadable(ContractError(.invalidSchema, "what is there is no schema", pointer: pointer))
        }
        return try number(Origin(side: origin.side, root: origin.root, entry: entry))
    }

    /// The schema that a reference leads to.
    func target(of reference: String, keyword: String, _ origin: Origin) throws(ComparisonObstacle) -> Int {
        let target: SchemaLibrary.Target
        do {
            target = try libraries[origin.side].resolve(reference, from: entry(origin), keyword: keyword)
        } catch {
            throw .unreadable(error)
        }
        return try number(Origin(side: origin.side, root: target.entry, entry: target.entry))
    }

    /// Whether a pattern of `patternProperties` is found in a name.
    func matches(_ source: String, _ name: String) throws(ComparisonObstacle) -> Bool {
        let pattern: Pattern
        if let known = patterns[JSONName(source)] {
            pattern = known
        } else {
            do {
                pattern = try Pattern(source)
            } catch {
                throw .unreadable(error)
            }
            patterns[JSONName(source)] = pattern
        }
        switch unsafe Array(name.utf8).withUnsafeBufferPointer({ unsafe matcher.match(pattern.code, $0) }) {
        case .matched: return true
        case .unmatched: return false
        case .undecided: throw .pattern(source)
        }
    }
}

/// Why two schemas could not be compared to the end.
enum ComparisonObstacle: Error {
    /// More steps or schemas than the bound.
    case work
    /// The time that whoever asked has given is over.
    case time
    /// Schemas in schemas, or references to references, deeper than the bound.
    case depth
    /// The bound on the work for one match of a pattern was hit.
    case pattern(String)
    case unreadable(ContractError)

    /// A sentence for people.
    var reason: String {
        switch self {
        case .work: "comparing the two takes more than \(StructuralComparison.maxSteps) steps or schemas"
        case .time: "comparing the two takes more time than is allowed"
        case .depth: "the schemas are nested deeper than \(StructuralComparison.maxDepth) levels"
        case .pattern(let source):
            "whether the pattern '\(source)' matches a property's name takes too long to find out"
        case .unreadable(let error): error.description
        }
    }
}
