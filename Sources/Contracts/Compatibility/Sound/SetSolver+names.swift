import JSON

/// Which names can meet a demand: those that the goal mentions one by one, all others by the patterns they match.
extension SetSolver {
    /// Patterns of one object whose combinations are tried; more are not understood.
    private static let maxPatterns = 5

    /// What the values of a member of this name must be; nil when a pattern is not decided.
    func value(_ name: JSONName, _ objects: Objects) -> [Assertion]? {
        var assertions = (objects.properties[name] ?? []).map { Assertion.accepts(node: $0) }
        for (pattern, node) in objects.patterns {
            guard let matches = evaluation.patterns.matches(pattern, name.text) else { return nil }
            if matches { assertions.append(.accepts(node: node)) }
        }
        for (names, patterns, node) in objects.additional {
            guard let applies = evaluation.patterns.isAdditional(name.text, names.contains(name), patterns) else {
                return nil
            }
            if applies { assertions.append(.accepts(node: node)) }
        }
        return assertions
    }

    func refusesName(_ name: JSONName, _ objects: Objects) -> Bool {
        objects.nameNodes.contains { evaluation.holds(node: $0, .string(name.text)) == false }
    }

    /// The members that can meet a demand.
    /// - Parameters:
    ///   - demand: What the member must meet.
    ///   - objects: What is known of the object.
    ///   - isFresh: Whether only names count that the goal does not mention.
    /// - Returns: One member for each name that is mentioned and each sort of other names.
    func options(_ demand: Demand, _ objects: Objects, isFresh: Bool = false) -> Options {
        var options = Options()
        if case .named(let name, let node) = demand {
            add(name, [.refuses(node: node)], objects, &options)
        } else {
            if !isFresh {
                for name in objects.mentioned.inOrder { addMentioned(name, demand, objects, &options) }
            }
            addFresh(demand, objects, &options)
        }
        guard objects.required.count >= objects.maxProperties else { return options }
        // There is no room for any other member.
        let required = Set(objects.required)
        options.list.removeAll { !required.contains($0.name) }
        return options
    }

    private func add(_ name: JSONName, _ extra: [Assertion], _ objects: Objects, _ options: inout Options) {
        if objects.absent.contains(name) || refusesName(name, objects) { return }
        guard let value = value(name, objects) else {
            options.isComplete = false
            return
        }
        switch solve(value + extra) {
        case .empty: break
        case .found: options.list.append(Option(name: name, value: extra))
        case .unknown: options.isComplete = false
        }
    }

    private func addMentioned(_ name: JSONName, _ demand: Demand, _ objects: Objects, _ options: inout Options) {
        let verdict: Bool?
        var extra: [Assertion] = []
        switch demand {
        case .named: return
        case .matching(let pattern, let node):
            verdict = evaluation.patterns.matches(pattern, name.text)
            extra = [.refuses(node: node)]
        case .outside(let names, let patterns, let node):
            verdict = evaluation.patterns.isAdditional(name.text, names.contains(name), patterns)
            extra = [.refuses(node: node)]
        case .naming(let node): verdict = evaluation.holds(node: node, .string(name.text)).map { !$0 }
        }
        switch verdict {
        case true: add(name, extra, objects, &options)
        case false: break
        case nil: options.isComplete = false
        }
    }

    // MARK: Names that are not mentioned

    /// Tries every combination of the patterns that the goal has.
    private func addFresh(_ demand: Demand, _ objects: Objects, _ options: inout Options) {
        var patterns = Set(objects.patterns.map(\.pattern))
        for (_, listed, _) in objects.additional { patterns.formUnion(listed) }
        switch demand {
        case .matching(let pattern, _): patterns.insert(pattern)
        case .outside(_, let listed, _): patterns.formUnion(listed)
        case .named, .naming: break
        }
        guard patterns.count <= Self.maxPatterns else {
            options.isComplete = false
            return
        }
        let ordered = patterns.inOrder
        for choice in 0..<(1 << ordered.count) {
            let matched = ordered.indices.filter { choice >> $0 & 1 == 1 }.map { ordered[$0] }
            if isWithin(demand, matched) { addFresh(demand, matched, ordered, objects, &options) }
        }
    }

    private func isWithin(_ demand: Demand, _ matched: [JSONName]) -> Bool {
        switch demand {
        case .named: false
        case .matching(let pattern, _): matched.contains(pattern)
        case .outside(_, let listed, _): !listed.contains(where: matched.contains)
        case .naming: true
        }
    }

    private func addFresh(
        _ demand: Demand,
        _ matched: [JSONName],
        _ patterns: [JSONName],
        _ objects: Objects,
        _ options: inout Options
    ) {
        var value = objects.patterns.filter { matched.contains($0.pattern) }.map { Assertion.accepts(node: $0.node) }
        for (_, listed, node) in objects.additional where !listed.contains(where: matched.contains) {
            value.append(.accepts(node: node))
        }
        var extra: [Assertion] = []
        var refusing: Int?
        switch demand {
        case .named: return
        case .matching(_, let node), .outside(_, _, let node): extra = [.refuses(node: node)]
        case .naming(let node): refusing = node
        }
        let values = solve(value + extra)
        if case .empty = values { return }
        let found = name(
            matching: matched,
            excluding: patterns.filter { !matched.contains($0) },
            nodes: objects.nameNodes,
            refusing: refusing,
            besides: objects.mentioned
        )
        switch (found, values) {
        case (.empty, _): break
        case (.found(let names), .found):
            guard let name = names.first?.string else { return }
            options.list.append(Option(name: JSONName(name), value: extra))
        default: options.isComplete = false
        }
    }
}
