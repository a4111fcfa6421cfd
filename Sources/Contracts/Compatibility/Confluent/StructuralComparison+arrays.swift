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
        try compareAdditional(old, new, pair, &findings)
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

    private func compareAdditional(
        _ old: ModelArray,
        _ new: ModelArray,
        _ pair: Pair,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) {
        let rule: ConfluentRule
        switch (old.additional, new.additional) {
        case _ where old.permitsAdditional != new.permitsAdditional:
            rule = old.permitsAdditional ? .additionalItemsRemoved : .additionalItemsAdded
        case (nil, .some): rule = .additionalItemsNarrowed
        case (.some, nil): rule = .additionalItemsExtended
        default: return try compare(old.additional, new.additional, "additionalItems", &findings)
        }
        let spots = (model.spot(pair.old, [old.additionalKeyword]), model.spot(pair.new, [new.additionalKeyword]))
        findings.add(rule, "additionalItems", old: spots.0, new: spots.1)
    }

    /// What elements beyond the listed ones may be.
    private func contentModel(_ array: ModelArray) throws(ComparisonObstacle) -> ContentModel {
        if let additional = array.additional { return .covered(additional) }
        guard array.permitsAdditional else { return .closed }
        return try contentModel(unevaluated: array.unevaluated)
    }

    private static let unevaluated = UnevaluatedRules(
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

// MARK: What is not listed

extension StructuralComparison {
    /// What members or elements that are not listed may be.
    enum ContentModel {
        /// Anything.
        case open
        /// What a schema accepts: partially open.
        case covered(Int)
        /// There may be none.
        case closed
    }

    /// The content model where `additional…` says nothing.
    func contentModel(unevaluated: Int?) throws(ComparisonObstacle) -> ContentModel {
        guard let unevaluated else { return .open }
        let schema = try model[unevaluated]
        if schema.isEmpty { return .open }
        return schema.isNever ? .closed : .covered(unevaluated)
    }

    /// The rules for `unevaluatedItems` and `unevaluatedProperties`; `added` and `removed` speak of what is permitted.
    struct UnevaluatedRules {
        let added: ConfluentRule
        let removed: ConfluentRule
        let extended: ConfluentRule
        let narrowed: ConfluentRule
    }

    func compareUnevaluated(
        _ old: Int?,
        _ new: Int?,
        _ path: String,
        _ rules: UnevaluatedRules,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) {
        let (oldSchema, newSchema) = (try old.map(schema), try new.map(schema))
        let (wasNever, isNever) = (oldSchema?.isNever == true, newSchema?.isNever == true)
        let rule: ConfluentRule
        switch (oldSchema, newSchema) {
        case (nil, nil): return
        case _ where wasNever && !isNever: rule = rules.added
        case _ where isNever && !wasNever: rule = rules.removed
        case (nil, .some): rule = rules.narrowed
        case (.some, nil): rule = rules.extended
        case (.some(let old), .some(let new)) where old.isEmpty != new.isEmpty:
            rule = old.isEmpty ? rules.narrowed : rules.extended
        default: return try compare(old, new, path, &findings)
        }
        findings.add(rule, path, old: old.map { model.spot($0) }, new: new.map { model.spot($0) })
    }

    private func schema(_ number: Int) throws(ComparisonObstacle) -> ModelSchema { try model[number] }
}
