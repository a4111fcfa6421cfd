internal import Contracts
internal import JSON

/// Changes of levels and modes. A scope is a subject, a context (an empty name) or, nil, the whole registry.
extension SchemaCatalogue {
    /// Sets what the body says and leaves the rest.
    /// - Throws: 400, 42203, 42205, 42208.
    func set(settings body: [UInt8], of scope: QualifiedSubject?) throws(RegistryError) -> PlannedChange {
        try Self.check(scope)
        try checkWritable(scope)
        let changed = try (settings(of: scope) ?? SubjectSettings()).changed(by: JSON(body: body))
        let audit = AuditEntry(
            action: .setLevel,
            subject: scope.map { "\($0)" },
            value: changed.level?.rawValue.uppercased()
        )
        return PlannedChange([changed.record(of: scope)], audit: audit) { writer in
            writer.object { changed.write(to: &$0, levelName: "compatibility") }
        }
    }

    /// Back to what holds further out; answers what was set.
    /// - Throws: 40401 when nothing was set for a subject, 42205.
    func resetSettings(of scope: QualifiedSubject?) throws(RegistryError) -> PlannedChange {
        try checkWritable(scope)
        guard let old = settings(of: scope) ?? (scope == nil ? Self.defaults : nil) else {
            throw .unknown(subject: scope.map { "\($0)" } ?? "")
        }
        let records = settings(of: scope) == nil ? [] : tombstones(.config(scope))
        let audit = AuditEntry(action: .resetLevel, subject: scope.map { "\($0)" })
        return PlannedChange(records, audit: audit) { writer in writer.object { old.write(to: &$0) } }
    }

    /// Sets a mode. `IMPORT` needs a scope without live versions, unless it is forced; what is deleted softly there goes
    /// for good, so that imported versions find their numbers free.
    /// - Throws: 400, 42204, 42205, 42208.
    func set(mode body: [UInt8], of scope: QualifiedSubject?, isForced: Bool) throws(RegistryError) -> PlannedChange {
        try Self.check(scope)
        let text = try JSON(body: body)["mode"]?.string ?? ""
        guard let mode = RegistryMode(rawValue: text.uppercased()), mode != .forward || scope == nil else {
            throw RegistryError(
                .invalidMode,
                "Invalid mode. Valid values are READWRITE, READONLY, READONLY_OVERRIDE, IMPORT and, for the whole "
                    + "registry, FORWARD"
            )
        }
        var records = [mode.record(of: scope)]
        if mode == .importing, !isForced {
            for (subject, versions) in subjects.sorted(by: { $0.key < $1.key }) where Self.isIn(scope, subject) {
                guard versions.allSatisfy(\.isDeleted) else {
                    throw RegistryError(
                        .operationNotPermitted,
                        "Cannot import since found existing subjects, such as '\(subject)'; force=true imports beside them"
                    )
                }
                records = purgeVersions(versions, of: subject) + records
            }
        }
        let audit = AuditEntry(action: .setMode, subject: scope.map { "\($0)" }, value: mode.rawValue)
        return PlannedChange(records, audit: audit) { writer in writer.object { $0.member("mode", mode.rawValue) } }
    }

    /// Back to what holds further out; answers the mode that was set.
    /// - Throws: 40401 when none was set for a subject.
    func resetMode(of scope: QualifiedSubject?) throws(RegistryError) -> PlannedChange {
        guard let old = mode(of: scope) ?? (scope == nil ? .readWrite : nil) else {
            throw .unknown(subject: scope.map { "\($0)" } ?? "")
        }
        let records = mode(of: scope) == nil ? [] : tombstones(.mode(scope))
        let audit = AuditEntry(action: .resetMode, subject: scope.map { "\($0)" })
        return PlannedChange(records, audit: audit) { writer in writer.object { $0.member("mode", old.rawValue) } }
    }

    /// The level that was set stays: the subject is about to be filled again.
    private func purgeVersions(_ versions: [StoredVersion], of subject: QualifiedSubject) -> [RegistryRecord] {
        let kept: Set<RegistryKey> = [.config(subject), .mode(subject)]
        return purge(versions, of: subject).filter { record in !kept.contains { $0.bytes == record.key } }
    }

    private static func isIn(_ scope: QualifiedSubject?, _ subject: QualifiedSubject) -> Bool {
        guard let scope else { return true }
        return scope.name.isEmpty ? scope.context == subject.context : scope == subject
    }

    /// A context may have a level; a name must be one that a schema can have.
    private static func check(_ scope: QualifiedSubject?) throws(RegistryError) {
        if let scope, !scope.name.isEmpty { _ = try scope.checked() }
    }
}
