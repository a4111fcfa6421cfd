import JSON

extension StructuralComparison {
    func compare(
        _ old: ModelArray,
        _ new: ModelArray,
        _ pair: Pair,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) {
        try compare(old.all, new.all, "items", &findings)
        try compareTuples(old, new, pair, &findings)
        let (before, after) = (old.rest(at: pair.old, in: model), new.rest(at: pair.new, in: model))
        try compareAdditional(before, after, "additionalItems", Self.additional, &findings)
        try compareUnevaluated(old.unevaluated, new.unevaluated, "unevaluatedItems", Self.unevaluated, &findings)
        compare(old.maxItems, new.maxItems, Self.maxItems, pair, &findings)
        compare(old.minItems, new.minItems, Self.minItems, pair, &findings)
        if old.isUnique != new.isUnique {
            add(old.isUnique ? .uniqueItemsRemoved : .uniqueItemsAdded, "uniqueItems", pair, &findings)
        }
        compare(old.maxContains, new.maxContains, Self.maxContains, pair, &findings)
        compareMinContains(old, new, pair, &findings)
    }

    /// `contains` asks for one element where it does not say how many, so that is the same as 1.
    private func compareMinContains(
        _ old: ModelArray,
        _ new: ModelArray,
        _ pair: Pair,
        _ findings: inout Findings
    ) {
        let one = JSONLiteral(1)
        let (isOldImplied, isNewImplied) = (
            old.hasContains && old.minContains == nil, new.hasContains && new.minContains == nil
        )
        if isOldImplied, new.minContains == one { return }
        if isNewImplied, old.minContains == one { return }
        let comesOrGoes = old.hasContains != new.hasContains
        compare(
            comesOrGoes && isOldImplied ? one : old.minContains,
            comesOrGoes && isNewImplied ? one : new.minContains,
            Self.minContains,
            pair,
            &findings
        )
    }

    /// The elements that have a schema by their place: those of both sides, then those that are gone, then those that came.
    private func compareTuples(
        _ old: ModelArray,
        _ new: ModelArray,
        _ pair: Pair,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) {
        let common = min(old.tuple.count, new.tuple.count)
        for index in 0..<common { try compare(old.tuple[index], new.tuple[index], "items/\(index)", &findings) }
        for index in common..<old.tuple.count {
            let spot = model.spot(pair.old, [old.tupleKeyword, String(index)])
            let rule = try ruleForRemoved(old.tuple[index], from: new, "items/\(index)", &findings)
            findings.add(rule, "items/\(index)", old: spot, new: nil)
        }
        for index in common..<new.tuple.count {
            let spot = model.spot(pair.new, [new.tupleKeyword, String(index)])
            let rule = try ruleForAdded(new.tuple[index], to: old, "items/\(index)", &findings)
            findings.add(rule, "items/\(index)", old: nil, new: spot)
        }
    }

    private func ruleForRemoved(
        _ item: Int,
        from new: ModelArray,
        _ path: String,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) -> ConfluentRule {
        switch try contentModel(new) {
        case .open: return .itemRemovedFromOpenContentModel
        case .covered(let schema):
            let result = try compare(item, schema)
            findings.add(result, path)
            return result.isAllowed
                ? .itemRemovedIsCoveredByPartiallyOpenContentModel : .itemRemovedNotCoveredByPartiallyOpenContentModel
        case .closed:
            return try model[item].isNever
                ? .itemWithFalseRemovedFromClosedContentModel : .itemRemovedFromClosedContentModel
        }
    }

    private func ruleForAdded(
        _ item: Int,
        to old: ModelArray,
        _ path: String,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) -> ConfluentRule {
        switch try contentModel(old) {
        case .open:
            return try model[item].isEmpty
                ? .itemWithEmptySchemaAddedToOpenContentModel : .itemAddedToOpenContentModel
        case .covered(let schema):
            let result = try compare(schema, item)
            findings.add(result, path)
            return result.isAllowed
                ? .itemAddedIsCoveredByPartiallyOpenContentModel : .itemAddedNotCoveredByPartiallyOpenContentModel
        case .closed: return .itemAddedToClosedContentModel
        }
    }

    /// What elements beyond the listed ones may be.
    private func contentModel(_ array: ModelArray) throws(ComparisonObstacle) -> ContentModel {
        if let additional = array.additional { return .covered(additional) }
        guard array.permitsAdditional else { return .closed }
        return try contentModel(unevaluated: array.unevaluated)
    }

    private static let additional = RestRules(
        added: .additionalItemsAdded,
        removed: .additionalItemsRemoved,
        extended: .additionalItemsExtended,
        narrowed: .additionalItemsNarrowed
    )
    private static let unevaluated = RestRules(
        added: .unevaluatedItemsAdded,
        removed: .unevaluatedItemsRemoved,
        extended: .unevaluatedItemsExtended,
        narrowed: .unevaluatedItemsNarrowed
    )
    private static let maxItems = BoundRules(
        "maxItems",
        .maxItemsAdded,
        .maxItemsRemoved,
        .maxItemsIncreased,
        .maxItemsDecreased
    )
    private static let minItems = BoundRules(
        "minItems",
        .minItemsAdded,
        .minItemsRemoved,
        .minItemsIncreased,
        .minItemsDecreased
    )
    private static let maxContains = BoundRules(
        "maxContains",
        .maxContainsAdded,
        .maxContainsRemoved,
        .maxContainsIncreased,
        .maxContainsDecreased
    )
    private static let minContains = BoundRules(
        "minContains",
        .minContainsAdded,
        .minContainsRemoved,
        .minContainsIncreased,
        .minContainsDecreased
    )
}

extension ModelArray {
    fileprivate func rest(at number: Int, in model: SchemaModel) -> StructuralComparison.Rest {
        .init(schema: additional, isPermitted: permitsAdditional, spot: model.spot(number, [additionalKeyword]))
    }
}
