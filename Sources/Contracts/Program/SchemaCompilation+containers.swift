import JSON

extension SchemaCompilation {
    mutating func arrays(_ compiler: inout ContractCompiler) throws(ContractError) {
        if dialect.allows(.validation) {
            try bound("minItems", .minItems, .array)
            try bound("maxItems", .maxItems, .array)
            if entry.json["uniqueItems"]?.boolValue == true { emit(.array, Instruction(operation: .uniqueItems)) }
        }
        if dialect.allows(.applicator) {
            try items(&compiler)
            try contains(&compiler)
        }
        try unevaluated("unevaluatedItems", .unevaluatedItems, &compiler)
    }

    /// Before 2020-12 `items` is one schema for all or a list for the first ones, and `additionalItems` follows
    /// such a list only; since then the list is `prefixItems` and `items` is the rest.
    private mutating func items(_ compiler: inout ContractCompiler) throws(ContractError) {
        let isNew = dialect.draft == .draft202012
        let (listKeyword, restKeyword) = isNew ? ("prefixItems", "items") : ("items", "additionalItems")
        var prefix: [Int32] = []
        var rest: Int32 = -1
        if let elements = entry.json[listKeyword]?.elements {
            for index in elements.indices { prefix.append(try compiler.child(of: entry, listKeyword, String(index))) }
            if entry.json[restKeyword] != nil { rest = try compiler.child(of: entry, restKeyword) }
        } else if entry.json["items"] != nil {
            rest = try compiler.child(of: entry, "items")
        }
        guard rest >= 0 || !prefix.isEmpty else { return }
        let list = compiler.list(prefix)
        emit(.array, Instruction(operation: .items, a: rest, b: Int32(prefix.count), c: list))
    }

    private mutating func contains(_ compiler: inout ContractCompiler) throws(ContractError) {
        guard dialect.draft >= .draft6, entry.json["contains"] != nil else { return }
        let node = try compiler.child(of: entry, "contains")
        let hasBounds = dialect.draft >= .draft201909 && dialect.allows(.validation)
        let least = hasBounds ? try count("minContains") ?? 1 : 1
        let most = hasBounds ? try count("maxContains") ?? -1 : -1
        // Only since 2020-12 do the elements that match count as evaluated.
        let marks: Int32 = dialect.draft == .draft202012 ? 1 : 0
        emit(.array, Instruction(operation: .contains, a: node, b: compiler.list([least, most, marks])))
    }

    mutating func objects(_ compiler: inout ContractCompiler) throws(ContractError) {
        if dialect.allows(.validation) {
            try bound("minProperties", .minProperties, .object)
            try bound("maxProperties", .maxProperties, .object)
        }
        try members(&compiler)
        if dialect.draft >= .draft201909, dialect.allows(.validation), let names = entry.json["dependentRequired"] {
            let constant = try requirements(names, "dependentRequired", &compiler)
            emit(.object, Instruction(operation: .dependentRequired, a: constant, b: 0))
        }
        if dialect.allows(.applicator) {
            if dialect.draft >= .draft6, entry.json["propertyNames"] != nil {
                let node = try compiler.child(of: entry, "propertyNames")
                emit(.object, Instruction(operation: .propertyNames, a: node))
            }
            if dialect.draft >= .draft201909 { try dependentSchemas("dependentSchemas", &compiler) }
            try dependencies(&compiler)
        }
        try unevaluated("unevaluatedProperties", .unevaluatedProperties, &compiler)
    }

    private mutating func unevaluated(
        _ keyword: String,
        _ operation: Operation,
        _ compiler: inout ContractCompiler
    ) throws(ContractError) {
        guard dialect.draft >= .draft201909, dialect.allows(.unevaluated), entry.json[keyword] != nil else { return }
        emit(.unevaluated, Instruction(operation: operation, a: try compiler.child(of: entry, keyword)))
    }

    // MARK: Dependencies

    /// `dependencies` of drafts 4 to 7, which later ones split in two but tolerate.
    private mutating func dependencies(_ compiler: inout ContractCompiler) throws(ContractError) {
        guard let members = entry.json["dependencies"]?.members else { return }
        let lists = members.filter { $0.1.kind == .array || $0.1.kind == .string }
        if !lists.isEmpty {
            let constant = try requirements(.object(lists), "dependencies", &compiler)
            emit(.object, Instruction(operation: .dependentRequired, a: constant, b: 1))
        }
        try dependentSchemas("dependencies", &compiler)
    }

