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
    /// Without `listsHarmless` the differences of a compatible pair may be left out, which takes less time.
    package func compare(
        old: ComparedSchema,
        new: ComparedSchema,
        listsHarmless: Bool = true
    ) -> SchemaComparison {
        switch self {
        case .sound:
            SoundComparison.compare(old: old, new: new, listsHarmless: listsHarmless).advised(for: .backward)
        case .confluent: ConfluentComparison.compare(old: old, new: new, isLenient: false)
        case .lenient: ConfluentComparison.compare(old: old, new: new, isLenient: true)
        }
    }
}
