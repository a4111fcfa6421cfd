/// By which rules two versions are compared.
package enum CompatibilityPolicy: String, Sendable, CaseIterable {
    /// Every document that the old version accepts, the new one must accept; see ``SoundComparison``.
    case sound
    /// Confluent's registry: a structural difference against a list of what is allowed; see ``ConfluentComparison``.
    case confluent
    /// Confluent's `compatibilityPolicy: LENIENT`, which allows optional properties to come and go in open objects.
    case lenient

    /// Whether readers of `new` read what obeys `old`. The other direction is the same with the sides exchanged.
    ///
    /// - Parameters:
    ///   - old: what is obeyed.
    ///   - new: what is read by.
    ///   - listsHarmless: false leaves out the differences of a compatible pair, which takes less time.
    ///   - deadline: when to give up with the verdict `unknown`; nil leaves it to the bounds on work, which are the same
    ///     on every machine.
    /// - Returns: the verdict and the differences it rests on.
    package func compare(
        old: ComparedSchema,
        new: ComparedSchema,
        listsHarmless: Bool = true,
        until deadline: ContinuousClock.Instant? = nil
    ) -> SchemaComparison {
        switch self {
        case .sound:
            SoundComparison.compare(old: old, new: new, listsHarmless: listsHarmless, until: deadline)
                .advised(for: .backward)
        case .confluent: ConfluentComparison.compare(old: old, new: new, isLenient: false, until: deadline)
        case .lenient: ConfluentComparison.compare(old: old, new: new, isLenient: true, until: deadline)
        }
    }
}
