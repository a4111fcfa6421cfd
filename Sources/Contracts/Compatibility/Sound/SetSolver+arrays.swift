import JSON

extension SetSolver {
    /// What a goal says of arrays.
    private struct Arrays {
        var minItems = 0
        var maxItems = Int.max
        var isUnique = false
        var isRepeating = false
        var items: [Int: [Int]] = [:]
        var rests: [(index: Int, node: Int)] = []
        var atLeast: [(count: Int, node: Int)] = []
        var atMost: [(count: Int, node: Int)] = []
        /// Elements that must be refused by a schema, each at one of some places.
        var demands: [(places: ClosedRange<Int>, node: Int)] = []
        /// From here on all places are alike.
        var tail = 0

        /// What holds of the element at a place.
        func element(_ index: Int) -> [Assertion] {
            (items[index] ?? []).map { .accepts(node: $0) }
                + rests.filter { $0.index <= index }.map { .accepts(node: $0.node) }
        }

        /// One place of each sort that an array can have.
        var places: Range<Int> { 0..<min(tail + 1, maxItems) }
    }

    private static let maxTail = 500
    private static let maxElements = 500
    private static let maxPlacements = 40
    /// Places among which equal elements are looked for.
    private static let maxPairs = 20

    /// Decides a goal of arrays: each demand alone against every place, then all together by building an array.
    func arrays(_ goal: Goal, limit: Int) -> Outcome {
        var arrays = gather(goal)
        guard arrays.tail <= Self.maxTail else { return .unknown("a tuple is longer than can be compared") }
        for place in arrays.places {
            if case .empty = solve(arrays.element(place)) { arrays.maxItems = min(arrays.maxItems, place) }
        }
        if arrays.minItems > arrays.maxItems || isContainmentEmpty(arrays) { return .empty }
        for demand in arrays.demands where viable(demand, arrays).isEmpty { return .empty }
        if arrays.isRepeating, arrays.tail < Self.maxPairs, pairs(arrays).isEmpty { return .empty }
        var tally = Tally(limit: limit)
        for placement in placements(arrays) {
            for array in build(placement, arrays, goal, limit) where holds(goal, .array(array)) == true {
                if tally.add(.found([.array(array)])) { return tally.outcome }
            }
        }
        _ = tally.add(.unknown(undecided(goal)))
        return tally.outcome
    }

    private func gather(_ goal: Goal) -> Arrays {
        var arrays = Arrays()
        for atom in goal.yes.sorted() {
            switch sets.atoms[atom] {
            case .minItems(let count): arrays.minItems = max(arrays.minItems, count)
            case .maxItems(let count): arrays.maxItems = min(arrays.maxItems, count)
            case .uniqueItems: arrays.isUnique = true
            case .item(let index, let node): arrays.items[index, default: []].append(node)
            case .itemsFrom(let index, let node): arrays.rests.append((index, node))
            case .containsAtLeast(let count, let node): arrays.atLeast.append((count, node))
            case .containsAtMost(let count, let node): arrays.atMost.append((count, node))
            default: break
            }
        }
        arrays.tail = max(arrays.rests.map(\.index).max() ?? 0, (arrays.items.keys.max() ?? -1) + 1)
        for atom in goal.no.sorted() {
            switch sets.atoms[atom] {
            case .minItems(let count): arrays.maxItems = min(arrays.maxItems, count - 1)
            case .maxItems(let count): arrays.minItems = max(arrays.minItems, count + 1)
            case .uniqueItems: arrays.isRepeating = true
            case .item(let index, let node): arrays.demands.append((index...index, node))
            case .itemsFrom(let index, let node): arrays.demands.append((index...max(index, arrays.tail), node))
            case .containsAtLeast(let count, let node): arrays.atMost.append((count - 1, node))
            case .containsAtMost(let count, let node): arrays.atLeast.append((count + 1, node))
            default: break
            }
        }
        arrays.tail = max(arrays.tail, arrays.demands.map(\.places.upperBound).max() ?? 0)
        return arrays
    }

    private func isEmpty(_ assertions: [Assertion]) -> Bool {
        if case .empty = solve(assertions) { true } else { false }
    }

