import JSON

/// What a schema says of the places of its instances: whether somebody who reads `/issue/title` may count on it.
package struct SchemaFields {
    /// One step into an instance.
    package enum Step: Sendable, Hashable {
        case member(String)
        /// Any element of an array, or any member of an object.
        case element
    }

    /// How much a schema says of a place.
    package enum Presence: Sendable, Hashable {
        /// It lists the place: by `properties`, `items` and the like, in any branch.
        case listed
        /// It does not list the place, but has a schema for what it does not list.
        case covered
        /// Nothing is known of the place, or it is forbidden.
        case absent
    }

    private var library: SchemaLibrary
    private let root: Int
    private let patterns = PatternKnowledge()

    /// - Throws: as ``ComparedSchema``; never for one that compiled.
    package init(_ schema: ComparedSchema) throws(ContractError) {
        library = SchemaLibrary(resolver: schema.resolver, defaultDraft: schema.draft)
        root = try library.add(schema.json, uri: SchemaURI(schema.uri).withoutFragment)
    }

    /// What the schema says of a place.
    /// - Throws: `unresolvedReference` when a document that the schema refers to has gone.
    package mutating func presence(of path: [Step]) throws(ContractError) -> Presence {
        var schemas = try applied(at: [root])
        var presence = Presence.listed
        for step in path {
            var found = Found()
            for schema in schemas { collect(step, in: schema, into: &found) }
            if found.listed.isEmpty {
                guard !found.covering.isEmpty else { return .absent }
                presence = .covered
            }
            schemas = try applied(at: found.listed.isEmpty ? found.covering : found.listed)
        }
        return presence
    }

    // MARK: Schemas of one place

    /// Entries for a step; those that are `false` are not among them.
    private struct Found {
        var listed: [Int] = []
        var covering: [Int] = []
    }

    private static let branches = ["allOf", "anyOf", "oneOf"]
    private static let conditions = ["if", "then", "else"]

    /// The schemas that say something of the same value: those given, and all that they refer to or combine.
    private mutating func applied(at first: [Int]) throws(ContractError) -> [Int] {
        var order: [Int] = []
        var seen: Set<Int> = []
        var work = first
        while let number = work.popLast() {
            guard seen.insert(number).inserted else { continue }
            let entry = library.entries[number]
            for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
                guard let reference = entry.json[keyword]?.string else { continue }
                work.append(try library.resolve(reference, from: entry, keyword: keyword).entry)
            }
            if entry.dialect.referenceStandsAlone, entry.json["$ref"]?.string != nil { continue }
            order.append(number)
            for keyword in Self.branches {
                for index in (entry.json[keyword]?.elements ?? []).indices {
                    add(entry, [keyword, String(index)], to: &work)
                }
            }
            for keyword in Self.conditions { add(entry, [keyword], to: &work) }
            for keyword in ["dependentSchemas", "dependencies"] {
                for (name, _) in entry.json[keyword]?.members ?? [] { add(entry, [keyword, name], to: &work) }
            }
        }
        return order
    }

    private func collect(_ step: Step, in number: Int, into found: inout Found) {
        let entry = library.entries[number]
        switch step {
        case .member(let name): collectMember(name, in: entry, into: &found)
        case .element: collectElements(in: entry, into: &found)
        }
    }

    private func collectMember(_ name: String, in entry: SchemaLibrary.Entry, into found: inout Found) {
        if entry.json["properties"]?[name] != nil {
            add(entry, ["properties", name], to: &found.listed)
            return
        }
        var isMatched = false
        for (pattern, _) in entry.json["patternProperties"]?.members ?? []
        where patterns.matches(JSONName(pattern), name) != false {
            add(entry, ["patternProperties", pattern], to: &found.covering)
            isMatched = true
        }
        if isMatched { return }
        for keyword in ["additionalProperties", "unevaluatedProperties"]
        where entry.json[keyword]?.members?.isEmpty == false {
            add(entry, [keyword], to: &found.covering)
        }
    }

    private func collectElements(in entry: SchemaLibrary.Entry, into found: inout Found) {
        for keyword in ["items", "prefixItems"] {
            if let elements = entry.json[keyword]?.elements {
                for index in elements.indices { add(entry, [keyword, String(index)], to: &found.listed) }
            } else {
                add(entry, [keyword], to: &found.listed)
            }
        }
        for (name, _) in entry.json["properties"]?.members ?? [] {
            add(entry, ["properties", name], to: &found.listed)
        }
        for (pattern, _) in entry.json["patternProperties"]?.members ?? [] {
            add(entry, ["patternProperties", pattern], to: &found.covering)
        }
        for keyword in ["additionalItems", "unevaluatedItems", "additionalProperties", "unevaluatedProperties"]
        where entry.json[keyword]?.members?.isEmpty == false {
            add(entry, [keyword], to: &found.covering)
        }
    }

    /// The schema below an entry, unless there is none or it is `false`.
    private func add(_ entry: SchemaLibrary.Entry, _ steps: [String], to schemas: inout [Int]) {
        guard let json = entry.json[pointer: JSONPointer(tokens: steps)], json.boolValue != false else { return }
        var pointer = entry.pointer
        for step in steps { JSONPointer.append(step, to: &pointer) }
        if let number = library.places[SchemaLibrary.Place(document: entry.document, pointer: pointer)] {
            schemas.append(number)
        }
    }
}
