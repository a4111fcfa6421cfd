/// What members and elements may be that no keyword lists.
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

    /// What `additional…` says of the rest.
    struct Rest {
        /// Nil where anything or nothing is permitted.
        let schema: Int?
        let isPermitted: Bool
        let spot: SchemaModel.Spot
    }

    /// The rules for one keyword about the rest; `added` and `removed` speak of what is permitted.
    struct RestRules {
        let added: ConfluentRule
        let removed: ConfluentRule
        let extended: ConfluentRule
        let narrowed: ConfluentRule
    }

    func compareAdditional(
        _ old: Rest,
        _ new: Rest,
        _ path: String,
        _ rules: RestRules,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) {
        let rule: ConfluentRule
        switch (old.schema, new.schema) {
        case _ where old.isPermitted != new.isPermitted: rule = new.isPermitted ? rules.added : rules.removed
        case (nil, .some): rule = rules.narrowed
        case (.some, nil): rule = rules.extended
        default: return try compare(old.schema, new.schema, path, &findings)
        }
        findings.add(rule, path, old: old.spot, new: new.spot)
    }

    func compareUnevaluated(
        _ old: Int?,
        _ new: Int?,
        _ path: String,
        _ rules: RestRules,
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
