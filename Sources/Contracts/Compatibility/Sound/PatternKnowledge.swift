import JSON

/// Whether texts match patterns, formats and encodings; nil where that is not decided.
final class PatternKnowledge {
    private let matcher = PatternMatcher()
    private var compiled: [JSONName: Pattern?] = [:]

    /// Whether a pattern of a schema is found in a text, by PCRE2 as ``Contract`` does it.
    func matches(_ pattern: JSONName, _ text: String) -> Bool? {
        guard let compiled = compile(pattern) else { return nil }
        let bytes = Array(text.utf8)
        let outcome = unsafe bytes.withUnsafeBufferPointer { unsafe matcher.match(compiled.code, $0) }
        switch outcome {
        case .matched: return true
        case .unmatched: return false
        case .undecided: return nil
        }
    }

    private func compile(_ pattern: JSONName) -> Pattern? {
        if let known = compiled[pattern] { return known }
        // A pattern that PCRE2 refuses has been refused with the contract; nothing is known of it here.
        let found = Result(catching: { () throws(ContractError) in try Pattern(pattern.text) })
        let result: Pattern? = if case .success(let pattern) = found { pattern } else { nil }
        compiled[pattern] = .some(result)
        return result
    }

    /// Whether `additionalProperties` beside these patterns is about a member, which is or is not a listed name.
    func isAdditional(_ member: String, _ isListed: Bool, _ listed: [JSONName]) -> Bool? {
        if isListed { return false }
        var isKnown = true
        for pattern in listed {
            switch matches(pattern, member) {
            case true: return false
            case false: break
            case nil: isKnown = false
            }
        }
        return isKnown ? true : nil
    }

    /// Whether a text obeys a format that ``Contract`` can assert.
    func obeys(format: String, _ text: String) -> Bool? {
        Format(name: format).map { $0.accepts(Array(text.utf8).span) }
    }

    /// Whether a text obeys an encoding that something is known of.
    func obeys(_ knowledge: FormatKnowledge?, _ text: String) -> Bool? {
        guard let knowledge else { return nil }
        if matches(JSONName(knowledge.necessary), text) == false { return false }
        return matches(JSONName(knowledge.sufficient), text) == true ? true : nil
    }
}
