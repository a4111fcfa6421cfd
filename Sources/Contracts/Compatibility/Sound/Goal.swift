/// A set of values by what must hold and what must not: the question is whether it has a member.
///
/// `old ∧ ¬new` is the goal of a comparison.
struct Goal: Hashable {
    var kinds = Kinds.all
    /// Atoms that hold.
    var yes: Set<Int> = []
    /// Atoms that do not hold.
    var no: Set<Int> = []
    /// Nodes of which at least one atom does not hold.
    var clauses: Set<Int> = []
}

/// What a goal is made of, to be taken apart.
enum Assertion {
    case yes(atom: Int)
    case no(atom: Int)
    case accepts(node: Int)
    case refuses(node: Int)
}

/// Takes assertions apart until only conditions on values and choices are left.
struct GoalSimplification {
    private(set) var goal: Goal
    private let sets: SchemaSets
    private var work: [Assertion]
    private var isConflict = false

    /// - Returns: The goal with the assertions added, nil when that is a contradiction on its face.
    static func add(_ assertions: [Assertion], to goal: Goal = Goal(), in sets: SchemaSets) -> Goal? {
        var simplification = GoalSimplification(goal: goal, sets: sets, work: assertions)
        return simplification.run() ? simplification.goal : nil
    }

    private init(goal: Goal, sets: SchemaSets, work: [Assertion]) {
        self.goal = goal
        self.sets = sets
        self.work = work
    }

    private mutating func run() -> Bool {
        repeat {
            while let next = work.popLast(), !isConflict { take(next) }
            if isConflict || goal.kinds.isEmpty { return false }
            reduceClauses()
        } while !work.isEmpty && !isConflict
        if isConflict || goal.kinds.isEmpty { return false }
        let kinds = goal.kinds
        goal.yes = goal.yes.filter { !sets.atoms[$0].kinds.isDisjoint(with: kinds) }
        return true
    }

    private mutating func take(_ assertion: Assertion) {
        switch assertion {
        case .accepts(let node): work.append(contentsOf: sets.nodes[node].map { .yes(atom: $0) })
        case .refuses(let node): refuse(node)
        case .yes(let atom): require(atom)
        case .no(let atom): deny(atom)
        }
    }

    private mutating func refuse(_ node: Int) {
        let atoms = sets.nodes[node]
        switch atoms.count {
        case 0: isConflict = true
        case 1: work.append(.no(atom: atoms[0]))
        default: goal.clauses.insert(node)
        }
    }

    private mutating func require(_ atom: Int) {
        if goal.no.contains(atom) { isConflict = true }
        guard goal.yes.insert(atom).inserted else { return }
        switch sets.atoms[atom] {
        case .kinds(let kinds): goal.kinds.formIntersection(kinds)
        case .reference(let target): work.append(.accepts(node: sets.classes[target]))
        case .not(let node): work.append(.refuses(node: node))
        default: break
        }
    }

    private mutating func deny(_ atom: Int) {
        if goal.yes.contains(atom) { isConflict = true }
        guard goal.no.insert(atom).inserted else { return }
        goal.kinds.formIntersection(sets.atoms[atom].kinds)
        switch sets.atoms[atom] {
        case .kinds(let kinds): goal.kinds.formIntersection(kinds.complement)
        case .reference(let target): work.append(.refuses(node: sets.classes[target]))
        case .not(let node): work.append(.accepts(node: node))
        case .anyOf(let nodes): work.append(contentsOf: nodes.map { .refuses(node: $0) })
        case .dependent(let name, let node):
            work.append(.refuses(node: node))
            work.append(.yes(atom: sets.atom(.required(name))))
        default: break
        }
    }

    /// Drops clauses that hold anyway and takes those that leave no choice.
    private mutating func reduceClauses() {
        for node in goal.clauses {
            if sets.nodes[node].contains(where: { goal.no.contains($0) }) {
                goal.clauses.remove(node)
                continue
            }
            let choices = goal.alternatives(of: node, in: sets)
            if choices.isEmpty { isConflict = true }
            guard choices.count == 1 else { continue }
            goal.clauses.remove(node)
            work.append(.no(atom: choices[0]))
        }
    }
}

extension Goal {
    /// The atoms of a clause that can fail, as far as that shows.
    func alternatives(of node: Int, in sets: SchemaSets) -> [Int] {
        sets.nodes[node].filter { atom in
            if yes.contains(atom) { return false }
            if case .kinds(let allowed) = sets.atoms[atom] { return !kinds.isSubset(of: allowed) }
            return !sets.atoms[atom].kinds.isDisjoint(with: kinds)
        }
    }

    /// What the goal rests on, for counting work.
    var size: Int { 1 + yes.count + no.count + clauses.count }
}
