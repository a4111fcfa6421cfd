import JSON

extension StructuralComparison {
    func compare(
        _ old: ModelObject,
        _ new: ModelObject,
        _ pair: Pair,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) {
        try step(old.properties.names.count + new.properties.names.count)
        try compareRequired(old, new, pair, &findings)
        for name in ListingOrder.union(old.properties.names, new.properties.names) {
            try compareProperty(name, old, new, pair, &findings)
        }
        compareNameDependencies(old, new, pair, &findings)
        try compareSchemaDependencies(old, new, pair, &findings)
        let (before, after) = (old.rest(at: pair.old, in: model), new.rest(at: pair.new, in: model))
        try compareAdditional(before, after, "additionalProperties", Self.additional, &findings)
        try compareUnevaluated(old.unevaluated, new.unevaluated, "unevaluatedProperties", Self.unevaluated, &findings)
        compare(old.maxProperties, new.maxProperties, Self.maxProperties, pair, &findings)
        compare(old.minProperties, new.minProperties, Self.minProperties, pair, &findings)
    }

    // MARK: Properties

    /// Names that both list and one requires. Names that are required without being listed are not compared.
    private func compareRequired(
        _ old: ModelObject,
        _ new: ModelObject,
        _ pair: Pair,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) {
        for name in ListingOrder.order(old.properties.names) {
            guard let schema = new.properties[name] else { continue }
            let path = "required/\(name)"
            switch (old.required[name], new.required[name]) {
            case (.some(let index), nil):
                let spot = model.spot(pair.old, ["required", String(index)])
                findings.add(.requiredAttributeRemoved, path, old: spot, new: nil)
            case (nil, .some(let index)):
                let spot = model.spot(pair.new, ["required", String(index)])
                let hasDefault = try model[schema].defaultValue != nil
                let rule: ConfluentRule =
                    hasDefault ? .requiredAttributeWithDefaultAdded : .requiredAttributeAdded
                findings.add(rule, path, old: nil, new: spot)
            default: break
            }
        }
    }

    private func compareProperty(
        _ name: String,
        _ old: ModelObject,
        _ new: ModelObject,
        _ pair: Pair,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) {
        let path = "properties/\(name)"
        switch (old.properties[name], new.properties[name]) {
        case (.some(let old), .some(let new)): try compare(old, new, path, &findings)
        case (.some(let schema), nil):
            let rule = try ruleForRemoved(schema, name, from: new, path, &findings)
            findings.add(rule, path, old: model.spot(pair.old, ["properties", name]), new: nil)
        case (nil, .some(let schema)):
            for rule in try rulesForAdded(schema, name, from: old, to: new, path, &findings) {
                findings.add(rule, path, old: nil, new: model.spot(pair.new, ["properties", name]))
            }
        case (nil, nil): break
        }
    }

    /// The content model of the new schema decides on what is gone: it says what the member may be now.
    private func ruleForRemoved(
        _ schema: Int,
        _ name: String,
        from new: ModelObject,
        _ path: String,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) -> ConfluentRule {
        switch try contentModel(new, for: name) {
        case .open: return .propertyRemovedFromOpenContentModel
        case .covered(let cover):
            let result = try compare(schema, cover)
            findings.add(result, path)
            return result.isAllowed
                ? .propertyRemovedIsCoveredByPartiallyOpenContentModel
                : .propertyRemovedNotCoveredByPartiallyOpenContentModel
        case .closed:
            return try model[schema].isNever
                ? .propertyWithFalseRemovedFromClosedContentModel : .propertyRemovedFromClosedContentModel
        }
    }

    /// The content model of the old schema decides on what came: it says what the member may have been.
    private func rulesForAdded(
        _ schema: Int,
        _ name: String,
        from old: ModelObject,
        to new: ModelObject,
        _ path: String,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) -> [ConfluentRule] {
        let added = try model[schema]
        let (isRequired, hasDefault) = (new.required[name] != nil, added.defaultValue != nil)
        var rules: [ConfluentRule] = []
        switch try contentModel(old, for: name) {
        case .open:
            if added.isEmpty { return [.propertyWithEmptySchemaAddedToOpenContentModel] }
            guard isRequired else { return [.optionalPropertyAddedToOpenContentModel] }
            return [
                hasDefault
                    ? .requiredPropertyWithDefaultAddedToOpenContentModel : .requiredPropertyAddedToOpenContentModel
            ]
        case .covered(let cover):
            let result = try compare(cover, schema)
            findings.add(result, path)
            rules.append(
                result.isAllowed
                    ? .propertyAddedIsCoveredByPartiallyOpenContentModel
                    : .propertyAddedNotCoveredByPartiallyOpenContentModel
            )
        case .closed: break
        }
        guard isRequired else { return rules + [.optionalPropertyAddedToUnopenContentModel] }
        return rules + [
            hasDefault
                ? .requiredPropertyWithDefaultAddedToUnopenContentModel : .requiredPropertyAddedToUnopenContentModel
        ]
    }