    private func requirements(
        _ json: JSON,
        _ keyword: String,
        _ compiler: inout ContractCompiler
    ) throws(ContractError) -> Int32 {
        guard let members = json.members else { throw wrong(keyword, "an object of lists of member names") }
        var checked: [(String, JSON)] = []
        for (name, value) in members {
            let names = value.elements ?? [value]
            guard names.allSatisfy({ $0.kind == .string }) else {
                throw wrong(keyword, "an object of lists of member names")
            }
            checked.append((name, .array(names)))
        }
        return compiler.constant(.object(checked))
    }

    private mutating func dependentSchemas(
        _ keyword: String,
        _ compiler: inout ContractCompiler
    ) throws(ContractError) {
        guard let members = entry.json[keyword]?.members?.filter({ $0.1.isSchema }), !members.isEmpty else { return }
        var nodes: [Int32] = []
        for (name, _) in members {
            let node = try compiler.child(of: entry, keyword, name)
            compiler.noteInPlace(number, applies: node)
            nodes.append(node)
        }
        let names = compiler.constant(.array(members.map { .string($0.0) }))
        emit(.object, Instruction(operation: .dependentSchemas, a: names, b: compiler.list(nodes)))
    }

    // MARK: Members

    /// `required`, `properties`, `patternProperties` and `additionalProperties` in one walk over the members.
    private mutating func members(_ compiler: inout ContractCompiler) throws(ContractError) {
        var table: [(name: String, node: Int32, required: Int32)] = []
        var positions: [[UInt8]: Int] = [:]
        var plan = MemberPlan()
        if dialect.allows(.applicator) {
            for (name, _) in entry.json["properties"]?.members ?? [] {
                guard positions.updateValue(table.count, forKey: Array(name.utf8)) == nil else { continue }
                table.append((name, try compiler.child(of: entry, "properties", name), -1))
            }
            try patterns(&plan, &compiler)
            if entry.json["additionalProperties"] != nil {
                plan.additional.node = try compiler.child(of: entry, "additionalProperties")
            }
        }
        for name in try required() {
            let position = positions[Array(name.utf8), default: table.count]
            if position == table.count {
                positions[Array(name.utf8)] = position
                table.append((name, -1, -1))
            }
            if table[position].required < 0 {
                table[position].required = plan.requiredCount
                plan.requiredCount += 1
            }
        }
        guard !table.isEmpty || plan.patternCount > 0 || plan.additional.node >= 0 else { return }
        compiler.file(table, in: &plan)
        compiler.parts.plans.append(plan)
        emit(.object, Instruction(operation: .members, a: Int32(compiler.parts.plans.count - 1)))
    }

    private func required() throws(ContractError) -> [String] {
        guard dialect.allows(.validation), let value = entry.json["required"] else { return [] }
        let names = value.elements?.compactMap(\.string)
        guard let names, names.count == value.elements?.count else {
            throw wrong("required", "a list of member names")
        }
        return names
    }

    private func patterns(_ plan: inout MemberPlan, _ compiler: inout ContractCompiler) throws(ContractError) {
        guard let members = entry.json["patternProperties"]?.members else { return }
        var found: [PatternNode] = []
        for (source, _) in members {
            let pointer = appending(source, to: entry.pointer + "/patternProperties")
            let pattern = try compiler.pattern(source, pointer: pointer)
            let node = try compiler.child(of: entry, "patternProperties", source)
            found.append(PatternNode(pattern: pattern, node: node))
        }
        plan.firstPattern = Int32(compiler.parts.patternNodes.count)
        plan.patternCount = Int32(found.count)
        compiler.parts.patternNodes.append(contentsOf: found)
    }
}

extension ContractCompiler {
    /// Lays the names of one object schema out as a hash table with linear probing, at most half full.
    mutating func file(_ table: [(name: String, node: Int32, required: Int32)], in plan: inout MemberPlan) {
        plan.firstProperty = Int32(parts.properties.count)
        plan.propertyCount = Int32(table.count)
        var size: Int32 = 2
        while size < table.count * 2 { size *= 2 }
        plan.firstSlot = Int32(parts.slots.count)
        plan.slotMask = size - 1
        parts.slots.append(contentsOf: [Int32](repeating: -1, count: Int(size)))
        for row in table {
            let bytes = Array(row.name.utf8)
            let (key, hash) = unsafe bytes.withUnsafeBufferPointer {
                let key = unsafe TextKey($0)
                return unsafe (key, key.hash(of: $0))
            }
            var slot = Int32(bitPattern: hash) & plan.slotMask
            while parts.slots[Int(plan.firstSlot + slot)] >= 0 { slot = (slot + 1) & plan.slotMask }
            parts.slots[Int(plan.firstSlot + slot)] = Int32(parts.properties.count)
            parts.properties.append(
                Property(
                    key: key,
                    nameStart: Int32(parts.names.count),
                    node: row.node,
                    required: row.required
                )
            )
            parts.names.append(contentsOf: bytes)
        }
        parts.properties.append(.end)
    }
}
