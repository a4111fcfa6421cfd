extension SetSolver {
    /// A disjunction of a goal, and the goal without it.
    struct Choice {
        var goal: Goal
        let alternatives: [[Assertion]]
    }

    /// The next disjunction to try out; those of what holds first, since they say most about the rest.
    func choice(in goal: Goal) -> Choice? {
        var goal = goal
        for atom in goal.yes.sorted() {
            guard let alternatives = alternatives(yes: atom, in: goal) else { continue }
            goal.yes.remove(atom)
            if !alternatives.isEmpty { return Choice(goal: goal, alternatives: alternatives) }
        }
        var best: Choice?
        for atom in goal.no.sorted() {
            guard let alternatives = alternatives(no: atom) else { continue }
            guard alternatives.count < best?.alternatives.count ?? .max else { continue }
            best = Choice(goal: goal, alternatives: alternatives)
            best?.goal.no.remove(atom)
        }
        for clause in goal.clauses.sorted() {
            let atoms = goal.alternatives(of: clause, in: sets)
            guard atoms.count < best?.alternatives.count ?? .max else { continue }
            best = Choice(goal: goal, alternatives: atoms.map { [.no(atom: $0)] })
            best?.goal.clauses.remove(clause)
        }
        return best
    }

    /// The ways in which an atom can hold; none when it holds anyway, nil when it is no disjunction.
    private func alternatives(yes atom: Int, in goal: Goal) -> [[Assertion]]? {
        switch sets.atoms[atom] {
        case .anyOf(let nodes):
            if nodes.contains(where: { sets.nodes[$0].allSatisfy(goal.yes.contains) }) { return [] }
            // An alternative that cannot be is no alternative: `false` alone is `anyOf: []`.
            return nodes.isEmpty ? [[.accepts(node: sets.nothing)]] : nodes.map { [.accepts(node: $0)] }
        case .oneOf(let nodes):
            return nodes.isEmpty
                ? [[.accepts(node: sets.nothing)]]
                : nodes.indices.map { chosen in
                    nodes.indices.map { $0 == chosen ? .accepts(node: nodes[$0]) : .refuses(node: nodes[$0]) }
                }
        case .conditional(let test, let then, let otherwise):
            return [
                [.accepts(node: test), .accepts(node: then)], [.refuses(node: test), .accepts(node: otherwise)],
            ]
        case .dependent(let name, let node):
            let presence = sets.atom(.required(name))
            if goal.no.contains(presence) { return [] }
            if goal.yes.contains(presence) { return [[.accepts(node: node)]] }
            return [[.no(atom: presence)], [.yes(atom: presence), .accepts(node: node)]]
        default: return nil
        }
    }

    /// The ways in which an atom can fail to hold.
    private func alternatives(no atom: Int) -> [[Assertion]]? {
        switch sets.atoms[atom] {
        case .oneOf(let nodes):
            var ways: [[Assertion]] = [nodes.map { .refuses(node: $0) }]
            for second in nodes.indices {
                for first in nodes[..<second].indices {
                    ways.append([.accepts(node: nodes[first]), .accepts(node: nodes[second])])
                }
            }
            return ways
        case .conditional(let test, let then, let otherwise):
            return [
                [.accepts(node: test), .refuses(node: then)], [.refuses(node: test), .refuses(node: otherwise)],
            ]
        default: return nil
        }
    }
}
