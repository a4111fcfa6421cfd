import JSON

extension ModelReading {
    func array() throws(ComparisonObstacle) -> ModelArray {
        var array = ModelArray()
        array.minItems = json["minItems"]?.number
        array.maxItems = json["maxItems"]?.number
        array.minContains = json["minContains"]?.number
        array.maxContains = json["maxContains"]?.number
        array.hasContains = draft >= .draft201909 && json["contains"] != nil
        array.isUnique = json["uniqueItems"]?.boolValue == true
        if draft == .draft202012 {
            try readItems(afterPrefix: &array)
        } else {
            try readItems(&array)
        }
        if draft >= .draft201909, json["unevaluatedItems"] != nil {
            array.unevaluated = try child("unevaluatedItems")
        }
        return array
    }

    /// `items` for all elements or by place, `additionalItems` for the rest.
    private func readItems(_ array: inout ModelArray) throws(ComparisonObstacle) {
        switch json["items"] {
        case .array(let elements): array.tuple = try children(elements.count, of: "items")
        case .some: array.all = try child("items")
        case nil: break
        }
        switch json["additionalItems"] {
        // With `items` for all elements, `additionalItems` has nothing left to forbid.
        case .bool(let flag): array.permitsAdditional = flag || array.all != nil
        case .some: array.additional = try child("additionalItems")
        case nil: break
        }
    }

    /// `prefixItems` by place, `items` for the rest.
    private func readItems(afterPrefix array: inout ModelArray) throws(ComparisonObstacle) {
        array.tupleKeyword = "prefixItems"
        array.additionalKeyword = "items"
        let prefix = json["prefixItems"]?.elements ?? []
        array.tuple = try children(prefix.count, of: "prefixItems")
        switch json["items"] {
        case .bool(let flag): array.permitsAdditional = flag
        case .some where prefix.isEmpty: array.all = try child("items")
        case .some: array.additional = try child("items")
        case nil: break
        }
    }

    func object() throws(ComparisonObstacle) -> ModelObject {
        var object = ModelObject()
        object.minProperties = json["minProperties"]?.number
        object.maxProperties = json["maxProperties"]?.number
        for (name, _) in json["properties"]?.members ?? [] {
            object.properties[name] = try child("properties", name)
        }
        for (index, name) in (json["required"]?.elements ?? []).enumerated() {
            if let name = name.string, object.required[name] == nil { object.required[name] = index }
        }
        for (source, _) in json["patternProperties"]?.members ?? [] {
            object.patterns.append((source, try child("patternProperties", source)))
        }
        switch json["additionalProperties"] {
        case .bool(let flag): object.permitsAdditional = flag
        case .some: object.additional = try child("additionalProperties")
        case nil: break
        }
        if draft >= .draft201909, json["unevaluatedProperties"] != nil {
            object.unevaluated = try child("unevaluatedProperties")
        }
        try readDependencies(&object)
        return object
    }

    private func readDependencies(_ object: inout ModelObject) throws(ComparisonObstacle) {
        for (name, value) in json["dependencies"]?.members ?? [] {
            if let names = value.elements {
                object.nameDependencies[name] = Self.names(names)
            } else {
                object.schemaDependencies[name] = try child("dependencies", name)
            }
        }
        guard draft >= .draft201909 else { return }
        if let lists = json["dependentRequired"]?.members {
            object.nameDependencyKeyword = "dependentRequired"
            for (name, value) in lists { object.nameDependencies[name] = Self.names(value.elements ?? []) }
        }
        if let schemas = json["dependentSchemas"]?.members {
            object.schemaDependencyKeyword = "dependentSchemas"
            for (name, _) in schemas { object.schemaDependencies[name] = try child("dependentSchemas", name) }
        }
    }

    private static func names(_ elements: [JSON]) -> NamedList<Int> {
        var names = NamedList<Int>()
        for (index, element) in elements.enumerated() {
            if let name = element.string { names[name] = index }
        }
        return names
    }
}
