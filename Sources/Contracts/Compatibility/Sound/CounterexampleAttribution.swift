import JSON

/// Gives each counterexample to the difference that it comes from, by where the new version reports the violation.
struct CounterexampleAttribution {
    private var findings: [DifferenceWalk.Finding]
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
                    "values that were accepted here no longer are, but no document was found that is refused for that alone"
            }
            return difference
        }
    }

    mutating func add(_ document: JSON, _ verdict: CounterexampleCheck.Verdict) {
        switch verdict {
        case .unconfirmed: return
        case .refused(let violations):
            count += 1
            let scores = violations.flatMap { violation in
                findings.indices.map { (index: $0, score: score(findings[$0], violation), violation: violation) }
            }
            let best = scores.max { $0.score < $1.score }
            if let best, best.score > 0 { return give(document, best.violation, to: best.index) }
            addGeneral(document, violations.first)
        case .refusedByFormat:
            count += 1
            giveToFormat(document)
        }
    }

    /// How well a violation fits a difference; 0 for not at all.
    private func score(_ finding: DifferenceWalk.Finding, _ violation: Violation) -> Int {
        if finding.difference.effect == .compatible { return 0 }
        if let member = finding.member, !concerns(violation, member) { return 0 }
        var best = 0
        for place in finding.places {
            if violation.keyword == place { best = max(best, 100_000) }
            if violation.keyword.hasPrefix(place + "/") { best = max(best, 10 + place.utf8.count) }
            if place.hasPrefix(violation.keyword + "/") { best = max(best, 1) }
        }
        return best
    }

    /// Whether a violation is about the presence or absence of a member, or about its value.
    private func concerns(_ violation: Violation, _ member: Name) -> Bool {
        let path = Result(catching: { () throws(JSONError) in try JSONPointer(violation.instance) })
        if case .success(let pointer) = path, pointer.tokens.contains(member.text) { return true }
        return violation.message.contains("'\(member.text)'") || violation.message.contains("\"\(member.text)\"")
    }

    /// The shortest counterexample is kept.
    private mutating func give(_ document: JSON, _ violation: Violation, to index: Int) {
        findings[index].difference.effect = .incompatible
        findings[index].difference.reason = nil
        if let known = findings[index].difference.counterexample, known.bytes.count <= document.bytes.count { return }
        findings[index].difference.counterexample = document
        findings[index].difference.violation = violation
    }

    /// A violation that no difference accounts for, such as one in a schema that both versions share by reference.
    private mutating func addGeneral(_ document: JSON, _ violation: Violation?) {
        if let index = findings.firstIndex(where: { $0.difference.effect == .incompatible }), let violation {
            return give(document, violation, to: index)
        }
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

    /// ``Contract`` reports no `format`, so the difference is found by the value that it refuses.
    private mutating func giveToFormat(_ document: JSON) {
        let formats = findings.indices.filter { index in
            let rule = findings[index].difference.rule
            return findings[index].difference.effect == .incompatible
                && (rule.hasPrefix("FORMAT") || rule.hasPrefix("CONTENT_"))
        }
        let fitting = formats.first { index in
            findings[index].difference.counterexample == nil
                && findings[index].example.map { document.place(of: $0) != nil } == true
        }
        guard let index = fitting ?? formats.first else { return addGeneral(document, nil) }
        let finding = findings[index]
        let keyword = finding.difference.newPointer ?? ""
        let name = finding.difference.new?.string ?? "the format"
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
