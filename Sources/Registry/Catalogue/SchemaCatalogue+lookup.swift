internal import JSON

/// Questions to a catalogue.
extension SchemaCatalogue {
    /// How many subjects there are, and how many different schemas; softly deleted ones too.
    package var counts: (subjects: Int, schemas: Int) {
        (subjects.count, contexts.values.reduce(0) { $0 + $1.count })
    }

    /// Versions of a subject, ascending.
    /// - Throws: 40401 when there is none (that is not deleted, unless `includingDeleted`).
    func versions(
        of subject: QualifiedSubject,
        includingDeleted: Bool = false
    ) throws(RegistryError) -> [StoredVersion] {
        let versions = (subjects[subject] ?? []).filter { includingDeleted || !$0.isDeleted }
        guard !versions.isEmpty else { throw .unknown(subject: "\(subject)") }
        return versions
    }

    /// The version that a text names: a number, `latest` or `-1`.
    /// - Throws: 40401, 40402, or 42202 for another text.
    func version(
        _ text: String,
        of subject: QualifiedSubject,
        includingDeleted: Bool = false
    ) throws(RegistryError) -> StoredVersion {
        let versions: [StoredVersion]
        do throws(RegistryError) {
            versions = try self.versions(of: subject, includingDeleted: includingDeleted)
        } catch {
            _ = try Self.number(of: text)
            throw error
        }
        guard let number = try Self.number(of: text) else {
            let latest = versions.last { !$0.isDeleted } ?? versions.last
            guard let latest else { throw .unknown(subject: "\(subject)") }
            return latest
        }
        guard let found = versions.first(where: { $0.version == number }) else { throw .unknown(version: number) }
        return found
    }

    /// The number in the text of a version, nil for the latest.
    static func number(of text: String) throws(RegistryError) -> Int? {
        if text == "latest" || text == "-1" { return nil }
        guard let version = Int32(text), version >= 1, text.first != "+" else { throw .invalid(version: text) }
        return Int(version)
    }

    /// Where an id is known: in the context that is asked about, or in any, the default one first.
    func context(of id: Int32, asked: QualifiedSubject?) throws(RegistryError) -> ContextIDs {
        if let asked, asked.context != QualifiedSubject.defaultContext {
            guard let ids = contexts[JSONName(asked.context)], ids.schema(id) != nil else {
                throw .unknown(schema: "\(id)")
            }
            return ids
        }
        for context in contextNames {
            if let ids = contexts[JSONName(context)], ids.schema(id) != nil { return ids }
        }
        throw .unknown(schema: "\(id)")
    }

    /// The default context, then those that have versions, by name.
    var contextNames: [String] {
        let used = contexts.filter { !$0.value.isEmpty && $0.key.text != QualifiedSubject.defaultContext }
        return [QualifiedSubject.defaultContext] + used.keys.sorted().map(\.text)
    }

    /// Where a schema with this GUID is, by context.
    func ids(guid: String) -> [(context: String, id: Int32)] {
        contextNames.compactMap { context in
            contexts[JSONName(context)]?.id(guid: guid.lowercased()).map { (context, $0) }
        }
    }

    /// Places of an id that are not deleted, unless `includingDeleted`.
    func places(of id: Int32, in ids: ContextIDs, includingDeleted: Bool) -> [Place] {
        ids.places(id).filter { includingDeleted || stored(at: $0)?.isDeleted == false }
    }

    func stored(at place: Place) -> StoredVersion? {
        subjects[place.subject]?.first { $0.version == place.version }
    }

    /// The subject that is meant by this one's name; nil where it is this one. An alias of an alias is not followed.
    func alias(_ subject: QualifiedSubject) -> QualifiedSubject? {
        settings(of: subject)?.alias.map { QualifiedSubject($0, in: subject.context) }
    }

    /// The versions that refer to one, by subject and number.
    func referrers(to place: Place, includingDeleted: Bool) -> [Place] {
        var found: [Place] = []
        for (subject, versions) in subjects {
            for version in versions where includingDeleted || !version.isDeleted {
                let refers = version.schema.references.contains {
                    $0.version == place.version && QualifiedSubject($0.subject, in: subject.context) == place.subject
                }
                if refers { found.append(Place(subject: subject, version: version.version)) }
            }
        }
        return found.sorted()
    }

    /// Finds a schema in a subject: as it is, else, where nothing is said about metadata and rules, by its text.
    func find(
        _ schema: RegisteredSchema,
        in subject: QualifiedSubject,
        normalized: Bool,
        includingDeleted: Bool = false
    ) -> StoredVersion? {
        let candidates = (subjects[subject] ?? []).reversed().filter { includingDeleted || !$0.isDeleted }
        if let same = candidates.first(where: { $0.schema.identity == schema.identity }) { return same }
        let saysNothingElse = schema.metadata == nil && schema.ruleSet == nil
        if saysNothingElse, let same = candidates.first(where: { $0.schema.hasText(of: schema) }) { return same }
        guard normalized else { return nil }
        let form = schema.normalized
        return candidates.first { $0.schema.normalized.identity == form.identity }
    }
}
