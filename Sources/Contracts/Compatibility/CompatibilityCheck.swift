/// What a level and a policy say of a new version beside those that are there.
package struct CompatibilityCheck: Sendable {
    /// One comparison that was made.
    package struct Finding: Sendable {
        package let direction: CompatibilityLevel.Direction
        /// The version that the new one was compared with.
        package let against: Int?
        package let comparison: SchemaComparison
    }

    /// In the order in which they were made: newest version first.
    package let findings: [Finding]

    /// The worst of the findings' verdicts; compatible where there is none.
    package var verdict: SchemaComparison.Verdict {
        let verdicts = findings.map(\.comparison.verdict)
        if verdicts.contains(.incompatible) { return .incompatible }
        return verdicts.contains(.unknown) ? .unknown : .compatible
    }

    /// Compares `new` with those of the subject's live versions, given oldest first, that `level` asks for; with
    /// `stopsAtFirst` until one comparison is not compatible, as registries do. Without `listsHarmless` differences may be
    /// left out where all is compatible. From `deadline` on, verdicts are unknown.
    package init(
        of new: ComparedSchema,
        after earlier: [ComparedSchema],
        level: CompatibilityLevel,
        policy: CompatibilityPolicy,
        stopsAtFirst: Bool = false,
        listsHarmless: Bool = true,
        until deadline: ContinuousClock.Instant? = nil
    ) {
        var findings: [Finding] = []
        let compared = level.isTransitive ? earlier.reversed() : Array(earlier.suffix(1))
        search: for old in compared {
            for direction in level.directions {
                let comparison =
                    switch direction {
                    case .backward: policy.compare(old: old, new: new, listsHarmless: listsHarmless, until: deadline)
                    case .forward:
                        policy.compare(old: new, new: old, listsHarmless: listsHarmless, until: deadline)
                            .advised(for: .forward)
                    }
                findings.append(Finding(direction: direction, against: old.version, comparison: comparison))
                if stopsAtFirst, comparison.verdict != .compatible { break search }
            }
        }
        self.findings = findings
    }
}
