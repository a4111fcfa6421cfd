internal import JSON

/// Everything that GET answers: pure computation from a catalogue.
struct RegistryReads {
    let catalogue: SchemaCatalogue
    let path: RegistryPath
    let query: RegistryQuery
    /// Why nothing can be changed; nil where the catalogue says it.
    var readOnly: ReadOnly?

    /// Confluent's bound of `GET /schemas`.
    private static let maxSchemas = 1_000

    /// - Throws: what is wrong with the request.
    func write(to writer: inout JSONWriter) throws(RegistryError) {
        switch path.resource {
        case .root: writer.object { _ in }
        case .health: health(&writer)
        case .types: writer.array { $0.value(RegisteredSchema.jsonType) }
        case .associations: writer.array { _ in }
        case .clusterID, .serverVersion, .deployment: server(&writer)
        case .config(let scope): try config(scope, &writer)
        case .mode(let scope): try mode(scope, &writer)
        case .contexts: try contexts(&writer)
        case .subjects: try subjects(&writer)
        case .subjectMetadata, .versions, .version, .versionText, .referrers: try versions(&writer)
        case .schemas: try schemas(&writer)
        case .schema, .schemaText, .schemaSubjects, .schemaVersions: try byID(&writer)
        case .schemaByGUID(let guid), .idsByGUID(let guid): try byGUID(guid, &writer)
        case .subject, .context, .compatibility: throw .notAllowed
        }
    }

    private var includesDeleted: Bool { query.flag("deleted") || query.flag("deletedOnly") }

    private func isAsked(_ version: StoredVersion) -> Bool {
        version.isDeleted ? includesDeleted : !query.flag("deletedOnly")
    }

    // MARK: Subjects and versions

    private func subjects(_ writer: inout JSONWriter) throws(RegistryError) {
        let names = catalogue.subjects.filter { entry in
            let live = entry.value.contains { !$0.isDeleted }
            return query.flag("deletedOnly") ? !live : live || query.flag("deleted")
        }
        let page = try query.page(names.keys.map(\.description).filter(hasPrefix).sorted())
        writer.array { for name in page { $0.value(name) } }
    }

    /// `:*:` is every context; inside a context's path, that one.
    private func hasPrefix(_ name: String) -> Bool {
        let asked = query["subjectPrefix"].flatMap { $0 == ":*:" ? nil : $0 }
        guard let context = path.context else { return name.hasPrefix(asked ?? "") }
        let subject = QualifiedSubject(name)
        return subject.context == context && subject.name.hasPrefix(asked ?? "")
    }

    private func versions(_ writer: inout JSONWriter) throws(RegistryError) {
        switch path.resource {
        case .versions(let subject):
            let known = try catalogue.versions(
                of: subject,
                includingDeleted: includesDeleted || query.flag("deletedAsNegative")
            )
            let isSigned = query.flag("deletedAsNegative")
            let asked = known.filter { isAsked($0) || isSigned }
            let page = try query.page(asked.map { isSigned && $0.isDeleted ? -$0.version : $0.version })
            writer.array { for version in page { $0.value(version) } }
        case .version(let subject, let version):
            writer.write(version: try self.version(version, subject), of: subject)
        case .versionText(let subject, let version): writer.write(textOf: try self.version(version, subject).schema)
        case .referrers(let subject, let version): try referrers(subject, version, &writer)
        case .subjectMetadata(let subject): try newest(in: subject, &writer)
        default: throw .notFound
        }
    }

    private func version(_ text: String, _ subject: QualifiedSubject) throws(RegistryError) -> StoredVersion {
        try catalogue.version(text, of: subject, includingDeleted: query.flag("deleted"))
    }

    private func referrers(
        _ subject: QualifiedSubject,
        _ version: String,
        _ writer: inout JSONWriter
    ) throws(RegistryError) {
        let stored = try self.version(version, subject)
        let place = SchemaCatalogue.Place(subject: subject, version: stored.version)
        let places = catalogue.referrers(to: place, includingDeleted: query.flag("deleted"))
        let page = try query.page(Set(places.compactMap { catalogue.stored(at: $0)?.id }).sorted())
        writer.array { for id in page { $0.value(id) } }
    }

    /// The newest version whose metadata has every `key` with its `value`.
    private func newest(in subject: QualifiedSubject, _ writer: inout JSONWriter) throws(RegistryError) {
        let wanted = Array(zip(query.all("key"), query.all("value")))
        let versions = try catalogue.versions(of: subject, includingDeleted: query.flag("deleted"))
        let found = versions.last { version in
            let properties = version.schema.metadata?["properties"]
            return wanted.allSatisfy { properties?[$0.0]?.string == $0.1 }
        }
        guard let found else { throw .noSuchSchema }
        writer.write(version: found, of: subject)
    }

    // MARK: Schemas

