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

    /// - Parameters:
    ///   - old: the one that accepts.
    ///   - new: the one that refuses.
    ///   - roots: their nodes.
    ///   - evaluation: what decides beside the contracts.
    ///   - isAlone: whether neither draws in another document.
    /// - Throws: why a schema cannot be compiled once more; it has been before.
    init(
        old: ComparedSchema,
        new: ComparedSchema,
        roots: (old: Int, new: Int),
        evaluation: SetEvaluation,
        isAlone: Bool
    ) throws(ContractError) {
        self.old = try Self.asserting(old, isAlone)
        self.new = try Self.asserting(new, isAlone)
        self.roots = roots
        self.evaluation = evaluation
    }

    /// The contract that asserts formats: the one at hand where there are none, since compiling takes as long as comparing.
    private static func asserting(_ schema: ComparedSchema, _ isAlone: Bool) throws(ContractError) -> Contract {
        if isAlone, !schema.json.hasMember("format") { return schema.contract }
        return try Contract(compiling: schema.bytes, uri: schema.uri, resolver: schema.resolver, formats: .assertion)
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

extension JSON {
    /// Whether an object in here has a member of this name.
    fileprivate func hasMember(_ name: String) -> Bool {
        if let elements { return elements.contains { $0.hasMember(name) } }
        return (members ?? []).contains { $0.0 == name || $0.1.hasMember(name) }
    }
}
