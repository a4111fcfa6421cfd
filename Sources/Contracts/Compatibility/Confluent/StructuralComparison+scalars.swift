import JSON

extension StructuralComparison {
    /// The rules for a bound that is there or not, and larger or smaller.
    struct BoundRules {
        let keyword: String
        let added: ConfluentRule
        let removed: ConfluentRule
        let increased: ConfluentRule
        let decreased: ConfluentRule

        init(
            _ keyword: String,
            _ added: ConfluentRule,
            _ removed: ConfluentRule,
            _ increased: ConfluentRule,
            _ decreased: ConfluentRule
        ) {
            self.keyword = keyword
            self.added = added
            self.removed = removed
            self.increased = increased
            self.decreased = decreased
        }

        /// What the change from one bound to another is; nil for equal ones. Exact, where the registry rounds to doubles.
        func rule(_ old: JSONLiteral?, _ new: JSONLiteral?) -> ConfluentRule? {
            switch (old, new) {
            case (nil, nil): return nil
            case (nil, .some): return added
            case (.some, nil): return removed
            case (.some(let old), .some(let new)):
                let order = old.withNumber { old in new.withNumber { old.compare(to: $0) } }
                return order < 0 ? increased : (order > 0 ? decreased : nil)
            }
        }
    }

    func compare(
        _ old: JSONLiteral?,
        _ new: JSONLiteral?,
        _ rules: BoundRules,
        _ pair: Pair,
        _ findings: inout Findings
    ) {
        if let rule = rules.rule(old, new) { add(rule, rules.keyword, pair, &findings) }
    }

    // MARK: Strings

    func compare(_ old: ModelString, _ new: ModelString, _ pair: Pair, _ findings: inout Findings) {
        compare(old.maxLength, new.maxLength, Self.maxLength, pair, &findings)
        compare(old.minLength, new.minLength, Self.minLength, pair, &findings)
        switch (old.pattern, new.pattern) {
        case (nil, nil): break
        case (nil, .some): add(.patternAdded, "pattern", pair, &findings)
        case (.some, nil): add(.patternRemoved, "pattern", pair, &findings)
        case (.some(let old), .some(let new)):
            if JSONName(old) != JSONName(new) { add(.patternChanged, "pattern", pair, &findings) }
        }
    }

    private static let maxLength = BoundRules(
        "maxLength",
        .maxLengthAdded,
        .maxLengthRemoved,
        .maxLengthIncreased,
        .maxLengthDecreased
    )
    private static let minLength = BoundRules(
        "minLength",
        .minLengthAdded,
        .minLengthRemoved,
        .minLengthIncreased,
        .minLengthDecreased
    )

    // MARK: Numbers

    func compare(_ old: ModelNumber, _ new: ModelNumber, _ pair: Pair, _ findings: inout Findings) {
        compare(old.maximum, new.maximum, Self.maximum, pair, &findings)
        compare(old.minimum, new.minimum, Self.minimum, pair, &findings)
        // The registry crashes when this one goes down and there is no `maximum`; here it is a difference like the others.
        compare(old.exclusiveMaximum, new.exclusiveMaximum, Self.exclusiveMaximum, pair, &findings)
        compare(old.exclusiveMinimum, new.exclusiveMinimum, Self.exclusiveMinimum, pair, &findings)
        compareMultiples(old.multipleOf, new.multipleOf, pair, &findings)
        if old.requiresInteger != new.requiresInteger {
            let rule = old.requiresInteger ? ConfluentRule.typeExtended : .typeNarrowed
            findings.add(rule, "", old: model.typeSpot(pair.old), new: model.typeSpot(pair.new))
        }
    }

    private func compareMultiples(
        _ old: JSONLiteral?,
        _ new: JSONLiteral?,
        _ pair: Pair,
        _ findings: inout Findings
    ) {
        switch (old, new) {
        case (nil, nil): break
        case (nil, .some): add(.multipleOfAdded, "multipleOf", pair, &findings)
        case (.some, nil): add(.multipleOfRemoved, "multipleOf", pair, &findings)
        case (.some(let old), .some(let new)):
            guard old != new else { return }
            let rule: ConfluentRule =
                Self.isMultiple(new, of: old)
                ? .multipleOfExpanded : (Self.isMultiple(old, of: new) ? .multipleOfReduced : .multipleOfChanged)
            add(rule, "multipleOf", pair, &findings)
        }
    }

    private static func isMultiple(_ value: JSONLiteral, of unit: JSONLiteral) -> Bool {
        value.withNumber { value in unit.withNumber { value.isMultiple(of: $0) } }
    }

    private static let maximum = BoundRules(
        "maximum",
        .maximumAdded,
        .maximumRemoved,
        .maximumIncreased,
        .maximumDecreased
    )
    private static let minimum = BoundRules(
        "minimum",
        .minimumAdded,
        .minimumRemoved,
        .minimumIncreased,
        .minimumDecreased
    )
    private static let exclusiveMaximum = BoundRules(
        "exclusiveMaximum",
        .exclusiveMaximumAdded,
        .exclusiveMaximumRemoved,
        .exclusiveMaximumIncreased,
        .exclusiveMaximumDecreased
    )
    private static let exclusiveMinimum = BoundRules(
        "exclusiveMinimum",
        .exclusiveMinimumAdded,
        .exclusiveMinimumRemoved,
        .exclusiveMinimumIncreased,
        .exclusiveMinimumDecreased
    )

    // MARK: Fixed values

    func compare(_ old: Set<JSONName>, _ new: Set<JSONName>, _ pair: Pair, _ findings: inout Findings) {
        guard old != new else { return }
        let rule: ConfluentRule =
            new.isSuperset(of: old)
            ? .enumArrayExtended : (old.isSuperset(of: new) ? .enumArrayNarrowed : .enumArrayChanged)
        add(rule, "enum", pair, &findings)
    }
}