    private func schemas(_ writer: inout JSONWriter) throws(RegistryError) {
        var found: [(subject: QualifiedSubject, version: StoredVersion)] = []
        for (subject, versions) in catalogue.subjects.sorted(by: { $0.key < $1.key })
        where hasPrefix(subject.description) {
            let asked = versions.filter(isAsked)
            let listed = query.flag("latestOnly") ? asked.suffix(1) : asked[...]
            found += listed.map { (subject, $0) }
        }
        let page = try query.page(found, atMost: Self.maxSchemas)
        let aliases = query.flag("aliases") ? catalogue.aliases : nil
        writer.array { writer in
            for (subject, version) in page {
                writer.write(version: version, of: subject, aliases: aliases.map { $0[subject] ?? [] })
            }
        }
    }

    /// The subject that is asked for along with an id.
    private var askedSubject: QualifiedSubject? {
        query["subject"].map { name in
            let subject = QualifiedSubject(name)
            return catalogue.alias(subject) ?? subject
        }
    }

    private func byID(_ writer: inout JSONWriter) throws(RegistryError) {
        switch path.resource {
        case .schema(let text):
            let (id, ids, schema) = try schema(text)
            let place = ids.places(id).last { $0.subject == askedSubject }
            writer.write(
                schema: schema,
                at: place,
                highestID: query.flag("fetchMaxId") ? ids.highest : nil
            )
        case .schemaText(let text): writer.write(textOf: try schema(text).schema)
        case .schemaSubjects(let text):
            let page = try query.page(Set(try places(text).map { "\($0.subject)" }).sorted())
            writer.array { for subject in page { $0.value(subject) } }
        case .schemaVersions(let text):
            let page = try query.page(try places(text))
            writer.array { for place in page { $0.write(place) } }
        default: throw .notFound
        }
    }

    private func schema(_ text: String) throws(RegistryError) -> (id: Int32, ids: ContextIDs, schema: RegisteredSchema)
    {
        guard let id = Int32(text) else { throw .notFound }
        let asked = path.context.map { QualifiedSubject(context: $0, name: "") }
        let ids = try catalogue.context(of: id, asked: asked ?? askedSubject)
        guard let schema = ids.schema(id) else { throw .unknown(schema: text) }
        return (id, ids, schema)
    }

    private func places(_ text: String) throws(RegistryError) -> [SchemaCatalogue.Place] {
        let (id, ids, _) = try schema(text)
        return catalogue.places(of: id, in: ids, includingDeleted: query.flag("deleted"))
    }

    private func byGUID(_ guid: String, _ writer: inout JSONWriter) throws(RegistryError) {
        let found = catalogue.ids(guid: guid)
        guard let first = found.first, let schema = catalogue.contexts[JSONName(first.context)]?.schema(first.id) else {
            throw .unknown(schema: guid)
        }
        guard case .idsByGUID = path.resource else { return writer.write(schema: schema, at: nil) }
        writer.array { writer in
            for (context, id) in found {
                writer.object {
                    $0.member("context", context)
                    $0.member("id", id)
                }
            }
        }
    }
}

// MARK: The registry itself

extension RegistryReads {
    private func config(_ scope: QualifiedSubject?, _ writer: inout JSONWriter) throws(RegistryError) {
        let isInherited = scope == nil || query.flag("defaultToGlobal")
        guard let settings = isInherited ? catalogue.settingsInForce(for: scope) : catalogue.settings(of: scope) else {
            throw RegistryError(
                .subjectLevelNotConfigured,
                "Subject '\("\(scope?.description ?? "")".shortened)' does not have subject-level compatibility configured"
            )
        }
        writer.object { settings.write(to: &$0) }
    }

    private func mode(_ scope: QualifiedSubject?, _ writer: inout JSONWriter) throws(RegistryError) {
        let isInherited = scope == nil || query.flag("defaultToGlobal")
        guard let mode = isInherited ? catalogue.modeInForce(for: scope) : catalogue.mode(of: scope) else {
            throw RegistryError(
                .subjectModeNotConfigured,
                "Subject '\("\(scope?.description ?? "")".shortened)' does not have subject-level mode configured"
            )
        }
        // Whatever the records say to others, this instance writes nothing.
        let shown = readOnly == .instance ? .readOnly : mode
        writer.object { $0.member("mode", shown.rawValue) }
    }

    private func contexts(_ writer: inout JSONWriter) throws(RegistryError) {
        let prefix = query["contextPrefix"] ?? ""
        let page = try query.page(catalogue.contextNames.filter { $0.hasPrefix(prefix) })
        writer.array { for context in page { $0.value(context) } }
    }

    private func server(_ writer: inout JSONWriter) {
        writer.object { writer in
            if case .deployment = path.resource { return writer.array("attributes") { _ in } }
            guard case .clusterID = path.resource else {
                writer.member("version", "busbar")
                writer.member("commitId", "")
                return
            }
            writer.member("id", "")
            writer.object("scope") { writer in
                writer.array("path") { _ in }
                writer.object("clusters") {
                    $0.member("kafka-cluster", "busbar")
                    $0.member("schema-registry-cluster", "schema-registry")
                }
            }
        }
    }

    private func health(_ writer: inout JSONWriter) {
        let counts = catalogue.counts
        writer.object {
            $0.member("status", "ok")
            $0.member("subjects", counts.subjects)
            $0.member("schemas", counts.schemas)
        }
    }
}