    /// What a member of a name that is not listed may be. Patterns make an object not open, even for names that none of
    /// them matches, which are then taken to be forbidden if nothing else speaks of them.
    private func contentModel(_ object: ModelObject, for name: String) throws(ComparisonObstacle) -> ContentModel {
        try step(object.patterns.count)
        for (source, schema) in object.patterns where try model.matches(source, name) { return .covered(schema) }
        if let additional = object.additional { return .covered(additional) }
        guard object.permitsAdditional else { return .closed }
        let model = try contentModel(unevaluated: object.unevaluated)
        if case .open = model, !object.patterns.isEmpty { return .closed }
        return model
    }

    // MARK: Dependencies

    private func compareNameDependencies(
        _ old: ModelObject,
        _ new: ModelObject,
        _ pair: Pair,
        _ findings: inout Findings
    ) {
        for name in ListingOrder.union(old.nameDependencies.names, new.nameDependencies.names) {
            guard let rule = Self.rule(old.nameDependencies[name], new.nameDependencies[name]) else { continue }
            let oldSpot = model.spot(pair.old, [old.nameDependencyKeyword, name])
            let newSpot = model.spot(pair.new, [new.nameDependencyKeyword, name])
            findings.add(rule, "dependencies/\(name)", old: oldSpot, new: newSpot)
        }
    }

    private static func rule(_ old: NamedList<Int>?, _ new: NamedList<Int>?) -> ConfluentRule? {
        guard let new else { return old == nil ? nil : .dependencyArrayRemoved }
        guard let old else { return .dependencyArrayAdded }
        switch (new.includes(namesOf: old), old.includes(namesOf: new)) {
        case (true, true): return nil
        case (true, false): return .dependencyArrayExtended
        case (false, true): return .dependencyArrayNarrowed
        case (false, false): return .dependencyArrayChanged
        }
    }

    private func compareSchemaDependencies(
        _ old: ModelObject,
        _ new: ModelObject,
        _ pair: Pair,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) {
        for name in ListingOrder.union(old.schemaDependencies.names, new.schemaDependencies.names) {
            let path = "dependencies/\(name)"
            let oldSpot = model.spot(pair.old, [old.schemaDependencyKeyword, name])
            let newSpot = model.spot(pair.new, [new.schemaDependencyKeyword, name])
            switch (old.schemaDependencies[name], new.schemaDependencies[name]) {
            case (.some, nil): findings.add(.dependencySchemaRemoved, path, old: oldSpot, new: nil)
            case (nil, .some): findings.add(.dependencySchemaAdded, path, old: nil, new: newSpot)
            case (let old, let new): try compare(old, new, path, &findings)
            }
        }
    }

    private static let additional = RestRules(
        added: .additionalPropertiesAdded,
        removed: .additionalPropertiesRemoved,
        extended: .additionalPropertiesExtended,
        narrowed: .additionalPropertiesNarrowed
    )
    private static let unevaluated = RestRules(
        added: .unevaluatedPropertiesAdded,
        removed: .unevaluatedPropertiesRemoved,
        extended: .unevaluatedPropertiesExtended,
        narrowed: .unevaluatedPropertiesNarrowed
    )
    private static let maxProperties = BoundRules(
        "maxProperties",
        .maxPropertiesAdded,
        .maxPropertiesRemoved,
        .maxPropertiesIncreased,
        .maxPropertiesDecreased
    )
    private static let minProperties = BoundRules(
        "minProperties",
        .minPropertiesAdded,
        .minPropertiesRemoved,
        .minPropertiesIncreased,
        .minPropertiesDecreased
    )
}

extension ModelObject {
    fileprivate func rest(at number: Int, in model: SchemaModel) -> StructuralComparison.Rest {
        .init(
            schema: additional,
            isPermitted: permitsAdditional,
            spot: model.spot(number, ["additionalProperties"])
        )
    }
}
