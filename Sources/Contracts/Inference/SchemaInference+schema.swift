package import JSON

extension SchemaInference {
    /// The contract that every record obeys that was added: the same text for the same records in any order.
    ///
    /// Members are sorted by name. A member that every object has is required. An object whose members have too many
    /// names, or many that each few objects have and whose values are of one kind, is a map: `additionalProperties` says
    /// what its values are.
    package func schema(_ options: InferredSchemaOptions = InferredSchemaOptions()) -> JSON {
        var head: [(String, JSON)] = []
        let fragment = options.draft < .draft201909 ? "#" : ""
        head.append(("$schema", .string(options.draft.metaschemaURI + fragment)))
        if let id = options.id { head.append(("$id", .string(id))) }
        if let title = options.title { head.append(("title", .string(title))) }
        head.append(("$comment", .string("Inferred from \(records) record\(records == 1 ? "" : "s").")))
        return .object(head + content(InferredSchema(options: options, bounds: bounds)))
    }

    private func content(_ rendering: InferredSchema) -> [(String, JSON)] {
        guard let discriminator, let variants, !variants.isEmpty else { return rendering.keywords(of: others) }
        let schemas = variants.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { text, summary in
            let constant = (name: Array(discriminator.utf8), text: String(decoding: text, as: UTF8.self))
            return rendering.keywords(of: summary, constant: constant)
        }
        if schemas.count == 1, others.count == 0 { return schemas[0] }
        let branches = schemas.map(JSON.object)
        // Constants keep variants apart; what the others look like may overlap with them.
        guard others.count > 0 else { return [("oneOf", .array(branches))] }
        return [("anyOf", .array(branches + [.object(rendering.keywords(of: others))]))]
    }
}

/// Writes summaries as schemas.
struct InferredSchema {
    let options: InferredSchemaOptions
    let bounds: InferenceBounds

    /// A member whose text is the same in all objects of a variant.
    typealias Constant = (name: [UInt8], text: String)

    /// The keywords that all values of a summary obey; none where nothing is known.
    func keywords(of summary: ValueSummary, constant: Constant? = nil) -> [(String, JSON)] {
        guard summary.count > 0, !summary.isOpaque else { return [] }
        let types = types(of: summary)
        var keywords: [(String, JSON)] = [("type", types.count == 1 ? types[0] : .array(types))]
        keywords += textKeywords(summary)
        if options.hasBounds { keywords += Self.boundKeywords(summary.numbers) }
        if let items = summary.arrays.items { keywords.append(("items", schema(of: items))) }
        if summary.objects.count > 0 { keywords += objectKeywords(summary.objects, constant) }
        return keywords
    }

    private func schema(of summary: ValueSummary) -> JSON { .object(keywords(of: summary)) }

    private func types(of summary: ValueSummary) -> [JSON] {
        var types: [JSON] = []
        if summary.objects.count > 0 { types.append("object") }
        if summary.arrays.count > 0 { types.append("array") }
        if summary.texts.count > 0 { types.append("string") }
        if summary.numbers.count > 0 { types.append(summary.numbers.areIntegers ? "integer" : "number") }
        if summary.booleans > 0 { types.append("boolean") }
        if summary.nulls > 0 { types.append("null") }
        return types
    }

    // MARK: Strings and numbers

    /// Values seen at least so often on average are taken for all that there are.
    private static let repetitions = 10

    private func textKeywords(_ summary: ValueSummary) -> [(String, JSON)] {
        let texts = summary.texts
        guard texts.count > 0 else { return [] }
        if options.namesFormats, let format = texts.formats.first { return [("format", .string(format.name))] }
        // `enum` speaks of all values, not of strings alone.
        guard options.namesEnums, texts.count + summary.nulls == summary.count, let known = texts.texts,
            known.count >= 2, texts.count >= Self.repetitions * known.count
        else { return [] }
        var values = known.sorted { $0.lexicographicallyPrecedes($1) }
            .map { JSON.string(String(decoding: $0, as: UTF8.self)) }
        if summary.nulls > 0 { values.append(.null) }
        return [("enum", .array(values))]
    }

    private static func boundKeywords(_ numbers: NumberSummary) -> [(String, JSON)] {
        guard !numbers.isUnbounded, let least = numbers.least, let greatest = numbers.greatest else { return [] }
        return [("minimum", .number(least)), ("maximum", .number(greatest))]
    }

    // MARK: Objects

    private func objectKeywords(_ objects: ObjectSummary, _ constant: Constant?) -> [(String, JSON)] {
        if constant == nil, objects.isMap || looksLikeMap(objects) {
            return objects.merged(bounds).map { [("additionalProperties", schema(of: $0))] } ?? []
        }
        // A variant that is a map still says which one it is.
        let members = objects.members.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var properties = members.map { name, member in
            (String(decoding: name, as: UTF8.self), schema(of: member.value))
        }
        var required = members.filter { $0.value.presence == objects.count }
            .map { JSON.string(String(decoding: $0.key, as: UTF8.self)) }
        if let constant {
            let name = String(decoding: constant.name, as: UTF8.self)
            let schema = JSON.object([("const", .string(constant.text))])
            if let index = members.firstIndex(where: { $0.key == constant.name }) {
                properties[index] = (name, schema)
            } else {
                properties.append((name, schema))
                required.append(.string(name))
            }
        }
        var keywords: [(String, JSON)] = []
        if !properties.isEmpty { keywords.append(("properties", .object(properties))) }
        if !required.isEmpty { keywords.append(("required", .array(required))) }
        if objects.isMap {
            keywords += objects.values.map { [("additionalProperties", schema(of: $0))] } ?? []
        } else if options.isClosed {
            keywords.append(("additionalProperties", false))
        }
        return keywords
    }

    /// So many names, each in so few of the objects, and with values of one kind, are data.
    private func looksLikeMap(_ objects: ObjectSummary) -> Bool {
        guard objects.members.count >= 16, let values = objects.merged(bounds), values.kindCount <= 1 else {
            return false
        }
        return objects.members.values.allSatisfy { $0.presence * 2 <= objects.count }
    }
}

extension ValueSummary {
    /// How many kinds of values there are, `null` aside.
    fileprivate var kindCount: Int {
        let counts = [objects.count, arrays.count, texts.count, numbers.count, booleans]
        return counts.count { $0 > 0 } + (isOpaque ? 1 : 0)
    }
}
