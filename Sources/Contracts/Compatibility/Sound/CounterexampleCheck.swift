import JSON

/// Has the last word on a document that is said to be valid under the old version and invalid under the new one.
///
/// ``Contract`` decides. It takes `format` and `content*` as annotations; where it accepts a document on both sides,
/// ``SetEvaluation`` decides whether those keywords make the difference: this is the one place to exchange for a
/// contract that asserts them.
struct CounterexampleCheck {
    let old: Contract
    let new: Contract
    /// Nodes of the two roots.
    let roots: (old: Int, new: Int)
    let evaluation: SetEvaluation
    private let scratch = ValidationScratch()

    init(old: Contract, new: Contract, roots: (old: Int, new: Int), evaluation: SetEvaluation) {
        self.old = old
        self.new = new
        self.roots = roots
        self.evaluation = evaluation
    }

    enum Verdict {
        /// The new version refuses it, for these reasons.
        case refused([Violation])
        /// The new version refuses it by `format` or `content*` alone.
        case refusedByFormat
        /// It is no counterexample, or not surely.
        case unconfirmed
    }

    func judge(_ document: JSON) -> Verdict {
        guard let parsed = Self.parse(document) else { return .unconfirmed }
        return parsed.withRoot { root in
            guard old.isValid(root, using: scratch), evaluation.holds(node: roots.old, document) == true else {
                return .unconfirmed
            }
            if !new.isValid(root, using: scratch) {
                // A validation that was given up counts as a refusal, but is none.
                guard evaluation.holds(node: roots.new, document) != true else { return .unconfirmed }
                return .refused(new.violations(of: root, limit: 20, using: scratch))
            }
            guard evaluation.holds(node: roots.new, document) == false else { return .unconfirmed }
            evaluation.assertsFormats = false
            defer { evaluation.assertsFormats = true }
            return evaluation.holds(node: roots.new, document) == true ? .refusedByFormat : .unconfirmed
        }
    }

    private static func parse(_ document: JSON) -> JSONDocument? {
        // What is nested too deep to be parsed is no counterexample that anybody could send.
        let parsed = Result(catching: { () throws(JSONError) in try JSONDocument(document.bytes) })
        if case .success(let document) = parsed { return document }
        return nil
    }
}
