import JSON

/// One of the two documents that are compared, with all that it refers to.
struct ComparedDocument {
    var library: SchemaLibrary
    let root: Int

    init(_ schema: ComparedSchema) throws(ContractError) {
        let draft = schema.json["$schema"]?.string.flatMap { SchemaDraft(metaschemaURI: $0) }
        library = SchemaLibrary(resolver: schema.resolver, defaultDraft: draft ?? Contract.defaultDraft)
        root = try library.add(schema.json, uri: SchemaURI(schema.uri).withoutFragment)
    }
}

/// Reads schemas into ``SchemaSets``, each by the keywords of its own draft.
struct SetBuilder {
    /// A schema that something refers to.
    struct Definition: Hashable {
        let side: Int
        let entry: Int
    }

    var documents: [ComparedDocument]
    let sets = SchemaSets()
    /// The document that is being read.
    private(set) var side = 0
    /// Which definitions mean the same as far as is known.
    let classOf: [Definition: Int]
    /// All that references lead to, in the order in which they were met.
    private(set) var definitions: [Definition] = []
    private var known: Set<Definition> = []
    /// Schemas read so far.
    private(set) var count = 0

    init(_ documents: [ComparedDocument], classOf: [Definition: Int] = [:]) {
        self.documents = documents
        self.classOf = classOf
    }

    /// The node of a schema of one of the documents.
    mutating func node(of definition: Definition) throws(ContractError) -> Int {
        let before = side
        side = definition.side
        defer { side = before }
        return try node(entry: definition.entry)
    }

    /// The conditions that one keyword of a schema stands for, neighbours considered (`then` is read with its `if`).
    mutating func atoms(of definition: Definition, keyword: String) throws(ContractError) -> [Int] {
        side = definition.side
        let entry = documents[side].library.entries[definition.entry]
        return try atoms(of: entry, keyword: keyword)
    }

    mutating func node(entry number: Int) throws(ContractError) -> Int {
        count += 1
        let entry = documents[side].library.entries[number]
        if let value = entry.json.boolValue { return value ? sets.everything : sets.nothing }
        if entry.dialect.referenceStandsAlone, entry.json["$ref"]?.string != nil {
            return sets.node(try atoms(of: entry, keyword: "$ref"))
        }
        var atoms: Set<Int> = []
        for (keyword, _) in entry.json.members ?? [] { atoms.formUnion(try self.atoms(of: entry, keyword: keyword)) }
        return sets.node(atoms)
    }

    /// The node of the schema at a place below another one; everything where there is none.
    mutating func child(_ entry: SchemaLibrary.Entry, _ steps: String...) throws(ContractError) -> Int {
        var pointer = entry.pointer
        for step in steps { JSONPointer.append(step, to: &pointer) }
        let place = SchemaLibrary.Place(document: entry.document, pointer: pointer)
        guard let number = documents[side].library.places[place] else { return sets.everything }
        return try node(entry: number)
    }

    // MARK: References

    /// A reference to a definition: by its class, so that what means the same is the same atom.
    private mutating func reference(to target: Int) -> Int {
        let definition = Definition(side: side, entry: target)
        if known.insert(definition).inserted { definitions.append(definition) }
        return sets.atom(.reference(classOf[definition] ?? 0))
    }

    private mutating func references(
        _ entry: SchemaLibrary.Entry,
        _ keyword: String
    ) throws(ContractError) -> [Int] {
        guard let text = entry.json[keyword]?.string else { return [] }
        let target = try documents[side].library.resolve(text, from: entry, keyword: keyword)
        let schema = documents[side].library.entries[target.entry].json
        let anchor: String? =
            switch keyword {
            case "$recursiveRef": schema["$recursiveAnchor"]?.boolValue == true ? SchemaLibrary.recursiveAnchor : nil
            case "$dynamicRef": schema["$dynamicAnchor"]?.string == target.anchor ? target.anchor : nil
            default: nil
            }
        if let anchor, documents[side].library.dynamicAnchors[JSONName(anchor)]?.count != 1 {
            return [sets.opaqueAtom("where '\(keyword)' leads depends on how the schema is reached")]
        }
        return [reference(to: target.entry)]
    }

    // MARK: Keywords

    private mutating func atoms(of entry: SchemaLibrary.Entry, keyword: String) throws(ContractError) -> [Int] {
        let dialect = entry.dialect
        switch keyword {
        case "$ref": return try references(entry, keyword)
        case "$recursiveRef": return dialect.draft == .draft201909 ? try references(entry, keyword) : []
        case "$dynamicRef": return dialect.draft == .draft202012 ? try references(entry, keyword) : []
        case "format": return format(entry)
        case "contentEncoding", "contentMediaType": return content(entry, keyword)
        case "unevaluatedProperties", "unevaluatedItems":
            guard dialect.draft >= .draft201909, dialect.allows(.unevaluated) else { return [] }
            return try unevaluated(entry, keyword)
        default: break
        }
        if dialect.allows(.validation), let found = assertion(entry, keyword) { return found }
        guard dialect.allows(.applicator) else { return [] }
        if let found = try combination(entry, keyword) { return found }
        if let found = try arrays(entry, keyword) { return found }
        return try objects(entry, keyword)
    }

    private mutating func combination(
        _ entry: SchemaLibrary.Entry,
        _ keyword: String
    ) throws(ContractError) -> [Int]? {
        switch keyword {
        case "allOf": return try children(entry, keyword).flatMap { sets.nodes[$0] }
        case "anyOf": return [sets.atom(.anyOf(Set(try children(entry, keyword)).sorted()))]
        case "oneOf": return [sets.atom(.oneOf(try children(entry, keyword).sorted()))]
        case "not": return [sets.atom(.not(node: try child(entry, keyword)))]
        case "if", "then", "else":
            guard entry.dialect.draft >= .draft7, entry.json["if"] != nil else { return [] }
            let (then, otherwise) = (try child(entry, "then"), try child(entry, "else"))
            if then == otherwise { return sets.nodes[then] }
            return [sets.atom(.conditional(test: try child(entry, "if"), then: then, otherwise: otherwise))]
        default: return nil
        }
    }

    mutating func children(_ entry: SchemaLibrary.Entry, _ keyword: String) throws(ContractError) -> [Int] {
        var nodes: [Int] = []
        for index in (entry.json[keyword]?.elements ?? []).indices {
            nodes.append(try child(entry, keyword, String(index)))
        }
        return nodes
    }
}
