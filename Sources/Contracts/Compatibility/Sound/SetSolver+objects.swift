import JSON

extension SetSolver {
    /// What a goal says of objects.
    struct Objects {
        var minProperties = 0
        var maxProperties = Int.max
        var required: [JSONName] = []
        var absent: Set<JSONName> = []
        var properties: [JSONName: [Int]] = [:]
        var patterns: [(pattern: JSONName, node: Int)] = []
        var additional: [(names: Set<JSONName>, patterns: [JSONName], node: Int)] = []
        var nameNodes: [Int] = []
        var demands: [Demand] = []
        /// All names that the goal mentions.
        var mentioned: Set<JSONName> = []
    }

    /// A member that must be there and be refused by a schema.
    enum Demand {
        case named(JSONName, node: Int)
        case matching(JSONName, node: Int)
        case outside(names: [JSONName], patterns: [JSONName], node: Int)
        /// The name itself is refused.
        case naming(node: Int)
    }

    /// A member that meets a demand.
    struct Option {
        let name: JSONName
        /// Of its value, beside what the name asks for.
        let value: [Assertion]
    }

    /// The options of a demand; not all where something is not known.
    struct Options {
        var list: [Option] = []
        var isComplete = true
    }

    private static let maxMembers = 300
    private static let maxPlacements = 40

    /// Decides a goal of objects: each demand alone against every sort of name, then all together by building one.
    func objects(_ goal: Goal, limit: Int) -> Outcome {
        let objects = gather(goal)
        if objects.minProperties > objects.maxProperties || objects.required.count > objects.maxProperties {
            return .empty
        }
        var options: [Options] = []
        for demand in objects.demands {
            let found = self.options(demand, objects)
            if found.list.isEmpty, found.isComplete { return .empty }
            options.append(found)
        }
        for name in objects.required {
            if !isPossible(name, objects) { return .empty }
        }
        if isTooSmall(objects) { return .empty }
        var tally = Tally(limit: limit)
        for placement in placements(options, objects) {
            for members in build(placement, objects, limit) where holds(goal, .object(members)) == true {
                if tally.add(.found([.object(members)])) { return tally.outcome }
            }
        }
        _ = tally.add(.unknown(undecided(goal)))
        return tally.outcome
    }

    private func gather(_ goal: Goal) -> Objects {
        var objects = Objects()
        for atom in goal.yes.sorted() { require(sets.atoms[atom], &objects) }
        for atom in goal.no.sorted() { deny(sets.atoms[atom], &objects) }
        objects.mentioned.formUnion(objects.required)
        objects.mentioned.formUnion(objects.absent)
        objects.mentioned.formUnion(objects.properties.keys)
        for (names, _, _) in objects.additional { objects.mentioned.formUnion(names) }
        return objects
    }

    private func require(_ atom: Atom, _ objects: inout Objects) {
        switch atom {
        case .minProperties(let count): objects.minProperties = max(objects.minProperties, count)
        case .maxProperties(let count): objects.maxProperties = min(objects.maxProperties, count)
        case .required(let name): objects.required.append(name)
        case .property(let name, let node): objects.properties[name, default: []].append(node)
        case .patternProperty(let pattern, let node): objects.patterns.append((pattern, node))
        case .additional(let names, let patterns, let node): objects.additional.append((Set(names), patterns, node))
        case .propertyNames(let node): objects.nameNodes.append(node)
        default: break
        }
    }

    private func deny(_ atom: Atom, _ objects: inout Objects) {
        switch atom {
        case .minProperties(let count): objects.maxProperties = min(objects.maxProperties, count - 1)
        case .maxProperties(let count): objects.minProperties = max(objects.minProperties, count + 1)
        case .required(let name): objects.absent.insert(name)
        case .property(let name, let node): objects.demands.append(.named(name, node: node))
        case .patternProperty(let pattern, let node): objects.demands.append(.matching(pattern, node: node))
        case .additional(let names, let patterns, let node):
            objects.demands.append(.outside(names: names, patterns: patterns, node: node))
            objects.mentioned.formUnion(names)
        case .propertyNames(let node): objects.demands.append(.naming(node: node))
        default: break
        }
    }

    /// Whether a member of this name can be there, as far as that shows.
    private func isPossible(_ name: JSONName, _ objects: Objects) -> Bool {
        if objects.absent.contains(name) || refusesName(name, objects) { return false }
        guard let value = value(name, objects) else { return true }
        if case .empty = solve(value) { return false }
        return true
    }

    /// Whether the objects cannot have as many members as they must, since there are no further names.
    private func isTooSmall(_ objects: Objects) -> Bool {
        guard objects.minProperties > objects.required.count else { return false }
        let others = options(.outside(names: [], patterns: [], node: sets.nothing), objects, isFresh: true)
        guard others.isComplete, others.list.isEmpty else { return false }
        return objects.mentioned.count { isPossible($0, objects) } < objects.minProperties
    }

    // MARK: Building

    private func placements(_ options: [Options], _ objects: Objects) -> [[Option]] {
        var placements: [[Option]] = [[]]
        for found in options {
            placements = placements.flatMap { placement in found.list.map { placement + [$0] } }
            placements = Array(placements.prefix(Self.maxPlacements))
        }
        return placements
    }

    private func build(_ placement: [Option], _ objects: Objects, _ limit: Int) -> [[(String, JSON)]] {
        var asked: [JSONName: [Assertion]] = [:]
        for option in placement { asked[option.name, default: []] += option.value }
        var names = objects.required
        for option in placement where !names.contains(option.name) { names.append(option.name) }
        guard names.count <= objects.maxProperties, fill(&names, objects) else { return [] }
        var built: [[(String, JSON)]] = [[]]
        for name in names {
            guard let value = value(name, objects) else { return [] }
            let extra = asked[name]
            guard case .found(let values) = solve(value + (extra ?? []), limit: extra == nil ? 1 : limit) else {
                return []
            }
            built = built.flatMap { members in
                values.prefix(extra == nil ? 1 : limit).map { members + [(name.text, $0)] }
            }
            built = Array(built.prefix(max(1, limit)))
        }
        return built
    }

    /// Adds members until there are enough: declared ones first, then others.
    private func fill(_ names: inout [JSONName], _ objects: Objects) -> Bool {
        guard objects.minProperties <= Self.maxMembers else { return false }
        var known = objects.mentioned
        for name in objects.properties.keys.sorted(by: { $0.text < $1.text })
        where names.count < objects.minProperties && !names.contains(name) {
            guard !objects.absent.contains(name), !refusesName(name, objects), let value = value(name, objects) else {
                continue
            }
            if case .found = solve(value) { names.append(name) }
        }
        while names.count < objects.minProperties {
            var wider = objects
            wider.mentioned = known.union(names)
            let others = options(.outside(names: [], patterns: [], node: sets.nothing), wider, isFresh: true)
            guard let next = others.list.first else { return false }
            names.append(next.name)
            known.insert(next.name)
        }
        return true
    }
}
