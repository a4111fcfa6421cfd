import JSON

/// Decides whether goals have members, by taking them apart until single conditions are left, and finds members.
///
/// A goal that is met again inside itself counts as empty there: a member of least height needs no smaller member of
/// the same goal. What was concluded under such an assumption is kept only as long as the assumption stands
/// (the greatest fixpoint of "is contained"). After "Witness Generation for JSON Schema" (Attouche, Baazizi, Colazzo,
/// Ghelli, Sartiani, Scherzinger; PVLDB 15, 2022) in the idea of solving `old ∧ ¬new`, not in its algorithm.
final class SetSolver {
    enum Outcome {
        /// Proved to have no member.
        case empty
        /// Some members.
        case found([JSON])
        /// A sentence: why it is not known.
        case unknown(String)
    }

    /// Atoms looked at in all.
    static let maxSteps = 1_500_000
    /// Goals inside each other: bounds the machine stack.
    static let maxDepth = 250

    let sets: SchemaSets
    let evaluation: SetEvaluation
    /// What has been done so far, in atoms looked at.
    private(set) var steps = 0
    /// Outcomes, with the number of members that was asked for.
    private var done: [Goal: (outcome: Outcome, limit: Int)] = [:]
    /// Goals that are being decided, with their depth.
    private var open: [Goal: Int] = [:]
    /// The outermost open goal that was assumed to be empty since it was last reset.
    private var lowest = Int.max
    /// Goals found empty as long as the open goal of some depth is, and in which order they were found.
    private var conditional: [Goal: Int] = [:]
    private var conditionalOrder: [Goal] = []
    /// The first thing that stood in the way of a decision.
    private var obstacle: String?
    /// Automata of the patterns met so far; nil for one that has none.
    var automata: [JSONName: RegexAutomaton?] = [:]

    /// When to give up; nil for no such time.
    private let deadline: ContinuousClock.Instant?
    private var isLate = false

    init(_ sets: SchemaSets, until deadline: ContinuousClock.Instant? = nil) {
        self.sets = sets
        self.deadline = deadline
        evaluation = SetEvaluation(sets)
    }

    /// Looks for up to `limit` members of the set that assertions describe: of each alternative one.
    func solve(_ assertions: [Assertion], within goal: Goal = Goal(), limit: Int = 1) -> Outcome {
        steps += assertions.count + goal.size
        guard goesOn() else { return tooMuch }
        guard let goal = GoalSimplification.add(assertions, to: goal, in: sets) else { return .empty }
        return solve(goal, limit: limit)
    }

    private var tooMuch: Outcome {
        stopped("the schemas need more \(isLate ? "time" : "work") to compare than is allowed")
    }

    /// Whether there is work and time left. A look at the clock costs less than any step.
    private func goesOn() -> Bool {
        if let deadline, !isLate { isLate = .now >= deadline }
        return steps < Self.maxSteps && !isLate
    }

    /// Notes why something inside was not decided, for what is not decided because of it.
    private func stopped(_ reason: String) -> Outcome {
        obstacle = obstacle ?? reason
        return .unknown(reason)
    }

    private func solve(_ goal: Goal, limit: Int) -> Outcome {
        if let known = done[goal], Self.isEnough(known, limit) { return known.outcome }
        if let depth = open[goal] ?? conditional[goal] {
            lowest = min(lowest, depth)
            return .empty
        }
        steps += goal.size
        guard goesOn() else { return tooMuch }
        guard open.count < Self.maxDepth else {
            return stopped("the schemas are nested deeper than can be compared")
        }
        let depth = open.count
        let (outer, mark) = (lowest, conditionalOrder.count)
        open[goal] = depth
        lowest = .max
        let outcome = decide(goal, limit: limit)
        open[goal] = nil
        close(goal, outcome, depth, since: mark, limit)
        lowest = min(outer, lowest < depth ? lowest : .max)
        return outcome
    }

    private static func isEnough(_ known: (outcome: Outcome, limit: Int), _ limit: Int) -> Bool {
        if case .found(let members) = known.outcome { members.count >= limit || known.limit >= limit } else { true }
    }

    /// Files an outcome, and those that were found under the assumption that this goal is empty.
    private func close(_ goal: Goal, _ outcome: Outcome, _ depth: Int, since mark: Int, _ limit: Int) {
        let isSettled = lowest >= depth
        if case .empty = outcome {
            conditionalOrder.append(goal)
            conditional[goal] = lowest
            for known in conditionalOrder[mark...] {
                guard isSettled else {
                    conditional[known] = min(conditional[known] ?? lowest, lowest)
                    continue
                }
                conditional[known] = nil
                done[known] = (.empty, .max)
            }
            if isSettled { conditionalOrder.removeSubrange(mark...) }
            return
        }
        for known in conditionalOrder[mark...] { conditional[known] = nil }
        conditionalOrder.removeSubrange(mark...)
        if case .found = outcome {
            done[goal] = (outcome, limit)
        } else if isSettled {
            done[goal] = (outcome, limit)
        }
    }

