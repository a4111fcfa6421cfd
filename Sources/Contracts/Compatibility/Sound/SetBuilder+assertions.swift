import JSON

extension SetBuilder {
    /// The conditions of the keywords that hold no schema; nil for other keywords.
    mutating func assertion(_ entry: SchemaLibrary.Entry, _ keyword: String) -> [Int]? {
        guard let value = entry.json[keyword] else { return [] }
        switch keyword {
        case "type": return kinds(value, entry.dialect.draft)
        case "enum": return [sets.atom(.values(Set((value.elements ?? []).map { sets.value($0) }).sorted()))]
        case "const": return entry.dialect.draft >= .draft6 ? [sets.atom(.values([sets.value(value)]))] : []
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum": return bounds(entry, keyword)
        case "multipleOf":
            guard let unit = decimal(value) else { return tooLong(keyword) }
            return [sets.atom(.multipleOf(unit))]
        case "pattern": return [sets.atom(.pattern(JSONName(value.string ?? "")))]
        case "uniqueItems": return value.boolValue == true ? [sets.atom(.uniqueItems)] : []
        case "required": return (value.elements ?? []).compactMap(\.string).map { sets.atom(.required(JSONName($0))) }
        case "dependentRequired": return entry.dialect.draft >= .draft201909 ? dependencies(value) : []
        default: return size(entry, keyword)
        }
    }

    private mutating func kinds(_ type: JSON, _ draft: SchemaDraft) -> [Int] {
        let names = type.elements ?? [type]
        let kinds = names.reduce(into: Kinds()) { $0.formUnion(Kinds(typeName: $1.string, draft: draft) ?? []) }
        return kinds == .all ? [] : [sets.atom(.kinds(kinds))]
    }

    /// Draft-04 says with a Boolean whether the limit itself is excluded.
    private mutating func bounds(_ entry: SchemaLibrary.Entry, _ keyword: String) -> [Int] {
        let isMinimum = keyword.hasSuffix("inimum")
        let isDraft4 = entry.dialect.draft == .draft4
        let (limit, exclusive) = isMinimum ? ("minimum", "exclusiveMinimum") : ("maximum", "exclusiveMaximum")
        let isExclusive = isDraft4 ? entry.json[exclusive]?.boolValue == true : keyword == exclusive
        guard let value = entry.json[isDraft4 ? limit : keyword] else { return [] }
        guard let bound = decimal(value) else { return tooLong(keyword) }
        return [
            sets.atom(
                isMinimum
                    ? .minimum(bound, isExclusive: isExclusive) : .maximum(bound, isExclusive: isExclusive)
            )
        ]
    }

    private mutating func size(_ entry: SchemaLibrary.Entry, _ keyword: String) -> [Int]? {
        let count = size(entry.json[keyword]) ?? 0
        switch keyword {
        case "minLength": return count == 0 ? [] : [sets.atom(.minLength(count))]
        case "maxLength": return [sets.atom(.maxLength(count))]
        case "minItems": return count == 0 ? [] : [sets.atom(.minItems(count))]
        case "maxItems": return [sets.atom(.maxItems(count))]
        case "minProperties": return count == 0 ? [] : [sets.atom(.minProperties(count))]
        case "maxProperties": return [sets.atom(.maxProperties(count))]
        default: return nil
        }
    }

    /// A size; one beyond the largest document is as good as that, as for ``SchemaCompilation``.
    func size(_ value: JSON?) -> Int? {
        guard let number = value?.number else { return nil }
        return number.withNumber { $0.int64.map { Int(min($0, Int64(Int32.max))) } ?? Int(Int32.max) }
    }

    private func decimal(_ value: JSON) -> ExactDecimal? { value.number.flatMap { ExactDecimal($0) } }

    private mutating func tooLong(_ keyword: String) -> [Int] {
        [sets.opaqueAtom("the number under '\(keyword)' has too many digits to be compared")]
    }

    /// Names that a name asks for: `a` in `{"a": ["b"]}` asks for `b`.
    mutating func dependencies(_ value: JSON) -> [Int] {
        (value.members ?? []).map { name, names in
            let required = (names.elements ?? [names]).compactMap(\.string).map { sets.atom(.required(JSONName($0))) }
            return sets.atom(.dependent(JSONName(name), node: sets.node(required)))
        }
    }

    // MARK: What validators may assert

    /// This policy asserts `format` in every draft, as ``Contract`` does when asked: a reader that does would refuse.
    mutating func format(_ entry: SchemaLibrary.Entry) -> [Int] {
        guard let name = entry.json["format"]?.string, FormatKnowledge.formats[name] != nil else {
            return []
        }
        return [sets.atom(.format(JSONName(name)))]
    }

    /// Draft-07 lets validators assert these, drafts after it forbid that, drafts before it do not know them.
    mutating func content(_ entry: SchemaLibrary.Entry, _ keyword: String) -> [Int] {
        guard entry.dialect.draft == .draft7, let name = entry.json[keyword]?.string else { return [] }
        return [sets.atom(.content(JSONName(name.lowercased())))]
    }
}
