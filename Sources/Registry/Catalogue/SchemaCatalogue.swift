internal import JSON

/// Everything a registry knows: subjects, versions, ids, levels and modes, as its records say.
///
/// A value without I/O: it changes by ``apply(_:)`` only, and the same records in the same order make the same catalogue,
/// whatever storage they come from.
package struct SchemaCatalogue: Sendable {
    typealias Place = ContextIDs.Place

    /// Versions of each subject by number, ascending; none is empty.
    private(set) var subjects: [QualifiedSubject: [StoredVersion]] = [:]
    private(set) var contexts: [JSONName: ContextIDs] = [:]
    private var settings: [QualifiedSubject?: SubjectSettings] = [:]
    private var modes: [QualifiedSubject?: RegistryMode] = [:]
    /// Forms of a key other than ours that were seen: a deletion must reach them too, or a compacted topic brings the
    /// schema back.
    private var otherForms: [RegistryKey: Set<[UInt8]>] = [:]
    /// Records that mean nothing here, such as another registry's `NOOP`s.
    package private(set) var ignoredRecords = 0

    /// Without any record.
    package init() {}

    /// Follows one record. What cannot be understood is counted and changes nothing.
    package mutating func apply(_ record: RegistryRecord) {
        guard let key = RegistryKey(record.key) else {
            ignoredRecords += 1
            return
        }
        if record.key != key.bytes { otherForms[key, default: []].insert(record.key) }
        guard let bytes = record.value else {
            forget(key)
            return
        }
        do {
            try apply(key, JSON(parsing: bytes))
        } catch {
            ignoredRecords += 1
        }
    }

    private struct Unreadable: Error {}

    private mutating func apply(_ key: RegistryKey, _ value: JSON) throws {
        switch key {
        case .schema(let subject, let version):
            guard let stored = StoredVersion(value, version: version) else { throw Unreadable() }
            insert(stored, of: subject)
        case .config(let scope): settings[Self.scope(scope)] = SubjectSettings(record: value)
        case .mode(let scope):
            guard let mode = value["mode"]?.string.flatMap({ RegistryMode(rawValue: $0) }) else { throw Unreadable() }
            modes[Self.scope(scope)] = mode
        case .deleteSubject(let subject), .clearSubject(let subject):
            guard let last = value["version"]?.integer else { throw Unreadable() }
            let versions = subjects[subject]?.filter { $0.version <= last } ?? []
            for var version in versions {
                version.isDeleted = true
                if case .clearSubject = key {
                    remove(version.version, of: subject)
                } else {
                    insert(version, of: subject)
                }
            }
        case .highestID(let context):
            guard let id = value["id"]?.integer.flatMap({ Int32(exactly: $0) }) else { throw Unreadable() }
            contexts[JSONName(context), default: ContextIDs()].raise(to: id)
        }
    }

    private mutating func forget(_ key: RegistryKey) {
        switch key {
        case .schema(let subject, let version): remove(version, of: subject)
        case .config(let scope): settings[Self.scope(scope)] = nil
        case .mode(let scope): modes[Self.scope(scope)] = nil
        case .deleteSubject, .clearSubject, .highestID: break
        }
    }

    private mutating func insert(_ stored: StoredVersion, of subject: QualifiedSubject) {
        remove(stored.version, of: subject)
        var versions = subjects[subject] ?? []
        let index = versions.firstIndex { $0.version > stored.version } ?? versions.endIndex
        versions.insert(stored, at: index)
        subjects[subject] = versions
        let place = Place(subject: subject, version: stored.version)
        contexts[JSONName(subject.context), default: ContextIDs()].insert(stored, at: place)
    }

    private mutating func remove(_ version: Int, of subject: QualifiedSubject) {
        guard var versions = subjects[subject], let index = versions.firstIndex(where: { $0.version == version }) else {
            return
        }
        let removed = versions.remove(at: index)
        subjects[subject] = versions.isEmpty ? nil : versions
        contexts[JSONName(subject.context)]?.remove(removed.id, at: Place(subject: subject, version: version))
    }

    private static func scope(_ subject: QualifiedSubject?) -> QualifiedSubject? {
        subject?.context == QualifiedSubject.globalContext ? nil : subject
    }
}

// MARK: Settings and modes

extension SchemaCatalogue {
    /// What a scope sets itself; nil for the global one.
    func settings(of scope: QualifiedSubject?) -> SubjectSettings? { settings[Self.scope(scope)] }

    /// What holds in a scope: its own settings, its context's, the global ones, Confluent's defaults.
    func settingsInForce(for scope: QualifiedSubject?) -> SubjectSettings {
        var inForce = SubjectSettings()
        for scope in Self.scopes(scope) { inForce = inForce.within(settings[scope] ?? SubjectSettings()) }
        return inForce.within(Self.defaults)
    }

    /// The names that stand for a subject, by subject.
    var aliases: [QualifiedSubject: [String]] {
        var names: [QualifiedSubject: [String]] = [:]
        for case let (name?, settings) in settings {
            guard let alias = settings.alias else { continue }
            names[QualifiedSubject(alias, in: name.context), default: []].append("\(name)")
        }
        return names.mapValues { $0.sorted() }
    }

    static let defaults = SubjectSettings(record: ["compatibilityLevel": "BACKWARD"])

    func mode(of scope: QualifiedSubject?) -> RegistryMode? { modes[Self.scope(scope)] }

    func modeInForce(for scope: QualifiedSubject?) -> RegistryMode {
        if modes[nil] == .readOnlyOverride { return .readOnlyOverride }
        return Self.scopes(scope).lazy.compactMap { modes[$0] }.first ?? .readWrite
    }

    /// Innermost first.
    private static func scopes(_ subject: QualifiedSubject?) -> [QualifiedSubject?] {
        guard let subject = scope(subject) else { return [nil] }
        return [subject, QualifiedSubject(context: subject.context, name: ""), nil]
    }

    /// Records that delete what is stored under a key, in every form of the key that was seen.
    func tombstones(_ key: RegistryKey) -> [RegistryRecord] {
        let others = (otherForms[key] ?? []).sorted { $0.lexicographicallyPrecedes($1) }
        return [RegistryRecord(key, nil)] + others.map { RegistryRecord(key: $0, value: nil) }
    }
}
