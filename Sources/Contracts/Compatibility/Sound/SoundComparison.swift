import JSON

/// Whether every document that the old version accepts is accepted by the new one.
///
/// Compatible by proof, incompatible by a document that ``Contract`` has checked, else unknown. `format` and draft-07's
/// `content*` count as asserted, since readers may assert them.
enum SoundComparison {
    /// Counterexamples that are looked for, so that each difference may have its own.
    static let maxCounterexamples = 24

    static func compare(
        old: ComparedSchema,
        new: ComparedSchema,
        listsHarmless: Bool = true,
        until deadline: ContinuousClock.Instant? = nil
    ) -> SchemaComparison {
        run(old: old, new: new, listsHarmless: listsHarmless, until: deadline).comparison
    }

    /// The comparison, and the work that it took in atoms looked at.
    static func run(
        old: ComparedSchema,
        new: ComparedSchema,
        listsHarmless: Bool = true,
        until deadline: ContinuousClock.Instant? = nil
    ) -> (comparison: SchemaComparison, steps: Int) {
        do {
            let sets = try ComparedSets(old: old, new: new)
            let isAlone = sets.builder.documents.allSatisfy { $0.library.documents.count == 1 }
            if isAlone, old.json.bytes == new.json.bytes { return (SchemaComparison(.compatible, []), 0) }
            let solver = SetSolver(sets.builder.sets, until: deadline)
            let outcome = solver.solve(
                [.accepts(node: sets.old), .refuses(node: sets.new)],
                limit: Self.maxCounterexamples
            )
            let steps = solver.steps
            if case .empty = outcome, !listsHarmless { return (SchemaComparison(.compatible, []), steps) }
            let findings = try DifferenceWalk.findings(sets, solver)
            switch outcome {
            case .empty: return (proved(findings), steps)
            case .unknown(let reason): return (undecided(findings.map(\.difference), reason), steps)
            case .found(let documents):
                let check = try CounterexampleCheck(
                    old: old,
                    new: new,
                    roots: (sets.old, sets.new),
                    evaluation: solver.evaluation,
                    isAlone: isAlone
                )
                return (checked(documents, findings, check), steps)
            }
        } catch {
            return (undecided([], error.message), 0)
        }
    }

    /// Nothing that the old version accepts is refused, so every difference is harmless.
    private static func proved(_ findings: [DifferenceWalk.Finding]) -> SchemaComparison {
        let differences = findings.map { finding in
            var difference = finding.difference
            (difference.effect, difference.reason) = (.compatible, nil)
            return difference
        }
        return SchemaComparison(.compatible, differences)
    }

    /// Incompatible if one of the documents stands the check.
    private static func checked(
        _ documents: [JSON],
        _ findings: [DifferenceWalk.Finding],
        _ check: CounterexampleCheck
    ) -> SchemaComparison {
        var attribution = CounterexampleAttribution(findings)
        for document in documents { attribution.add(document, check.judge(document)) }
        if attribution.count > 0 { return SchemaComparison(.incompatible, attribution.differences) }
        let example = documents.first.map { String($0.description.prefix(200)) } ?? ""
        return undecided(
            findings.map(\.difference),
            "whether the new version refuses \(example) depends on the validator"
        )
    }

    /// Nothing is proved of the whole: what a keyword alone does stays as it is but for refusals.
    private static func undecided(_ differences: [SchemaDifference], _ reason: String) -> SchemaComparison {
        var differences = differences
        for index in differences.indices where differences[index].effect != .compatible {
            differences[index].effect = .unknown
            differences[index].reason = differences[index].reason ?? reason
        }
        if !differences.contains(where: { $0.effect == .unknown }) {
            differences.append(SchemaDifference("UNDECIDED", .unknown, path: "#", reason: reason))
        }
        return SchemaComparison(.unknown, differences)
    }
}
