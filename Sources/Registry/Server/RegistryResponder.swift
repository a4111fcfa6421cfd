internal import Contracts
internal import JSON

/// Answers requests from a catalogue: pure computation, the whole API but its HTTP.
///
/// What would change something is refused with 42205, as Confluent's registry does in mode READONLY, and the answer says
/// which file to write instead. A registration of what is there already changes nothing and gives its id.
struct RegistryResponder: Sendable {
    let catalogue: SchemaCatalogue

    init(_ catalogue: SchemaCatalogue) {
        self.catalogue = catalogue
    }

    /// Never throws: what is wrong with the request is an answer too.
    func answer(_ request: RegistryRequest) -> RegistryAnswer {
        do throws(RegistryError) {
            guard let resource = RegistryResource(request.path) else { throw .notFound }
            var writer = JSONWriter(reservingCapacity: 256)
            switch request.method {
            case .get: try get(resource, request.query, &writer)
            case .post: try post(resource, request, &writer)
            case .put, .delete: try change(resource)
            case nil: throw Self.notAllowed
            }
            return RegistryAnswer(status: 200, body: writer.bytes)
        } catch {
            return Self.answer(to: error)
        }
    }

    /// The answer that says what is wrong.
    static func answer(to error: RegistryError) -> RegistryAnswer {
        var writer = JSONWriter(reservingCapacity: 128)
        writer.object {
            $0.member("error_code", error.code.rawValue)
            $0.member("message", error.message)
        }
        return RegistryAnswer(status: error.status, body: writer.bytes)
    }

    private static let notAllowed = RegistryError(.methodNotAllowed, "HTTP 405 Method Not Allowed")

    private func get(
        _ resource: RegistryResource,
        _ query: RegistryQuery,
        _ writer: inout JSONWriter
    ) throws(RegistryError) {
        switch resource {
        case .root: writer.object { _ in }
        case .health: health(&writer)
        case .types: writer.array { $0.value("JSON") }
        case .config(let subject): try config(subject, query, &writer)
        case .mode(let subject): try mode(subject, query, &writer)
        case .subjects, .versions, .version, .versionText: try subjects(resource, query, &writer)
        case .schema, .schemaText, .schemaSubjects, .schemaVersions, .schemaByGUID:
            try schemas(resource, query, &writer)
        case .subject: throw Self.notAllowed
        }
    }

    private func subjects(
        _ resource: RegistryResource,
        _ query: RegistryQuery,
        _ writer: inout JSONWriter
    ) throws(RegistryError) {
        switch resource {
        case .versions(let subject):
            let versions = try query.page(Array(1...catalogue.subject(subject).schemas.count))
            writer.array { for version in versions { $0.value(version) } }
        case .version(let subject, let version):
            let place = try place(subject, version)
            writer.write(version: place, try schema(at: place))
        case .versionText(let subject, let version):
            writer.raw(Array(try schema(at: place(subject, version)).text.utf8))
        default:
            // Nothing is ever deleted here, so lists of what is deleted are empty.
            let prefix = query["subjectPrefix"].flatMap { $0 == ":*:" ? nil : $0 } ?? ""
            let names = query.flag("deletedOnly") ? [] : catalogue.subjects.map(\.name)
            let page = try query.page(names.filter { $0.hasPrefix(prefix) })
            writer.array { for name in page { $0.value(name) } }
        }
    }

    private func schemas(
        _ resource: RegistryResource,
        _ query: RegistryQuery,
        _ writer: inout JSONWriter
    ) throws(RegistryError) {
        switch resource {
        case .schema(let id):
            let schema = try schema(id)
            let place = catalogue.places(of: schema.identity.id).last { $0.subject == query["subject"] }
            writer.write(schema: schema, at: place)
        case .schemaByGUID(let guid): writer.write(schema: try catalogue.schema(guid: guid), at: nil)
        case .schemaText(let id): writer.raw(Array(try schema(id).text.utf8))
        case .schemaSubjects(let id):
            let places = catalogue.places(of: try schema(id).identity.id)
            let page = try query.page(Set(places.map(\.subject)).sorted())
            writer.array { for subject in page { $0.value(subject) } }
        case .schemaVersions(let id):
            let page = try query.page(catalogue.places(of: try schema(id).identity.id))
            writer.array { for place in page { $0.write(place) } }
        default: throw .notFound
        }
    }

