package import Contracts
internal import JSON

/// The contracts of a folder as records: subjects, versions, ids from the text, levels, and mode READONLY everywhere.
///
/// Read once and never changed: a file that is added is served after a restart.
package struct FolderStorage: RegistryStorage {
    private let records: [RegistryRecord]
    package let readOnly: ReadOnly? = .folder
    package let isShared = false
    private let replay = ReplayOnce()

    /// Reads every version of a folder whose contracts have been found to be in order (`ContractStore.problems(in:)`).
    /// - Throws: `ContractError` for what cannot be read, `RegistryError` when two schemas would get the same id.
    package init(_ store: ContractStore) throws {
        let latest = Dictionary(uniqueKeysWithValues: store.subjects.map { ($0.name.name, $0.latest) })
        var records = [RegistryMode.readOnly.record(of: nil)]
        var owners: [Int32: (place: String, identity: SchemaIdentity)] = [:]
        for subject in store.subjects {
            let name = QualifiedSubject(name: subject.name.name)
            let level = JSON.string(subject.description.compatibility.rawValue.uppercased())
            records.append(SubjectSettings(record: ["compatibilityLevel": level]).record(of: name))
            records.append(RegistryMode.readOnly.record(of: name))
            for version in 1...subject.latest {
                let json = try Self.document(store, subject.name, version)
                let references = FolderReference.all(in: json, of: name.name) { $1 <= latest[$0] ?? 0 }
                    .map { RegisteredReference(name: $0.name, subject: $0.subject, version: $0.version) }
                let schema = RegisteredSchema(json, references: references)
                let (id, place) = (schema.identity.id, "\(name)/v\(version).json")
                if let other = owners[id], other.identity != schema.identity {
                    throw Self.collision(id, place, other.place)
                }
                owners[id] = owners[id] ?? (place, schema.identity)
                records.append(StoredVersion(version: version, id: id, schema: schema).record(of: name))
            }
        }
        self.records = records
    }

    package func prepareForWriting() -> [RegistryRecord] { news() }

    package func news() -> [RegistryRecord] { replay.isDue() ? records : [] }

    package func append(_ records: [RegistryRecord]) throws(RegistryError) -> [RegistryRecord]? {
        throw RegistryError(.operationNotPermitted, "The contracts are files here, and the registry is read-only.")
    }

    package func close() {}

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

    private static func collision(_ id: Int32, _ place: String, _ other: String) -> RegistryError {
        RegistryError(
            .store,
            "\(place) would get id \(id), which \(other) has; ids come from the text, so add a $comment to the one of the "
                + "two that nobody uses yet"
        )
    }
}
