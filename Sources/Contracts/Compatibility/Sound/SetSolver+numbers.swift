import JSON

extension SetSolver {
    /// What a goal says of numbers.
    private struct Numbers {
        /// The greatest lower and least upper bound.
        var lower: (value: ExactDecimal, isExclusive: Bool)?
        var upper: (value: ExactDecimal, isExclusive: Bool)?
        /// All are multiples of it.
        var unit: ExactDecimal?
        /// None is a multiple of these.
        var avoided: [ExactDecimal] = []
        /// Whether the unit could not be computed.
        var isInexact = false

        mutating func raise(_ value: ExactDecimal, _ isExclusive: Bool) {
            guard let lower else {
                lower = (value, isExclusive)
                return
            }
            if value > lower.value || value == lower.value && isExclusive { self.lower = (value, isExclusive) }
        }

        mutating func cap(_ value: ExactDecimal, _ isExclusive: Bool) {
            guard let upper else {
                upper = (value, isExclusive)
                return
            }
            if value < upper.value || value == upper.value && isExclusive { self.upper = (value, isExclusive) }
        }

        mutating func divide(by divisor: ExactDecimal) {
            guard let unit else {
                unit = divisor
                return
            }
            let common = unit.leastCommonMultiple(divisor)
            if common == nil { isInexact = true }
            self.unit = common ?? unit
        }

        var isEmpty: Bool {
            guard let lower, let upper else { return false }
            return lower.value > upper.value || lower.value == upper.value && (lower.isExclusive || upper.isExclusive)
        }

        /// The smallest and greatest multiple of the unit within the bounds.
        func ends(_ unit: ExactDecimal) -> (ExactDecimal?, ExactDecimal?) {
            let first = lower.flatMap { bound -> ExactDecimal? in
                guard let below = bound.value.roundedDown(to: unit) else { return nil }
                return below == bound.value && !bound.isExclusive ? below : below.adding(unit)
            }
            let last = upper.flatMap { bound -> ExactDecimal? in
                guard let below = bound.value.roundedDown(to: unit) else { return nil }
                return below == bound.value && bound.isExclusive ? below.adding(unit.negated) : below
            }
            return (first, last)
        }
    }

    private static let maxEnumerated = 300

    /// Decides a goal of numbers: bounds and multiples exactly, the rest by trying numbers beside them.
    func numbers(_ goal: Goal) -> Outcome {
        let numbers = gather(goal)
        if numbers.isEmpty { return .empty }
        let isWhole = numbers.unit.map { $0.isWhole } ?? false
        if goal.kinds == .fraction, isWhole { return .empty }
        if let unit = numbers.unit {
            if numbers.avoided.contains(where: { unit.isMultiple(of: $0) == true }) { return .empty }
            if let listed = listed(numbers, unit) {
                return members(of: goal, among: write(listed, goal), limit: 1)
            }
        }
        if let single = numbers.lower?.value, single == numbers.upper?.value {
            return members(of: goal, among: write([single], goal), limit: 1)
        }
        let found = members(of: goal, among: write(candidates(numbers), goal), limit: 1)
        if case .found = found { return found }
        return .unknown(undecided(goal))
    }

    private func gather(_ goal: Goal) -> Numbers {
        var numbers = Numbers()
        if goal.kinds.isSubset(of: .whole) { numbers.unit = .one }
        for atom in goal.yes.sorted() {
            switch sets.atoms[atom] {
            case .minimum(let value, let isExclusive): numbers.raise(value, isExclusive)
            case .maximum(let value, let isExclusive): numbers.cap(value, isExclusive)
            case .multipleOf(let unit): numbers.divide(by: unit)
            default: break
            }
        }
        for atom in goal.no.sorted() {
            switch sets.atoms[atom] {
            case .minimum(let value, let isExclusive): numbers.cap(value, !isExclusive)
            case .maximum(let value, let isExclusive): numbers.raise(value, !isExclusive)
            case .multipleOf(let unit): numbers.avoided.append(unit)
            default: break
            }
        }
        return numbers
    }

    /// All multiples of the unit within the bounds, if they are few. Where the unit is a divisor of the true one they
    /// are too many, but still all.
    private func listed(_ numbers: Numbers, _ unit: ExactDecimal) -> [ExactDecimal]? {
        guard case (let first?, let last?) = numbers.ends(unit) else { return nil }
        var listed: [ExactDecimal] = []
        var next = first
        while next <= last {
            guard listed.count < Self.maxEnumerated, let after = next.adding(unit) else { return nil }
            listed.append(next)
            next = after
        }
        return listed
    }

    /// Numbers at which verdicts change, and beside them.
    private func candidates(_ numbers: Numbers) -> [ExactDecimal] {
        var found: [ExactDecimal] = []
        let step = numbers.unit ?? .one
        let (first, last) = numbers.unit.map { numbers.ends($0) } ?? (numbers.lower?.value, numbers.upper?.value)
        if numbers.lower == nil && numbers.upper == nil { found.append(.zero) }
        let downwards = first == nil && last != nil
        var next: ExactDecimal? = first ?? last ?? .zero
        for _ in 0..<24 {
            guard let value = next else { break }
            found.append(value)
            if let half = step.half, numbers.unit == nil {
                if let between = value.adding(downwards ? half.negated : half) { found.append(between) }
            }
            next = value.adding(downwards ? step.negated : step)
        }
        if let last { found += [last, last.adding(step.negated)].compactMap { $0 } }
        if numbers.unit == nil, let first, let last {
            found += [first.adding(last)?.half].compactMap { $0 }
        }
        for unit in numbers.avoided {
            for base in [ExactDecimal.zero, first, last] {
                guard let base, let half = unit.half else { continue }
                found += [base.adding(half), base.adding(half.negated)].compactMap { $0 }
            }
        }
        return found
    }

    /// Zero and whole numbers first, written so that they are in a cell of the goal.
    private func write(_ numbers: [ExactDecimal], _ goal: Goal) -> [JSON] {
        let isWholeFraction = !goal.kinds.contains(.integer) && goal.kinds.contains(.wholeFraction)
        var seen: Set<ExactDecimal> = []
        let fresh = numbers.filter { seen.insert($0).inserted }
        return (fresh.filter(\.isWhole) + fresh.filter { !$0.isWhole })
            .compactMap { $0.literal(isWholeFraction: isWholeFraction && $0.isWhole) }
    }
}
