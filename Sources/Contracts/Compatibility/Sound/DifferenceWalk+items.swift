import JSON

extension DifferenceWalk {
    /// How a schema describes elements: some first ones each by their own schema, then the rest by one.
    private struct Shape {
        let list: String
        let count: Int
        let rest: String
        let restSchema: JSON?

        init(_ entry: SchemaLibrary.Entry) {
            let isNew = entry.dialect.draft == .draft202012
            list = isNew ? "prefixItems" : "items"
            let elements = entry.json[list]?.elements
            count = elements?.count ?? 0
            rest = !isNew && elements != nil ? "additionalItems" : "items"
            restSchema = entry.json[rest]
        }
    }

    mutating func compareItems(_ keyword: String, _ pair: Pair) throws(ContractError) {
        if keyword == "unevaluatedItems" {
            let (before, after) = (old(pair).json[keyword], new(pair).json[keyword])
            return try compareRest("UNEVALUATED_ITEMS", keyword, pair, before, after)
        }
        let (before, after) = (Shape(old(pair)), Shape(new(pair)))
        for index in 0..<min(before.count, after.count) {
            try descend(pair, old: [before.list, String(index)], new: [after.list, String(index)])
        }
        for index in min(before.count, after.count)..<max(before.count, after.count) {
            if after.count > before.count {
                try reportAdded(index, pair, before, after)
            } else {
                try reportRemoved(index, pair, before, after)
            }
        }
        try compareRests(pair, before, after)
    }

    private mutating func reportAdded(
        _ index: Int,
        _ pair: Pair,
        _ before: Shape,
        _ after: Shape
    ) throws(ContractError) {
        let atoms = try condition(pair, after.list).filter { atom in
            if case .item(index, _) = builder.sets.atoms[atom] { true } else { false }
        }
        let steps = [after.list, String(index)]
        report(rule("ADDED", "TO", before.restSchema), pair, steps: steps, condition: atoms)
        nameCoverage(before.restSchema, "ITEM_ADDED")
    }

    private mutating func reportRemoved(
        _ index: Int,
        _ pair: Pair,
        _ before: Shape,
        _ after: Shape
    ) throws(ContractError) {
        let steps = [before.list, String(index)]
        let atoms = try condition(pair, after.rest, "unevaluatedItems")
        report(
            rule("REMOVED", "FROM", after.restSchema),
            pair,
            steps: steps,
            condition: atoms,
            places: [after.rest, "unevaluatedItems"]
        )
        nameCoverage(after.restSchema, "ITEM_REMOVED")
    }

    private func rule(_ verb: String, _ preposition: String, _ rest: JSON?) -> String {
        "ITEM_\(verb)_\(preposition)_\(rest?.boolValue == false ? "CLOSED" : "OPEN")_CONTENT_MODEL"
    }

    /// Confluent names what happens beside a schema for the rest after whether that schema covers it.
    private mutating func nameCoverage(_ rest: JSON?, _ stem: String) {
        if rest?.members?.isEmpty == false { renameLast(stem, "_BY_PARTIALLY_OPEN_CONTENT_MODEL") }
    }

    private mutating func compareRests(_ pair: Pair, _ before: Shape, _ after: Shape) throws(ContractError) {
        let (was, becomes) = (before.restSchema ?? true, after.restSchema ?? true)
        if was.members != nil, becomes.members != nil {
            return try descend(pair, old: [before.rest], new: [after.rest])
        }
        if was == becomes { return }
        let isTuple = before.count + after.count > 0
        let suffix: String
        switch (was.boolValue, becomes.boolValue) {
        case (false, _): suffix = isTuple ? "_ADDED" : "_REMOVED"
        case (_, false): suffix = isTuple ? "_REMOVED" : "_ADDED"
        case (_, true): suffix = isTuple ? "_EXTENDED" : "_REMOVED"
        default: suffix = isTuple ? "_NARROWED" : "_ADDED"
        }
        let keyword = after.restSchema == nil ? before.rest : after.rest
        let rule = (isTuple ? "ADDITIONAL_ITEMS" : "ITEMS") + suffix
        report(rule, pair, steps: [keyword], condition: try condition(pair, after.rest))
    }
}