    // MARK: Taking apart

    private func decide(_ goal: Goal, limit: Int) -> Outcome {
        if let listed = listed(goal) { return members(of: goal, among: listed, limit: limit) }
        let parts = Kinds.parts.filter { !goal.kinds.isDisjoint(with: $0) }
        if parts.count > 1 {
            return any(limit) { tally in
                for part in parts {
                    var narrowed = goal
                    narrowed.kinds.formIntersection(part)
                    if tally.add(solve([], within: narrowed, limit: limit)) { return }
                }
            }
        }
        let goal = pruned(goal)
        if let choice = choice(in: goal) {
            return any(limit) { tally in
                for alternative in choice.alternatives
                where tally.add(solve(alternative, within: choice.goal, limit: limit)) { return }
            }
        }
        return leaf(goal, limit: limit)
    }

    private func leaf(_ goal: Goal, limit: Int) -> Outcome {
        switch goal.kinds {
        case .null: members(of: goal, among: [.null], limit: limit)
        case .boolean: members(of: goal, among: [.bool(true), .bool(false)], limit: 1)
        case .string: strings(goal)
        case .array: arrays(goal, limit: limit)
        case .object: objects(goal, limit: limit)
        default: numbers(goal)
        }
    }

    /// The values that `enum` or `const` leave.
    private func listed(_ goal: Goal) -> [JSON]? {
        var shortest: [Int]?
        for atom in goal.yes.sorted() {
            guard case .values(let values) = sets.atoms[atom] else { continue }
            if values.count < shortest?.count ?? .max { shortest = values }
        }
        return shortest?.map { sets.values[$0] }
    }

    /// Decides a goal whose members are among some values.
    func members(of goal: Goal, among values: [JSON], limit: Int) -> Outcome {
        var found: [JSON] = []
        var isKnown = true
        for value in values where found.count < limit {
            switch holds(goal, value) {
            case true: found.append(value)
            case false: break
            case nil: isKnown = false
            }
        }
        if !found.isEmpty { return .found(found) }
        return isKnown ? .empty : .unknown(undecided(goal))
    }

    func holds(_ goal: Goal, _ value: JSON) -> Bool? {
        steps += goal.size
        return evaluation.holds(goal, value)
    }

    /// Leaves out negated schemas that nothing in the rest of the goal could obey anyway.
    private func pruned(_ goal: Goal) -> Goal {
        guard goal.clauses.count > 1 else { return goal }
        var rest = goal
        for clause in goal.clauses.sorted() {
            var positive = goal
            positive.clauses = []
            positive.no = []
            if case .empty = solve([.accepts(node: clause)], within: positive) { rest.clauses.remove(clause) }
        }
        return GoalSimplification.add([], to: rest, in: sets) ?? rest
    }

    /// Gathers the outcomes of alternatives.
    private func any(_ limit: Int, _ alternatives: (inout Tally) -> Void) -> Outcome {
        var tally = Tally(limit: limit)
        alternatives(&tally)
        return tally.outcome
    }

    /// Why a goal is not decided: the first thing in it that is not understood.
    func undecided(_ goal: Goal) -> String {
        for atom in goal.yes.sorted() + goal.no.sorted() {
            guard case .opaque(let number) = sets.atoms[atom] else { continue }
            obstacle = obstacle ?? sets.opaque[number]
            return sets.opaque[number]
        }
        return obstacle
            ?? "no document was found that only the old version accepts, and no proof that there is none"
    }
}

extension SetSolver {
    /// What alternatives came to: members of any are members of all together.
    struct Tally {
        let limit: Int
        private var found: [JSON] = []
        private var reason: String?

        init(limit: Int) {
            self.limit = limit
        }

        /// - Returns: Whether there are enough.
        mutating func add(_ outcome: Outcome) -> Bool {
            switch outcome {
            case .empty: break
            case .found(let members): for member in members where !found.contains(member) { found.append(member) }
            case .unknown(let text): reason = reason ?? text
            }
            return found.count >= limit
        }

        var outcome: Outcome {
            found.isEmpty ? reason.map { .unknown($0) } ?? .empty : .found(Array(found.prefix(limit)))
        }
    }
}
