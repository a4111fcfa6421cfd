import JSON

/// The evaluation of one schema object or Boolean at one value.
struct SchemaReading {
    let evaluator: SchemaEvaluator
    let entry: SchemaLibrary.Entry
    let value: JSONValue
    let place: SchemaEvaluator.Place
    var result = SchemaEvaluator.Applied()

    var dialect: Dialect { entry.dialect }
    var draft: SchemaDraft { entry.dialect.draft }

    init(
        evaluator: SchemaEvaluator,
        entry: SchemaLibrary.Entry,
        value: JSONValue,
        place: SchemaEvaluator.Place
    ) {
        self.evaluator = evaluator
        self.entry = entry
        self.value = value
        self.place = place
        result.marks = [Bool](repeating: false, count: value.count)
    }

    mutating func read() throws(SchemaEvaluator.Stop) {
        if let isAllowed = entry.json.boolValue {
            guard !isAllowed else { return }
            result.isValid = false
            var unit = evaluator.unit(of: entry, nil, place, isValid: false)
            unit.error = "is not allowed by the contract"
            result.units.append(unit)
            return
        }
        for keyword in ["$ref", "$recursiveRef", "$dynamicRef"] where has(keyword) { try reference(keyword) }
        if entry.json["$ref"]?.string != nil, dialect.referenceStandsAlone { return }
        if dialect.allows(.validation) { try assertions() }
        format()
        annotations()
        if dialect.allows(.applicator) {
            try inPlaceApplicators()
            if value.kind == .array { try arrayApplicators() }
            if value.kind == .object { try objectApplicators() }
        }
        if draft >= .draft201909, dialect.allows(.unevaluated) { try unevaluated() }
    }

    private func has(_ keyword: String) -> Bool {
        switch keyword {
        case "$recursiveRef": draft == .draft201909 && entry.json[keyword] != nil
        case "$dynamicRef": draft == .draft202012 && entry.json[keyword] != nil
        default: entry.json[keyword] != nil
        }
    }

    private mutating func reference(_ keyword: String) throws(SchemaEvaluator.Stop) {
        guard let text = entry.json[keyword]?.string else { return }
        let target = try evaluator.target(text, keyword, from: entry)
        let inside = SchemaEvaluator.Place(keyword: appending(keyword, to: place.keyword), instance: place.instance)
        let applied = try evaluator.apply(target, value, inside)
        add(keyword, applied.isValid, details: applied.units)
        adopt(applied)
    }

    // MARK: What there is to say

    /// Adds the unit of a keyword; a failed one fails the schema.
    mutating func add(_ keyword: String, _ isValid: Bool, _ error: String? = nil, details: [OutputUnit] = []) {
        var unit = evaluator.unit(of: entry, keyword, place, isValid: isValid)
        unit.error = isValid ? nil : error
        unit.details = details
        result.units.append(unit)
        if !isValid { result.isValid = false }
    }

    /// Takes over what a schema that was applied to the same value evaluated, if it holds.
    mutating func adopt(_ applied: SchemaEvaluator.Applied) {
        guard applied.isValid else { return }
        for (number, isMarked) in applied.marks.enumerated() where isMarked { result.marks[number] = true }
    }

    /// Applies the schema at a place below this one.
    func apply(
        _ steps: String...,
        to value: JSONValue,
        at step: String? = nil
    ) throws(SchemaEvaluator.Stop) -> SchemaEvaluator.Applied {
        var inside = place
        var pointer = entry.pointer
        for step in steps {
            JSONPointer.append(step, to: &pointer)
            JSONPointer.append(step, to: &inside.keyword)
        }
        if let step { JSONPointer.append(step, to: &inside.instance) }
        guard let found = number(pointer) else {
            throw .contract(
                ContractError(.invalidSchema, "a schema must be an object or a Boolean", pointer: pointer)
            )
        }
        return try evaluator.apply(found, value, inside)
    }

    /// The unit of a schema at a place below this one.
    func unit(
        _ applied: SchemaEvaluator.Applied,
        _ steps: String...,
        at step: String? = nil
    ) -> OutputUnit {
        var inside = place
        var pointer = entry.pointer
        for step in steps {
            JSONPointer.append(step, to: &pointer)
            JSONPointer.append(step, to: &inside.keyword)
        }
        if let step { JSONPointer.append(step, to: &inside.instance) }
        let schema = number(pointer).map { evaluator.library.entries[$0] } ?? entry
        var unit = evaluator.unit(of: schema, nil, inside, isValid: applied.isValid)
        unit.details = applied.units
        return unit
    }

    /// Whether there is a schema of that name below a keyword.
    func hasSchema(at keyword: String, _ name: String) -> Bool {
        number(appending(name, to: appending(keyword, to: entry.pointer))) != nil
    }

    private func number(_ pointer: String) -> Int? {
        evaluator.library.places[SchemaLibrary.Place(document: entry.document, pointer: pointer)]
    }

    // MARK: Keywords that only say something

    private static let metadata = [
        "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples",
        "contentEncoding", "contentMediaType", "contentSchema",
    ]

    private mutating func annotations() {
        for keyword in Self.metadata {
            guard let content = entry.json[keyword] else { continue }
            if keyword.hasPrefix("content"), value.kind != .string { continue }
            annotate(keyword, content)
        }
    }

    private mutating func annotate(_ keyword: String, _ content: JSON) {
        var unit = evaluator.unit(of: entry, keyword, place, isValid: true)
        unit.annotation = content
        result.units.append(unit)
    }

    private mutating func format() {
        guard let name = entry.json["format"]?.string, value.kind == .string else { return }
        guard evaluator.formats == .assertion || dialect.allows(.formatAssertion), let format = Format(name: name)
        else {
            return annotate("format", .string(name))
        }
        add("format", format.accepts(text.span), "does not have the format \(format.name), such as \(format.example)")
    }

    /// The UTF-8 of a string.
    var text: [UInt8] {
        var bytes: [UInt8] = []
        value.appendString(to: &bytes)
        return bytes
    }
}
