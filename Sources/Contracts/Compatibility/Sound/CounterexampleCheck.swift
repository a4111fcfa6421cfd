import JSON

/// Has the last word on a document that is said to be valid under the old version and invalid under the new one.
///
/// ``Contract`` decides, `format` asserted. It takes `content*` as annotations; where it accepts a document on both
/// sides, ``SetEvaluation`` decides whether those keywords make the difference.
struct CounterexampleCheck {
    let old: Contract
    let new: Contract
    /// Nodes of the two roots.
    let roots: (old: Int, new: Int)
    let evaluation: SetEvaluation
    private let scratch = ValidationScratch()

    /// - Throws: why a schema cannot be compiled once more; it has been before.
    init(
        old: ComparedSchema,
        new: ComparedSchema,
        roots: (old: Int, new: Int),
        evaluation: SetEvaluation
    ) throws(ContractError) {
        self.old = try Self.asserting(old)
        self.new = try Self.asserting(new)
        self.roots = roots
        self.evaluation = evaluation
    }

    private static func asserting(_ schema: ComparedSchema) throws(ContractError) -> Contract {
        try Contract(compiling: schema.bytes, uri: schema.uri, resolver: schema.resolver, formats: .assertion)
    }

    enum Verdict {
        /// The new version refuses it, for these reasons.
        case refused([Violation])
        /// The new version refuses it by `content*` alone.
        case refusedByContent
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
            evaluation.assertsContent = false
            defer { evaluation.assertsContent = true }
            return evaluation.holds(node: roots.new, document) == true ? .refusedByContent : .unconfirmed
        }
    }

    private static func parse(_ document: JSON) -> JSONDocument? {
        // What is nested too deep to be parsed is no counterexample that anybody could send.
        let parsed = Result(catching: { () throws(JSONError) in try JSONDocument(document.bytes) })
        if case .success(let document) = parsed { return document }
        return nil
    }
}