    private func post(
        _ resource: RegistryResource,
        _ request: RegistryRequest,
        _ writer: inout JSONWriter
    ) throws(RegistryError) {
        switch resource {
        case .root: writer.object { _ in }
        case .subject(let subject), .versions(let subject):
            let wanted = try SchemaRequest(request.body, isNormalized: request.query.flag("normalize"))
            let schemas: [RegisteredSchema]
            do throws(RegistryError) {
                schemas = try catalogue.subject(subject).schemas
            } catch {
                if case .versions = resource { throw ReadOnly.registration(of: subject, next: 1) }
                throw error
            }
            if let index = schemas.lastIndex(where: wanted.matches) {
                writer.write(
                    version: SchemaCatalogue.Place(subject: subject, version: index + 1),
                    schemas[index]
                )
            } else if case .versions = resource {
                throw ReadOnly.registration(of: subject, next: schemas.count + 1)
            } else {
                throw .noSuchSchema
            }
        default: throw Self.notAllowed
        }
    }

    /// Everything that PUT and DELETE could do.
    private func change(_ resource: RegistryResource) throws(RegistryError) {
        switch resource {
        case .config(let subject): throw ReadOnly.configuration(of: subject)
        case .mode: throw ReadOnly.mode
        case .subject(let subject), .version(let subject, _): throw ReadOnly.deletion(of: subject)
        default: throw Self.notAllowed
        }
    }

    private func config(
        _ subject: String?,
        _ query: RegistryQuery,
        _ writer: inout JSONWriter
    ) throws(RegistryError) {
        var level = CompatibilityLevel.backward
        if let subject {
            if let known = catalogue.subjects.first(where: { $0.name == subject }) {
                level = known.compatibility
            } else if !query.flag("defaultToGlobal") {
                throw RegistryError(
                    .subjectLevelNotConfigured,
                    "Subject '\(subject.prefix(249))' does not have subject-level compatibility configured"
                )
            }
        }
        writer.object { $0.member("compatibilityLevel", level.rawValue.uppercased()) }
    }

    private func mode(
        _ subject: String?,
        _ query: RegistryQuery,
        _ writer: inout JSONWriter
    ) throws(RegistryError) {
        if let subject, !query.flag("defaultToGlobal"), !catalogue.subjects.contains(where: { $0.name == subject }) {
            throw RegistryError(
                .subjectModeNotConfigured,
                "Subject '\(subject.prefix(249))' does not have subject-level mode configured"
            )
        }
        writer.object { $0.member("mode", "READONLY") }
    }

    private func health(_ writer: inout JSONWriter) {
        let counts = catalogue.counts
        writer.object {
            $0.member("status", "ok")
            $0.member("subjects", counts.subjects)
            $0.member("schemas", counts.schemas)
        }
    }

    private func schema(_ text: String) throws(RegistryError) -> RegisteredSchema {
        guard let id = Int32(text) else { throw .notFound }
        return try catalogue.schema(id: id)
    }

    private func schema(at place: SchemaCatalogue.Place) throws(RegistryError) -> RegisteredSchema {
        try catalogue.subject(place.subject).schemas[place.version - 1]
    }

    /// - Throws: 40401, 40402, or 42202 for a text that is neither `latest`, `-1` nor 1 to 2^31 - 1.
    private func place(_ name: String, _ text: String) throws(RegistryError) -> SchemaCatalogue.Place {
        let latest = try catalogue.subject(name).schemas.count
        if text == "latest" || text == "-1" { return SchemaCatalogue.Place(subject: name, version: latest) }
        guard let version = Int32(text), version >= 1 else {
            throw RegistryError(
                .invalidVersion,
                "The specified version '\(text.prefix(32))' is not a valid version id. "
                    + "Allowed values are between [1, 2^31-1] and the string \"latest\""
            )
        }
        guard version <= latest else { throw .unknown(version: Int(version)) }
        return SchemaCatalogue.Place(subject: name, version: Int(version))
    }
}
