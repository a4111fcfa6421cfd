import JSON

extension DifferenceWalk {
    /// `anyOf`, `oneOf`, `allOf` and `not`.
    mutating func compareCombination(
        _ keyword: String,
        _ pair: Pair,
        _ before: JSON?,
        _ after: JSON?
    ) throws(ContractError) {
        let stem = ["anyOf": "ANY_OF", "oneOf": "ONE_OF", "allOf": "ALL_OF", "not": "NOT_TYPE"][keyword] ?? keyword
        let atoms = try condition(pair, keyword)
        guard let was = before?.elements, let becomes = after?.elements else {
            if keyword == "not", before != nil, after != nil {
                // What is refused has grown where what is accepted shrinks.
                return reportIfChanged("NOT_TYPE", pair, [keyword], atoms, grown: "EXTENDED", shrunk: "NARROWED")
            }
            return report(stem + Self.suffix(before, after), pair, steps: [keyword], condition: atoms)
        }
        let matched = Self.match(was, becomes)
        let first = findings.count
        for (old, new) in matched {
            try descend(pair, old: [keyword, String(old)], new: [keyword, String(new)])
        }
        let isChanged = findings[first...].contains { $0.difference.effect != .compatible }
        if keyword == "oneOf", reportOverlap(pair, atoms) { return }
        let product = keyword == "allOf" ? "PRODUCT_TYPE" : "SUM_TYPE"
        if was.count != becomes.count {
            let rule = product + (was.count < becomes.count ? "_EXTENDED" : "_NARROWED")
            report(rule, pair, steps: [keyword], condition: atoms)
        } else if matched.count < was.count, !isChanged {
            report("COMBINED_TYPE_SUBSCHEMAS_CHANGED", pair, steps: [keyword], condition: atoms)
        }
    }

    /// A change of a schema that is read the other way round.
    private mutating func reportIfChanged(
        _ stem: String,
        _ pair: Pair,
        _ steps: [String],
        _ atoms: [Int],
        grown: String,
        shrunk: String
    ) {
        guard let keyword = steps.first, old(pair).json[keyword] != new(pair).json[keyword] else { return }
        report(stem, pair, steps: steps, condition: atoms)
        guard let last = findings.indices.last else { return }
        findings[last].difference.rule =
            stem + "_" + (findings[last].difference.effect == .compatible ? shrunk : grown)
    }

    /// Whether values that one branch took are now taken by two.
    private mutating func reportOverlap(_ pair: Pair, _ atoms: [Int]) -> Bool {
        report("ONE_OF_OVERLAP", pair, steps: ["oneOf"], condition: atoms)
        guard let last = findings.last, let example = last.example, atoms.count == 1,
            case .oneOf(let nodes) = builder.sets.atoms[atoms[0]],
            nodes.count(where: { solver.evaluation.holds(node: $0, example) == true }) > 1
        else {
            dropLast()
            return false
        }
        return true
    }

    /// Pairs of branches that stand for each other: equal ones, then those with the same discriminator or reference,
    /// then the others in order.
    private static func match(_ old: [JSON], _ new: [JSON]) -> [(Int, Int)] {
        var pairs: [(Int, Int)] = []
        guard old.count * new.count <= 10_000 else { return pairs }
        var free = (old: Set(old.indices), new: Set(new.indices))
        let tests: [(JSON, JSON) -> Bool] = [
            { $0 == $1 }, { discriminator($0) != nil && discriminator($0) == discriminator($1) },
            { $0["type"] == $1["type"] && discriminator($0) == nil && discriminator($1) == nil },
            { discriminator($0) == nil && discriminator($1) == nil },
        ]
        for test in tests {
            for first in free.old.sorted() {
                guard let second = free.new.sorted().first(where: { test(old[first], new[$0]) }) else { continue }
                pairs.append((first, second))
                free.old.remove(first)
                free.new.remove(second)
            }
        }
        return pairs.sorted { $0.1 < $1.1 }
    }

    /// What tells a branch from its neighbours by convention: a constant member, or the reference that it is.
    private static func discriminator(_ branch: JSON) -> String? {
        if let reference = branch["$ref"]?.string { return reference }
        for (name, schema) in branch["properties"]?.members ?? [] {
            if let value = schema["const"] ?? schema["enum"].flatMap({ $0.elements?.count == 1 ? $0[0] : nil }) {
                return name + "=" + value.canonical
            }
        }
        return nil
    }
}
