import JSON

/// Says of single values whether they are in a set: exact where it answers, nil where it cannot know.
///
/// ``Contract`` says the same of whole documents and whole contracts; this says it of the parts a goal is made of.
final class SetEvaluation {
    let sets: SchemaSets
    let patterns = PatternKnowledge()
    /// Whether `content*` say anything.
    var assertsContent = true
    private var stepsLeft = 0

    /// Atoms looked at for one value; a schema may have many, so they count besides.
    private static let maxSteps = 50_000

    init(_ sets: SchemaSets) {
        self.sets = sets
    }

    /// Whether a value is a member of a goal.
    func holds(_ goal: Goal, _ value: JSON) -> Bool? {
        stepsLeft = Self.maxSteps + sets.atoms.count
        guard goal.kinds.contains(Kinds(of: value)) else { return false }
        return all(goal.yes) { holds($0, value) }
            .and(all(goal.no) { negated(holds($0, value)) })
            .and(all(goal.clauses) { negated(accepts($0, value)) })
    }

    /// Whether a schema accepts a value.
    func holds(node: Int, _ value: JSON) -> Bool? {
        stepsLeft = Self.maxSteps + sets.atoms.count
        return accepts(node, value)
    }

    private func accepts(_ node: Int, _ value: JSON) -> Bool? { all(sets.nodes[node]) { holds($0, value) } }

    private func holds(_ atom: Int, _ value: JSON) -> Bool? {
        stepsLeft -= 1
        if stepsLeft < 0 { return nil }
        let atom = sets.atoms[atom]
        guard !atom.kinds.isDisjoint(with: Kinds(of: value)) else { return true }
        switch value {
        case .number(let literal): if let verdict = number(atom, literal) { return verdict }
        case .string(let text): if let verdict = string(atom, text) { return verdict }
        case .array(let elements): if let verdict = array(atom, elements) { return verdict }
        case .object(let members): if let verdict = object(atom, members, value) { return verdict }
        case .null, .bool: break
        }
        return combination(atom, value)
    }

    private func combination(_ atom: Atom, _ value: JSON) -> Bool? {
        switch atom {
        case .kinds(let kinds): kinds.contains(Kinds(of: value))
        case .values(let numbers): numbers.contains { sets.values[$0] == value }
        case .reference(let target): accepts(sets.classes[target], value)
        case .not(let node): negated(accepts(node, value))
        case .anyOf(let nodes): negated(all(nodes) { negated(accepts($0, value)) })
        case .oneOf(let nodes): exactlyOne(nodes.map { accepts($0, value) })
        case .conditional(let test, let then, let otherwise):
            accepts(test, value).flatMap { accepts($0 ? then : otherwise, value) }
        default: nil
        }
    }

    private func exactlyOne(_ verdicts: [Bool?]) -> Bool? {
        let count = verdicts.count { $0 == true }
        if count > 1 { return false }
        return verdicts.contains { $0 == nil } ? nil : count == 1
    }

    private func negated(_ verdict: Bool?) -> Bool? { verdict.map { !$0 } }

    private func all<S: Sequence>(_ elements: S, _ holds: (S.Element) -> Bool?) -> Bool? {
        var result: Bool? = true
        for element in elements {
            switch holds(element) {
            case true: break
            case false: return false
            case nil: result = nil
            }
        }
        return result
    }

    // MARK: Kinds. The outer nil says that the atom is not about this kind alone.

    private func number(_ atom: Atom, _ literal: JSONLiteral) -> Bool?? {
        switch atom {
        case .minimum, .maximum, .multipleOf: break
        default: return .none
        }
        guard let value = ExactDecimal(literal) else { return .some(nil) }
        switch atom {
        case .minimum(let bound, let isExclusive): return .some(isExclusive ? value > bound : value >= bound)
        case .maximum(let bound, let isExclusive): return .some(isExclusive ? value < bound : value <= bound)
        case .multipleOf(let unit): return .some(value.isMultiple(of: unit))
        default: return .none
        }
    }

    private func string(_ atom: Atom, _ text: String) -> Bool?? {
        switch atom {
        case .minLength(let count): .some(text.unicodeScalars.count >= count)
        case .maxLength(let count): .some(text.unicodeScalars.count <= count)
        case .pattern(let name): .some(patterns.matches(name, text))
        case .format(let name): .some(patterns.obeys(format: name.text, text))
        case .content(let name):
            .some(assertsContent ? patterns.obeys(FormatKnowledge.contents[name.text], text) : true)
        default: .none
        }
    }

    private func array(_ atom: Atom, _ elements: [JSON]) -> Bool?? {
        switch atom {
        case .minItems(let count): return .some(elements.count >= count)
        case .maxItems(let count): return .some(elements.count <= count)
        case .uniqueItems:
            return .some(
                elements.indices.allSatisfy { index in !elements[..<index].contains { $0 == elements[index] } }
            )
        case .item(let index, let node):
            return .some(index < elements.count ? accepts(node, elements[index]) : true)
        case .itemsFrom(let index, let node): return .some(all(elements.dropFirst(index)) { accepts(node, $0) })
        case .containsAtLeast(let count, let node):
            let (sure, possible) = matches(elements, node)
            return .some(sure >= count ? true : (possible < count ? false : nil))
        case .containsAtMost(let count, let node):
            let (sure, possible) = matches(elements, node)
            return .some(sure > count ? false : (possible <= count ? true : nil))
        default: return .none
        }
    }

    private func matches(_ elements: [JSON], _ node: Int) -> (sure: Int, possible: Int) {
        let verdicts = elements.map { accepts(node, $0) }
        return (verdicts.count { $0 == true }, verdicts.count { $0 != false })
    }

    private func object(_ atom: Atom, _ members: [(String, JSON)], _ value: JSON) -> Bool?? {
        switch atom {
        case .minProperties(let count): return .some(members.count >= count)
        case .maxProperties(let count): return .some(members.count <= count)
        case .required(let name): return .some(value[name.text] != nil)
        case .property(let name, let node): return .some(value[name.text].map { accepts(node, $0) } ?? true)
        case .patternProperty(let pattern, let node):
            return .some(
                all(members) { member in
                    switch patterns.matches(pattern, member.0) {
                    case true: accepts(node, member.1)
                    case false: true
                    case nil: accepts(node, member.1) == true ? true : nil
                    }
                }
            )
        case .additional(let names, let listed, let node):
            return .some(
                all(members) { member in
                    switch patterns.isAdditional(member.0, names.contains(JSONName(member.0)), listed) {
                    case true: accepts(node, member.1)
                    case false: true
                    case nil: accepts(node, member.1) == true ? true : nil
                    }
                }
            )
        case .propertyNames(let node): return .some(all(members) { accepts(node, .string($0.0)) })
        case .dependent(let name, let node): return .some(value[name.text] == nil ? true : accepts(node, value))
        default: return .none
        }
    }
}

extension Bool? {
    /// Kleene's conjunction: false wins, then not knowing.
    fileprivate func and(_ other: @autoclosure () -> Bool?) -> Bool? {
        if self == false { return false }
        switch other() {
        case false: return false
        case true: return self
        case nil: return nil
        }
    }
}