    /// Whether `contains` and its bounds contradict each other or the elements.
    private func isContainmentEmpty(_ arrays: Arrays) -> Bool {
        for (count, node) in arrays.atLeast {
            if count > arrays.maxItems { return true }
            if arrays.places.allSatisfy({ isEmpty(arrays.element($0) + [.accepts(node: node)]) }) { return true }
            for (most, other) in arrays.atMost where count > most {
                if node == other || isEmpty([.accepts(node: node), .refuses(node: other)]) { return true }
            }
        }
        for (most, node) in arrays.atMost where arrays.minItems > most {
            if arrays.places.allSatisfy({ isEmpty(arrays.element($0) + [.refuses(node: node)]) }) { return true }
        }
        return false
    }

    /// The places where a demand can be met, as far as that shows.
    private func viable(_ demand: (places: ClosedRange<Int>, node: Int), _ arrays: Arrays) -> [Int] {
        demand.places.filter { place in
            place < arrays.maxItems && !isEmpty(arrays.element(place) + [.refuses(node: demand.node)])
        }
    }

    /// The pairs of places that can hold equal elements, as far as that shows.
    private func pairs(_ arrays: Arrays) -> [(Int, Int)] {
        var found: [(Int, Int)] = []
        for second in 1...max(1, min(arrays.tail + 1, Self.maxPairs)) where second < arrays.maxItems {
            for first in 0..<second where !isEmpty(arrays.element(first) + arrays.element(second)) {
                found.append((first, second))
            }
        }
        return found
    }

    // MARK: Building

    /// What elements must be beside what their place asks for.
    private struct Placement {
        var elements: [Int: [Assertion]] = [:]
        /// Places that hold equal elements.
        var pair: (first: Int, second: Int)?
        /// Places with a demand, whose elements are varied.
        var varied: Set<Int> = []
    }

    private func placements(_ arrays: Arrays) -> [Placement] {
        var placements = [Placement()]
        for demand in arrays.demands {
            placements = placements.flatMap { placement in
                viable(demand, arrays).map { place in
                    var next = placement
                    next.elements[place, default: []].append(.refuses(node: demand.node))
                    next.varied.insert(place)
                    return next
                }
            }
            placements = Array(placements.prefix(Self.maxPlacements))
        }
        if arrays.isRepeating {
            placements = placements.flatMap { placement in
                pairs(arrays).prefix(4).map { pair in
                    var next = placement
                    next.pair = pair
                    next.elements[pair.0, default: []] += arrays.element(pair.1)
                    return next
                }
            }
        }
        return placements.map { containing($0, arrays) }
    }

    /// Adds elements that `contains` asks for, and keeps others from being counted.
    private func containing(_ placement: Placement, _ arrays: Arrays) -> Placement {
        var placement = placement
        for (count, node) in arrays.atLeast where count <= Self.maxElements {
            var left = count
            for place in 0..<min(arrays.maxItems, arrays.tail + count + 1) where left > 0 {
                let wanted = (placement.elements[place] ?? []) + [.accepts(node: node)]
                guard !isEmpty(arrays.element(place) + wanted) else { continue }
                placement.elements[place] = wanted
                left -= 1
            }
        }
        return placement
    }

    private func build(_ placement: Placement, _ arrays: Arrays, _ goal: Goal, _ limit: Int) -> [[JSON]] {
        let last = max(placement.elements.keys.max() ?? -1, placement.pair?.second ?? -1)
        let count = max(arrays.minItems, last + 1)
        guard count <= min(arrays.maxItems, Self.maxElements) else { return [] }
        var built: [[JSON]] = [[]]
        for place in 0..<count {
            if let pair = placement.pair, place == pair.second {
                built = built.map { $0 + [$0[pair.first]] }
                continue
            }
            let isVaried = placement.varied.contains(place)
            built = built.flatMap { array in
                elements(place, placement, arrays, besides: array, isVaried ? limit : 1).map { array + [$0] }
            }
            built = Array(built.prefix(max(1, limit)))
        }
        return built
    }

    /// Elements for a place; where elements are unique, others than those that are there.
    private func elements(
        _ place: Int,
        _ placement: Placement,
        _ arrays: Arrays,
        besides array: [JSON],
        _ limit: Int
    ) -> [JSON] {
        var assertions = arrays.element(place) + (placement.elements[place] ?? [])
        if arrays.isUnique, !array.isEmpty {
            let taken = Set(array.map { sets.value($0) }).sorted()
            assertions.append(.no(atom: sets.atom(.values(taken))))
        }
        if placement.elements[place] == nil || !arrays.atLeast.isEmpty {
            for (_, node) in arrays.atMost {
                let other = assertions + [.refuses(node: node)]
                if !isEmpty(other) { assertions = other }
            }
        }
        if case .found(let values) = solve(assertions, limit: limit) { return values }
        return []
    }
}
