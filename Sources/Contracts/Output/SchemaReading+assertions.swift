import JSON

extension SchemaReading {
    mutating func assertions() throws(SchemaEvaluator.Stop) {
        if let type = entry.json["type"] {
            let kinds = KindSet((type.elements ?? [type]).compactMap { KindSet.named($0.string) })
            add("type", kinds.allows(value), "is \(value.kind.phrase), the contract asks for \(kinds.phrase)")
        }
        if let values = entry.json["enum"]?.elements {
            add("enum", try equalsOne(of: values), "is none of the values that the contract allows")
        }
        if draft >= .draft6, let constant = entry.json["const"] {
            add("const", try equalsOne(of: [constant]), "is not the value that the contract fixes")
        }
        switch value.kind {
        case .number: numbers()
        case .string: try strings()
        case .array: try arrays()
        case .object: try objects()
        case .null, .boolean: break
        }
    }

    private func equalsOne(of values: [JSON]) throws(SchemaEvaluator.Stop) -> Bool {
        try evaluator.spend(values.count)
        for json in values where json.kind == value.kind {
            let bytes = json.bytes
            try evaluator.spend(bytes.count)
            if equals(bytes) { return true }
        }
        return false
    }

    private func equals(_ json: [UInt8]) -> Bool {
        do {
            return try JSONDocument(json, limits: JSONLimits(maxDepth: JSON.maxDepth + 1))
                .withRoot { value.isEqual(to: $0) }
        } catch {
            // A value that was parsed once is parsed again; if it were not, it would equal nothing.
            return false
        }
    }

    // MARK: Numbers

    private mutating func numbers() {
        guard let number = value.number else { return }
        let isOld = draft == .draft4
        let isAbove = isOld && entry.json["exclusiveMinimum"]?.boolValue == true
        let isBelow = isOld && entry.json["exclusiveMaximum"]?.boolValue == true
        compare("minimum", isAbove ? "is not greater than" : "is less than") { isAbove ? number > $0 : number >= $0 }
        compare("maximum", isBelow ? "is not less than" : "is greater than") { isBelow ? number < $0 : number <= $0 }
        if !isOld {
            compare("exclusiveMinimum", "is not greater than") { number > $0 }
            compare("exclusiveMaximum", "is not less than") { number < $0 }
        }
        compare("multipleOf", "is not a multiple of") { number.isMultiple(of: $0) }
    }

    private mutating func compare(_ keyword: String, _ relation: String, _ holds: (JSONNumber) -> Bool) {
        guard let bound = entry.json[keyword]?.number else { return }
        add(keyword, bound.withNumber(holds), "\(relation) \(bound.text.prefix(80))")
    }

    // MARK: Sizes

    /// A size of the contract; nil when it has none of that name.
    func size(_ keyword: String) -> Int? {
        entry.json[keyword]?.number?.withNumber { $0.int64.map { Int($0) } ?? Int.max }
    }

    private mutating func bound(_ least: String, _ most: String, _ count: Int, _ things: String) {
        if let bound = size(least) { add(least, count >= bound, "has \(count) \(things), fewer than \(bound)") }
        if let bound = size(most) { add(most, count <= bound, "has \(count) \(things), more than \(bound)") }
    }

    private mutating func strings() throws(SchemaEvaluator.Stop) {
        bound("minLength", "maxLength", value.scalarCount, "characters")
        if let pattern = entry.json["pattern"]?.string {
            add("pattern", try evaluator.matches(pattern, text), "does not match the pattern \(pattern)")
        }
    }

    private mutating func arrays() throws(SchemaEvaluator.Stop) {
        bound("minItems", "maxItems", value.count, "elements")
        if entry.json["uniqueItems"]?.boolValue == true {
            add("uniqueItems", try hasUniqueItems(), "has an element twice, all must differ")
        }
    }

    private func hasUniqueItems() throws(SchemaEvaluator.Stop) -> Bool {
        var buckets: [Int: [JSONValue]] = [:]
        for element in value.elements {
            let hash = element.structuralHash
            let earlier = buckets[hash] ?? []
            try evaluator.spend(earlier.count * element.totalCount)
            if earlier.contains(where: { $0.isEqual(to: element) }) { return false }
            buckets[hash, default: []].append(element)
        }
        return true
    }

    private mutating func objects() throws(SchemaEvaluator.Stop) {
        bound("minProperties", "maxProperties", value.count, "members")
        if let names = entry.json["required"]?.elements?.compactMap(\.string) {
            try evaluator.spend(names.count * value.count)
            let missing = names.filter { value[$0] == nil }.map { "'\($0)'" }
            add("required", missing.isEmpty, "lacks \(missing.joined(separator: ", "))")
        }
        if draft >= .draft201909, let lists = entry.json["dependentRequired"]?.members {
            try evaluator.spend(lists.count * value.count)
            try dependencies("dependentRequired", lists)
        }
    }

    private mutating func dependencies(
        _ keyword: String,
        _ lists: [(String, JSON)]
    ) throws(SchemaEvaluator.Stop) {
        var missing: [String] = []
        for (name, needed) in lists where value[name] != nil {
            let names = Self.names(needed)
            try evaluator.spend(names.count * value.count)
            missing += names.filter { value[$0] == nil }.map { "'\($0)'" }
        }
        add(keyword, missing.isEmpty, "lacks \(missing.joined(separator: ", ")), which other members ask for")
    }

    /// The names that a member of `dependentRequired` or `dependencies` asks for, none when it is a schema.
    static func names(_ needed: JSON) -> [String] {
        (needed.elements ?? [needed]).compactMap(\.string)
    }
}
