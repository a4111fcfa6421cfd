import JSON

extension StructuralComparison {
    /// A combination and the schema that it is the content of.
    struct Combination {
        let criterion: ModelSchema.Criterion
        let parts: [Int]
        let schema: Int

        init(_ criterion: ModelSchema.Criterion, _ parts: [Int], _ schema: Int) {
            self.criterion = criterion
            self.parts = parts
            self.schema = schema
        }
    }

    /// A schema that is no combination beside one that is: it may be its only part, or one part of it may be enough.
    /// - Returns: Whether that settles the pair.
    func isOneOfMany(
        _ pair: Pair,
        _ old: ModelSchema,
        _ new: ModelSchema,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) -> Bool {
        let candidates: [Pair]
        let rule: ConfluentRule
        let combined: (criterion: ModelSchema.Criterion, parts: [Int])
        switch (old.combination, new.combination) {
        case (nil, .some(let combination)):
            combined = combination
            candidates = combination.parts.map { Pair(old: pair.old, new: $0) }
            rule = .sumTypeExtended
        case (.some(let combination), nil):
            combined = combination
            candidates = combination.parts.map { Pair(old: $0, new: pair.new) }
            rule = .productTypeNarrowed
        default: return false
        }
        let isOnly = combined.parts.count == 1
        guard isOnly || (combined.criterion == .allOf) == (rule == .productTypeNarrowed) else { return false }
        for candidate in candidates {
            let result = try compare(candidate.old, candidate.new)
            guard result.isAllowed else { continue }
            findings.add(result, "")
            if !isOnly { findings.add(rule, "", old: model.spot(pair.old), new: model.spot(pair.new)) }
            return true
        }
        return false
    }

    /// Two combinations: by how they combine, by the number of their parts, and by whether the parts can be paired off.
    func compare(_ old: Combination, _ new: Combination, _ findings: inout Findings) throws(ComparisonObstacle) {
        let spots = (old: spot(old), new: spot(new))
        if old.criterion != new.criterion {
            let isExtended = Self.isExtended(old, new)
            let rule = isExtended ? ConfluentRule.combinedTypeExtended : .combinedTypeChanged
            findings.add(rule, "", old: spots.old, new: spots.new)
            if !isExtended { return }
        }
        let (oldParts, newParts) = (distinct(old.parts), distinct(new.parts))
        if let rule = Self.rule(old, oldParts.count, new, newParts.count) {
            findings.add(rule, "", old: spots.old, new: spots.new)
        }
        try pairOff(old, oldParts, newParts, &findings, spots)
    }

    private static func isExtended(_ old: Combination, _ new: Combination) -> Bool {
        let (isOldOnly, isNewOnly) = (old.parts.count == 1, new.parts.count == 1)
        return new.criterion == .anyOf || (isOldOnly && (isNewOnly || new.criterion == .oneOf))
            || (isNewOnly && old.criterion == .allOf)
    }

    private static func rule(_ old: Combination, _ oldCount: Int, _ new: Combination, _ newCount: Int) -> ConfluentRule?
    {
        if oldCount < newCount { return new.criterion == .allOf ? .productTypeExtended : .sumTypeExtended }
        if oldCount > newCount { return old.criterion == .allOf ? .productTypeNarrowed : .sumTypeNarrowed }
        return nil
    }

    /// Pairs parts that are allowed to stand for each other, as many as possible; the smaller side must be used up.
    private func pairOff(
        _ combination: Combination,
        _ old: [Int],
        _ new: [Int],
        _ findings: inout Findings,
        _ spots: (old: SchemaModel.Spot, new: SchemaModel.Spot)
    ) throws(ComparisonObstacle) {
        var edges: [[(new: Int, result: PairResult)]] = []
        for oldPart in old {
            var row: [(new: Int, result: PairResult)] = []
            for (index, newPart) in new.enumerated() {
                let result = try compare(oldPart, newPart)
                if result.isAllowed { row.append((index, result)) }
            }
            // A part that did not change is preferred, so that no differences are told that are none.
            edges.append(row.filter(\.result.findings.isEmpty) + row.filter { !$0.result.findings.isEmpty })
        }
        try step(edges.reduce(0) { $0 + $1.count })
        var matching = BipartiteMatching(edges.map { $0.map(\.new) }, rightCount: new.count)
        try step(matching.complete(limit: maxSteps - steps))
        for (index, partner) in matching.partners.enumerated() {
            guard let partner, let edge = edges[index].first(where: { $0.new == partner }) else { continue }
            findings.add(edge.result, "\(combination.criterion.rawValue)/\(index)")
        }
        if matching.count < min(old.count, new.count) {
            let leftOver = leftOver(matching, old, new)
            findings.add(.combinedTypeSubschemasChanged, "", old: spots.old, new: spots.new, leftOver: leftOver)
        }
    }

    /// The first part of the smaller side that was not paired off, beside the other side's, those first that were not
    /// either.
    private func leftOver(_ matching: BipartiteMatching, _ old: [Int], _ new: [Int]) -> Finding.LeftOver? {
        let taken = Set(matching.partners.compactMap { $0 })
        let freeOld = old.indices.filter { matching.partners[$0] == nil }.map { old[$0] }
        let freeNew = new.indices.filter { !taken.contains($0) }.map { new[$0] }
        let isOld = old.count <= new.count
        guard let part = isOld ? freeOld.first : freeNew.first else { return nil }
        let free = isOld ? freeNew : freeOld
        return Finding.LeftOver(part: part, isOld: isOld, others: free + (isOld ? new : old))
    }

    /// The part of the other side that a left over one comes closest to: that with the fewest refused differences.
    func nearest(to leftOver: Finding.LeftOver) throws(ComparisonObstacle) -> (part: Int, refused: [PairResult.Flat])? {
        var nearest: (part: Int, refused: [PairResult.Flat])?
        for other in leftOver.others {
            let pair = leftOver.isOld ? (leftOver.part, other) : (other, leftOver.part)
            let refused = try compare(pair.0, pair.1).flattened(leniently: isLenient).filter {
                !$0.rule.isAllowed(leniently: isLenient)
            }
            // One that fits was taken by another part.
            guard !refused.isEmpty else { continue }
            if refused.count < nearest?.refused.count ?? .max { nearest = (other, refused) }
        }
        return nearest
    }

    /// Parts without those whose text is that of an earlier one.
    private func distinct(_ parts: [Int]) -> [Int] {
        var texts: Set<JSONName> = []
        return parts.filter { part in model.canonicalText(part).map { texts.insert($0).inserted } ?? true }
    }

    /// Where a combination is written: its keyword, the list of types, or the schema whose keywords it stands for.
    private func spot(_ combination: Combination) -> SchemaModel.Spot {
        if combination.parts.contains(where: model.isWritten) {
            return model.spot(combination.schema, [combination.criterion.rawValue])
        }
        return model.spot(combination.schema, combination.criterion == .anyOf ? ["type"] : [])
    }
}
