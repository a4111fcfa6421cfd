import JSON

extension SchemaLibrary {
    /// Where a reference leads.
    struct Target {
        let entry: Int
        /// The anchor that the fragment named, nil for a pointer or no fragment.
        let anchor: String?
    }

    /// Follows a reference (RFC 3986 against the base of the place it stands in), reading documents as needed.
    mutating func resolve(
        _ reference: String,
        from entry: Entry,
        keyword: String
    ) throws(ContractError) -> Target {
        // A place of another document is none of the contract's, where lines are looked for.
        let document = entry.document == 0 ? "" : documents[entry.document] + "#"
        let here = document + appending(keyword, to: entry.pointer)
        let uri = SchemaURI(reference).resolved(against: entry.base)
        let name = uri.withoutFragment
        try reserveNames(Self.uriWeight, ofBytes: name.utf8.count, at: here)
        let root = try load(name, referredFrom: here)
        guard let fragment = uri.fragment, !fragment.isEmpty else { return Target(entry: root, anchor: nil) }
        guard let decoded = uri.decodedFragment else { throw unresolved(reference, here, "its fragment is not UTF-8") }
        if decoded.hasPrefix("/") {
            return Target(entry: try place(decoded, below: root, reference: reference, here), anchor: nil)
        }
        let canonical = entries[root].base.withoutFragment
        guard let found = anchors[JSONName(name + "#" + decoded)] ?? anchors[JSONName(canonical + "#" + decoded)] else {
            throw unresolved(reference, here, "there is no anchor '\(decoded)'")
        }
        return Target(entry: found, anchor: decoded)
    }

    /// Follows a pointer from the root of a resource. A place that no keyword makes a schema becomes one
    /// because it is referred to, and is read like the closest schema above it.
    private mutating func place(
        _ text: String,
        below root: Int,
        reference: String,
        _ here: String
    ) throws(ContractError) -> Int {
        let pointer: JSONPointer
        do {
            pointer = try JSONPointer(text)
        } catch {
            throw unresolved(reference, here, error.message)
        }
        var context = entries[root]
        // A walk is linear in the members of each level, which many references would make quadratic.
        let direct = Place(document: context.document, pointer: context.pointer + pointer.description)
        if let known = places[direct] { return known }
        var json = context.json
        var path = context.pointer
        for token in pointer.tokens {
            guard let next = json[pointer: [token]] else {
                throw unresolved(reference, here, "its document has nothing at '\(path)/\(token)'")
            }
            json = next
            path = appending(token, to: path)
            if let known = places[Place(document: context.document, pointer: path)] { context = entries[known] }
        }
        if let known = places[Place(document: context.document, pointer: path)] { return known }
        guard json.isSchema else { throw unresolved(reference, here, "what is there is no schema") }
        let number = entries.count
        try index(
            Entry(
                json: json,
                document: context.document,
                pointer: path,
                base: context.base,
                resource: context.resource,
                dialect: context.dialect
            )
        )
        return number
    }

    private func unresolved(_ reference: String, _ pointer: String, _ reason: String) -> ContractError {
        ContractError(
            .unresolvedReference,
            "the reference '\(reference)' leads nowhere: \(reason)",
            pointer: pointer
        )
    }
}
