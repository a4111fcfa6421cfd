package import Contracts
internal import JSON

/// The contracts of a folder in the terms of a registry: subjects, versions, and schemas with ids.
///
/// Read once and never changed: a file that is added is served after a restart.
package struct SchemaCatalogue: Sendable {
    /// One subject: its versions from 1 on, and what its `subject.yaml` says.
    struct Subject: Sendable {
        let name: String
        let compatibility: CompatibilityLevel
        /// Version N is at index N - 1.
        let schemas: [RegisteredSchema]
    }

    /// A version that a schema has.
    struct Place: Sendable, Hashable {
        let subject: String
        let version: Int
    }

    /// By name.
    let subjects: [Subject]
    private let indices: [String: Int]
    private let byID: [Int32: RegisteredSchema]
    private let byGUID: [String: Int32]
    private let places: [Int32: [Place]]

    /// How many subjects there are, and how many different schemas.
    package var counts: (subjects: Int, schemas: Int) { (subjects.count, byID.count) }

    /// Reads every version of a folder whose contracts have been found to be in order (`ContractStore.problems(in:)`).
    /// - Throws: `ContractError` for what cannot be read, `RegistryError` when two schemas would get the same id.
    package init(_ store: ContractStore) throws {
        let latest = Dictionary(uniqueKeysWithValues: store.subjects.map { ($0.name.name, $0.latest) })
        let subjects = try store.subjects.map { subject in
            Subject(
                name: subject.name.name,
                compatibility: subject.description.compatibility,
                schemas: try (1...subject.latest).map { version in
                    let json = try Self.document(store, subject.name, version)
                    let references = ReferenceFinder.references(in: json, of: subject.name.name) {
                        $1 <= latest[$0] ?? 0
                    }
                    return RegisteredSchema(json, references: references)
                }
            )
        }
        try self.init(subjects)
    }

    /// - Throws: `RegistryError` when two schemas would get the same id.
    init(_ subjects: [Subject]) throws(RegistryError) {
        var byID: [Int32: RegisteredSchema] = [:]
        var places: [Int32: [Place]] = [:]
        for subject in subjects {
            for (index, schema) in subject.schemas.enumerated() {
                let place = Place(subject: subject.name, version: index + 1)
                let id = schema.identity.id
                if let other = byID[id], other.identity != schema.identity {
                    throw Self.collision(id, place, places[id]?.first)
                }
                byID[id] = schema
                places[id, default: []].append(place)
            }
        }
        self.subjects = subjects.sorted { $0.name < $1.name }
        indices = Dictionary(uniqueKeysWithValues: zip(self.subjects.map(\.name), 0...))
        self.byID = byID
        byGUID = Dictionary(uniqueKeysWithValues: byID.map { ($1.identity.guid, $0) })
        self.places = places
    }

    /// - Throws: 40401.
    func subject(_ name: String) throws(RegistryError) -> Subject {
        guard let index = indices[name] else { throw .unknown(subject: name) }
        return subjects[index]
    }

    /// The id that clients find in the records of a version.
    /// - Throws: 40401, 40402.
    package func id(of subject: String, version: Int) throws(RegistryError) -> Int32 {
        let schemas = try self.subject(subject).schemas
        guard schemas.indices.contains(version - 1) else { throw .unknown(version: version) }
        return schemas[version - 1].identity.id
    }

    /// - Throws: 40403.
    func schema(id: Int32) throws(RegistryError) -> RegisteredSchema {
        guard let schema = byID[id] else { throw .unknown(schema: String(id)) }
        return schema
    }

    /// - Throws: 40403.
    func schema(guid: String) throws(RegistryError) -> RegisteredSchema {
        guard let id = byGUID[guid.lowercased()] else { throw .unknown(schema: guid) }
        return try schema(id: id)
    }

    /// Versions with this schema, by subject and number.
    func places(of id: Int32) -> [Place] { places[id] ?? [] }

    private static func document(
        _ store: ContractStore,
        _ subject: SchemaSubject,
        _ version: Int
    ) throws -> JSON {
        do {
            return try JSON(parsing: try store.source(subject, version: version))
        } catch let error as JSONError {
            throw ContractError(
                .invalidJSON,
                error.message,
                file: "\(store.folder)/\(subject)/v\(version).json",
                line: error.line,
                column: error.column
            )
        }
    }

    private static func collision(_ id: Int32, _ place: Place, _ other: Place?) -> RegistryError {
        let other = other.map { "\($0.subject)/v\($0.version).json" } ?? "another schema"
        return RegistryError(
            .store,
            "\(place.subject)/v\(place.version).json would get id \(id), which \(other) has; ids come from the text, so add a "
                + "$comment to the one of the two that nobody uses yet"
        )
    }
}
