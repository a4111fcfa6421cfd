import JSON

/// Gives each counterexample to the difference that it comes from, by where the new version reports the violation.
struct CounterexampleAttribution {
    private var findings: [DifferenceWalk.Finding]
    /// Faults and bytes of the counterexamples that were given.
    private var ranks: [Int: (Int, Int)] = [:]
    /// Counterexamples that were confirmed.
    private(set) var count = 0

    init(_ findings: [DifferenceWalk.Finding]) {
        self.findings = findings
    }

    /// The differences; of the incompatible ones each with a counterexample.
    var differences: [SchemaDifference] {
        findings.map { finding in
            var difference = finding.difference
            if difference.effect == .incompatible, difference.counterexample == nil {
                difference.effect = .unknown
                difference.reason =
                    "values that were accepted here no longer are, but no document was found that is refused for it"
            }
            return difference
        }
    }

    mutating func add(_ document: JSON, _ verdict: CounterexampleCheck.Verdict) {
        switch verdict {
        case .unconfirmed: return
        case .refused(let violations):
            count += 1
            var isGiven = false
            for violation in violations {
                for index in fitting(violation, document) {
                    give(document, violation, among: violations.count, to: index)
                    isGiven = true
                }
            }
            if !isGiven { addGeneral(document, violations.first) }
        case .refusedByContent:
            count += 1
            giveToContent(document)
        }
    }

    /// The differences that a violation fits best; several only where it is reported at the very keyword.
    private func fitting(_ violation: Violation, _ document: JSON) -> [Int] {
        let scores = findings.map { score($0, violation, document) }
        guard let best = scores.max(), best > 0 else { return [] }
        let fitting = scores.indices.filter { scores[$0] == best }
        return best >= Self.within ? fitting : Array(fitting.prefix(1))
    }

    private static let exact = 1_000_000
    /// Below the place of a difference, and the deeper the better.
    private static let within = 10

    /// How well a violation fits a difference; 0 for not at all.
    ///
    /// A violation of `oneOf` says nothing of what it is inside the branches: there the difference counts whose own
    /// refused value is in the document, and of those one that has no counterexample yet.
    private func score(_ finding: DifferenceWalk.Finding, _ violation: Violation, _ document: JSON) -> Int {
        if finding.difference.effect == .compatible { return 0 }
        let isConcerned = finding.member.map { concerns(violation, $0) } ?? true
        var best = 0
        for place in finding.places {
            if isConcerned, violation.keyword == place { return Self.exact }
            if isConcerned, violation.keyword.hasPrefix(place + "/") {
                best = max(best, Self.within + place.utf8.count)
            }
            guard place.hasPrefix(violation.keyword + "/") else { continue }
            let hasExample = finding.example.map { document.place(of: $0) != nil } ?? false
            best = max(best, 1 + (hasExample ? 4 : 0) + (finding.difference.counterexample == nil ? 2 : 0))
        }
        return best
    }

    /// Whether a violation is about the presence or absence of a member, or about its value.
    private func concerns(_ violation: Violation, _ member: JSONName) -> Bool {
        let path = Result(catching: { () throws(JSONError) in try JSONPointer(violation.instance) })
        if case .success(let pointer) = path, pointer.tokens.contains(member.text) { return true }
        return violation.message.contains("'\(member.text)'") || violation.message.contains("\"\(member.text)\"")
    }

    /// The counterexample with the fewest faults is kept, of those the shortest.
    private mutating func give(_ document: JSON, _ violation: Violation, among faults: Int = 1, to index: Int) {
        findings[index].difference.effect = .incompatible
        findings[index].difference.reason = nil
        let rank = (faults, document.bytes.count)
        if let known = ranks[index], known <= rank { return }
        ranks[index] = rank
        findings[index].difference.counterexample = document
        findings[index].difference.violation = violation
    }

    /// A violation that no difference accounts for: another draft reads the same text otherwise.
    private mutating func addGeneral(_ document: JSON, _ violation: Violation?) {
        let index =
            findings.firstIndex { $0.difference.rule == "DRAFT_CHANGED" }
            ?? findings.firstIndex { $0.difference.effect == .incompatible }
        if let index, let violation { return give(document, violation, to: index) }
        let difference = SchemaDifference(
            "DOCUMENTS_REFUSED",
            .incompatible,
            path: "#" + (violation?.keyword ?? ""),
            newPointer: violation?.keyword,
            counterexample: document,
            violation: violation
        )
        findings.append(DifferenceWalk.Finding(difference: difference, places: [], example: nil))
    }

    /// ``Contract`` asserts no `content*`, so the difference is found by the value that it refuses.
    private mutating func giveToContent(_ document: JSON) {
        let contents = findings.indices.filter { index in
            findings[index].difference.effect == .incompatible
                && findings[index].difference.rule.hasPrefix("CONTENT_")
        }
        let fitting = contents.first { index in
            findings[index].difference.counterexample == nil
                && findings[index].example.map { document.place(of: $0) != nil } == true
        }
        guard let index = fitting ?? contents.first else { return addGeneral(document, nil) }
        let finding = findings[index]
        let keyword = finding.difference.newPointer ?? ""
        let name = finding.difference.new?.string ?? "the content"
        let violation = Violation(
            instance: finding.example.flatMap { document.place(of: $0) } ?? "",
            keyword: keyword,
            message: "a string that is no \(name) is here; readers that assert '\(name)' refuse it"
        )
        give(document, violation, to: index)
    }
}

extension JSON {
    /// The pointer to the first part of a document that equals a value.
    fileprivate func place(of value: JSON) -> String? {
        if self == value { return "" }
        switch self {
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                if let found = element.place(of: value) { return "/\(index)" + found }
            }
        case .object(let members):
            for (name, member) in members {
                if let found = member.place(of: value) { return appending(name, to: "") + found }
            }
        case .null, .bool, .number, .string: break
        }
        return nil
    }
}
