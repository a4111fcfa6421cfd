extension ProgramParts {
    /// Settles how each schema is applied when nothing is reported, once all of them are there and none refers to itself
    /// without end.
    mutating func settleRoutes() {
        if !isDynamic { followReferences() }
        // Most schemas come after those that apply them. Where one does not, it is only not seen through.
        for index in nodes.indices.reversed() { settle(index) }
        for index in plans.indices { settleEntrances(of: index) }
    }

    // MARK: References

    /// Applies to members, elements and alternatives what a schema refers to in place of one that is a reference and
    /// nothing else. Not where references are dynamic: the resources on the way count there.
    private mutating func followReferences() {
        let targets = targets()
        for index in properties.indices where properties[index].node >= 0 {
            properties[index].node = targets[Int(properties[index].node)]
        }
        for index in plans.indices where plans[index].additional.node >= 0 {
            plans[index].additional.node = targets[Int(plans[index].additional.node)]
        }
        for (index, step) in instructions.enumerated() {
            switch step.operation {
            case .items where step.a >= 0: instructions[index].a = targets[Int(step.a)]
            case .allOf, .anyOf, .oneOf:
                for place in Int(step.a)..<Int(step.a + step.b) { lists[place] = targets[Int(lists[place])] }
            default: break
            }
        }
    }

    /// For each schema the end of the chain of references that it starts; itself where it is more than one.
    private func targets() -> [Int32] {
        var targets = nodes.indices.map { reference($0) ?? Int32($0) }
        for start in targets.indices {
            var chain = [start]
            var end = targets[start]
            while targets[Int(end)] != end {
                chain.append(Int(end))
                end = targets[Int(end)]
            }
            for link in chain { targets[link] = end }
        }
        return targets
    }

    private func reference(_ index: Int) -> Int32? {
        let steps = steps(of: nodes[index])
        guard nodes[index].kinds == .all, steps.count == 1, let step = steps.first, step.operation == .reference else {
            return nil
        }
        return step.a
    }

    // MARK: Schemas

    private mutating func settle(_ index: Int) {
        let steps = steps(of: nodes[index])
        nodes[index].admitted = nodes[index].kinds
        if steps.allSatisfy(\.operation.isAssertion) {
            nodes[index].route = steps.isEmpty ? .kindOnly : .leaf
        } else if let kinds = kindsAlone(steps) {
            nodes[index].admitted.formIntersection(kinds)
            nodes[index].route = .kindOnly
        } else if !isDynamic, !nodes[index].tracksEvaluation {
            nodes[index].route = .plain
        }
    }

    private func steps(of node: SchemaNode) -> ArraySlice<Instruction> {
        instructions[Int(node.first[0])..<Int(node.first[SchemaNode.sections])]
    }

    /// The kinds that alternatives between kinds leave, nil when anything else is asked of a value.
    private func kindsAlone(_ steps: ArraySlice<Instruction>) -> KindSet? {
        var kinds = KindSet.all
        for step in steps {
            guard let found = kindsAlone(step) else { return nil }
            kinds.formIntersection(found)
        }
        return kinds
    }

    private func kindsAlone(_ step: Instruction) -> KindSet? {
        guard step.operation == .anyOf || step.operation == .oneOf else { return nil }
        var kinds: KindSet = []
        for alternative in lists[Int(step.a)..<Int(step.a + step.b)] {
            let node = nodes[Int(alternative)]
            guard node.route == .kindOnly else { return nil }
            if step.operation == .oneOf, !kinds.isDisjoint(with: node.admitted) { return nil }
            kinds.formUnion(node.admitted)
        }
        return kinds
    }

    // MARK: Members

    private mutating func settleEntrances(of plan: Int) {
        let additional = entrance(of: plans[plan].additional.node)
        plans[plan].additional = additional
        let first = Int(plans[plan].firstProperty)
        for index in first..<first + Int(plans[plan].propertyCount) {
            let node = properties[index].node
            properties[index].entrance = node < 0 ? additional : entrance(of: node)
        }
    }

    private func entrance(of number: Int32) -> Entrance {
        number < 0 ? Entrance() : nodes[Int(number)].entrance(number)
    }
}
