package import JSON

/// One place where two versions of a schema differ, and what that means for what obeys the old one.
package struct SchemaDifference: Sendable {
    /// What it does to the comparison that it belongs to.
    package enum Effect: String, Sendable {
        /// Harmless: every document that the old version accepts, the new one accepts, as far as this place goes.
        case compatible
        /// Refused by the policy; under ``CompatibilityPolicy/sound`` ``counterexample`` is there.
        case incompatible
        /// Neither proved nor refuted; `reason` says what stands in the way.
        case unknown
    }

    /// The kind of change, such as `MAX_LENGTH_DECREASED`. Names of Confluent's difference types where one fits; what those
    /// never compare has names of the same form (`FORMAT_CHANGED`).
    package var rule: String
    package var effect: Effect
    /// Confluent's path, such as `#/properties/a/maxLength`.
    package var path: String
    /// JSON Pointer to the keyword or schema in the old document; nil where it is not there.
    package var oldPointer: String?
    /// JSON Pointer to the keyword or schema in the new document; nil where it is gone.
    package var newPointer: String?
    /// What stood at `oldPointer`.
    package var old: JSON?
    /// What stands at `newPointer`.
    package var new: JSON?
    /// A document that the old version accepts and the new one refuses, found and checked by ``Contract``.
    package var counterexample: JSON?
    /// Why the new version refuses ``counterexample``.
    package var violation: Violation?
    /// A sentence: why it is unknown, or why the policy refuses what no document contradicts.
    package var reason: String?
    /// What could be done instead, each a sentence, the best first.
    package var advice: [String]

    package init(
        _ rule: String,
        _ effect: Effect,
        path: String,
        oldPointer: String? = nil,
        newPointer: String? = nil,
        old: JSON? = nil,
        new: JSON? = nil,
        counterexample: JSON? = nil,
        violation: Violation? = nil,
        reason: String? = nil,
        advice: [String] = []
    ) {
        self.rule = rule
        self.effect = effect
        self.path = path
        self.oldPointer = oldPointer
        self.newPointer = newPointer
        self.old = old
        self.new = new
        self.counterexample = counterexample
        self.violation = violation
        self.reason = reason
        self.advice = advice
    }
}

/// What a policy says of two versions, in one direction.
package struct SchemaComparison: Sendable {
    /// The exit codes and JSON of `busbar schema` go by these names.
    package enum Verdict: String, Sendable {
        case compatible, incompatible, unknown
    }

    package var verdict: Verdict
    /// Every difference that the policy sees, harmless ones too, in the order of the new document.
    package var differences: [SchemaDifference]

    package init(_ verdict: Verdict, _ differences: [SchemaDifference]) {
        self.verdict = verdict
        self.differences = differences
    }
}
