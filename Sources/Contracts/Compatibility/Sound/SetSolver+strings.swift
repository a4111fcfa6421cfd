import JSON

extension SetSolver {
    /// What a goal says of strings.
    private struct Strings {
        var minLength = 0
        var maxLength = Int.max
        var patterns: [JSONName] = []
        var excludedPatterns: [JSONName] = []
        var formats: [String] = []
        var excludedFormats: [String] = []
        /// What is known of the formats and encodings.
        var known: [FormatKnowledge] = []
        var excluded: [FormatKnowledge] = []
        var excludedTexts: [String] = []
    }

    /// Decides a goal of strings: once with patterns whose texts surely obey the formats, to find texts, and once with
    /// patterns that all their texts match, to prove that there is none.
    func strings(_ goal: Goal) -> Outcome {
        let strings = gather(goal)
        if strings.minLength > strings.maxLength { return .empty }
        for format in strings.formats {
            if strings.excludedFormats.contains(where: { FormatKnowledge.contained.contains([format, $0]) }) {
                return .empty
            }
        }
        var sure = [strings.known.map(\.sufficient)]
        if strings.known.contains(where: { $0.rare != nil }) {
            sure.append(strings.known.map { $0.rare ?? $0.sufficient })
        }
        for matching in sure {
            let search = search(strings, matching: matching, excluding: strings.excluded.map(\.necessary))
            let outcome = search.run(limit: 1) { holds(goal, .string($0)) == true }
            if case .found(let texts) = outcome { return .found(texts.map { .string($0) }) }
        }
        let possible = search(
            strings,
            matching: strings.known.map(\.necessary),
            excluding: strings.excluded.map(\.sufficient)
        )
        if case .empty = possible.run(limit: 1, accepts: { _ in false }) { return .empty }
        return .unknown(undecided(goal))
    }

    /// Looks for a member name that is not listed.
    /// - Parameters:
    ///   - matching: Patterns that it matches.
    ///   - excluding: Patterns that it does not match.
    ///   - nodes: Schemas that accept it.
    ///   - refusing: A schema that does not.
    ///   - listed: The names that it is not.
    /// - Returns: A name as a string, or that there is none.
    func name(
        matching: [JSONName],
        excluding: [JSONName],
        nodes: [Int],
        refusing: Int?,
        besides listed: Set<JSONName>
    ) -> Outcome {
        let plain = Self.plainNames.first { name in
            isName(name, matching, excluding, listed)
                && nodes.allSatisfy { evaluation.holds(node: $0, .string(name)) == true }
                && refusing.map { evaluation.holds(node: $0, .string(name)) == false } ?? true
        }
        if let plain { return .found([.string(plain)]) }
        if !nodes.isEmpty || refusing != nil {
            return constrainedName(matching, excluding, nodes, refusing, listed)
        }
        var strings = Strings()
        strings.minLength = 1
        (strings.patterns, strings.excludedPatterns) = (matching, excluding)
        strings.excludedTexts = listed.map(\.text)
        let found = search(strings, matching: [], excluding: []).run(limit: 1) {
            isName($0, matching, excluding, listed)
        }
        if case .found(let texts) = found { return .found(texts.map { .string($0) }) }
        strings.minLength = 0
        let possible = search(strings, matching: [], excluding: []).run(limit: 1) { _ in false }
        if case .empty = possible { return .empty }
        return .unknown("no member name was found that some patterns match and others do not")
    }

    /// What a further member is called where any name will do.
    private static let plainNames = ["extra", "extra2", "extra3", "other", "other2", "other3"]

    private func isName(_ text: String, _ matching: [JSONName], _ excluding: [JSONName], _ listed: Set<JSONName>)
        -> Bool
    {
        !listed.contains(JSONName(text)) && matching.allSatisfy { evaluation.patterns.matches($0, text) == true }
            && excluding.allSatisfy { evaluation.patterns.matches($0, text) == false }
    }

    private func constrainedName(
        _ matching: [JSONName],
        _ excluding: [JSONName],
        _ nodes: [Int],
        _ refusing: Int?,
        _ listed: Set<JSONName>
    ) -> Outcome {
        var assertions = nodes.map { Assertion.accepts(node: $0) }
        if let refusing { assertions.append(.refuses(node: refusing)) }
        assertions += matching.map { .yes(atom: sets.atom(.pattern($0))) }
        assertions += excluding.map { .no(atom: sets.atom(.pattern($0))) }
        let names = listed.inOrder.prefix(100).map { sets.value(.string($0.text)) }
        assertions.append(.no(atom: sets.atom(.values(names.sorted()))))
        var goal = Goal()
        goal.kinds = .string
        let outcome = solve(assertions, within: goal)
        guard case .found(let names) = outcome else { return outcome }
        let fresh = names.filter { $0.string.map { !listed.contains(JSONName($0)) } ?? false }
        return fresh.isEmpty
            ? .unknown("no further member name was found that 'propertyNames' lets pass") : .found(fresh)
    }

    private func gather(_ goal: Goal) -> Strings {
        var strings = Strings()
        for atom in goal.yes.sorted() {
            switch sets.atoms[atom] {
            case .minLength(let count): strings.minLength = max(strings.minLength, count)
            case .maxLength(let count): strings.maxLength = min(strings.maxLength, count)
            case .pattern(let name): strings.patterns.append(name)
            case .format(let name):
                strings.formats.append(name.text)
                if let known = FormatKnowledge.formats[name.text] { strings.known.append(known) }
            case .content(let name):
                if let known = FormatKnowledge.contents[name.text] { strings.known.append(known) }
            default: break
            }
        }
        for atom in goal.no.sorted() {
            switch sets.atoms[atom] {
            case .minLength(let count): strings.maxLength = min(strings.maxLength, count - 1)
            case .maxLength(let count): strings.minLength = max(strings.minLength, count + 1)
            case .pattern(let name): strings.excludedPatterns.append(name)
            case .format(let name):
                strings.excludedFormats.append(name.text)
                if let known = FormatKnowledge.formats[name.text] { strings.excluded.append(known) }
            case .content(let name):
                if let known = FormatKnowledge.contents[name.text] { strings.excluded.append(known) }
            case .values(let values): strings.excludedTexts += values.compactMap { sets.values[$0].string }
            default: break
            }
        }
        return strings
    }

    /// Patterns that describe no regular language are left out: the search then finds too many texts, never too few.
    private func search(_ strings: Strings, matching: [String], excluding: [String]) -> StringSearch {
        var search = StringSearch()
        (search.minLength, search.maxLength) = (strings.minLength, strings.maxLength)
        let matching = matching + strings.patterns.map(\.text)
        let excluding = excluding + strings.excludedPatterns.map(\.text)
        search.matching = matching.sorted().compactMap { automaton($0) }
        search.excluding = excluding.sorted().compactMap { automaton($0) }
        if !strings.excludedTexts.isEmpty, strings.excludedTexts.count <= 100 {
            let texts = strings.excludedTexts.filter { $0.utf8.count < 100 }
            if let automaton = RegexAutomaton(RegexSyntax.exactly(texts)) { search.excluding.append(automaton) }
        }
        return search
    }

    private func automaton(_ text: String) -> RegexAutomaton? {
        let pattern = JSONName(text)
        if let known = automata[pattern] { return known }
        let automaton = RegexSyntax.parse(text).flatMap { RegexAutomaton($0) }
        automata[pattern] = .some(automaton)
        return automaton
    }
}
