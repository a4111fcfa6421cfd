internal import JSON

/// Deletions: first softly, which hides, then for good.
extension SchemaCatalogue {
    /// Deletes every version of a subject; answers their numbers.
    /// - Throws: 40401, 40404, 40405, 42205, 42206.
    func delete(_ subject: QualifiedSubject, isPermanent: Bool) throws(RegistryError) -> PlannedChange {
        let all = try versions(of: subject, includingDeleted: true)
        try checkWritable(subject)
        let live = all.filter { !$0.isDeleted }
        let affected = isPermanent ? all : live
        if isPermanent, !live.isEmpty {
            throw RegistryError(
                .subjectNotSoftDeleted,
                "Subject '\(subject)' was not deleted first before being permanently deleted"
            )
        }
        guard !affected.isEmpty else {
            throw RegistryError(
                .subjectSoftDeleted,
                "Subject '\(subject)' was soft deleted. Set permanent=true to delete permanently"
            )
        }
        for version in affected {
            try checkUnreferenced(version.version, of: subject, isPermanent: isPermanent, except: subject)
        }
        let numbers = affected.map(\.version)
        let records =
            isPermanent
            ? purge(affected, of: subject)
            : [Self.softDeletion(of: subject, upTo: all.last?.version ?? 0)]
        let audit = AuditEntry(
            action: isPermanent ? .purge : .delete,
            subject: "\(subject)",
            versions: numbers
        )
        return PlannedChange(records, audit: audit) { writer in
            writer.array { for number in numbers { $0.value(number) } }
        }
    }

    /// Deletes one version; answers its number.
    /// - Throws: 40401, 40402, 40406, 40407, 42202, 42205, 42206.
    func delete(
        version text: String,
        of subject: QualifiedSubject,
        isPermanent: Bool
    ) throws(RegistryError) -> PlannedChange {
        var stored = try version(text, of: subject, includingDeleted: true)
        try checkWritable(subject)
        if stored.isDeleted, !isPermanent {
            throw RegistryError(
                .versionSoftDeleted,
                "Subject '\(subject)' Version \(stored.version) was soft deleted. Set permanent=true to delete permanently"
            )
        }
        if !stored.isDeleted, isPermanent {
            throw RegistryError(
                .versionNotSoftDeleted,
                "Subject '\(subject)' Version \(stored.version) was not deleted first before being permanently deleted"
            )
        }
        try checkUnreferenced(stored.version, of: subject, isPermanent: isPermanent)
        let audit = AuditEntry(
            action: isPermanent ? .purge : .delete,
            subject: "\(subject)",
            versions: [stored.version],
            id: stored.id
        )
        let records: [RegistryRecord]
        if isPermanent {
            records = purge([stored], of: subject)
        } else {
            stored.isDeleted = true
            records = [stored.record(of: subject)]
        }
        let number = stored.version
        return PlannedChange(records, audit: audit) { $0.value(number) }
    }

    /// Deletes a context that has no subject left, with its level and mode.
    /// - Throws: 42205, 42211.
    func delete(context: String) throws(RegistryError) -> PlannedChange {
        let scope = QualifiedSubject(context: context, name: "")
        try checkWritable(scope)
        guard contexts[JSONName(context)]?.isEmpty ?? true else {
            throw RegistryError(
                .contextNotEmpty,
                "The context '\(context.shortened)' is not empty; delete its subjects first"
            )
        }
        let records =
            (settings(of: scope) == nil ? [] : tombstones(.config(scope)))
            + (mode(of: scope) == nil ? [] : tombstones(.mode(scope)))
        var change = PlannedChange(records, audit: AuditEntry(action: .deleteContext, subject: "\(scope)")) { _ in }
        change.answer.status = 204
        return change
    }

    /// Records that delete versions for good. With the last one go the subject's level and mode.
    func purge(_ versions: [StoredVersion], of subject: QualifiedSubject) -> [RegistryRecord] {
        var records = highestIDKept(without: versions, in: subject.context)
        for version in versions { records += tombstones(.schema(subject, version: version.version)) }
        guard subjects[subject]?.count == versions.count else { return records }
        records += tombstones(.deleteSubject(subject))
        if settings(of: subject) != nil { records += tombstones(.config(subject)) }
        if mode(of: subject) != nil { records += tombstones(.mode(subject)) }
        return records
    }

    /// Compaction forgets a schema and its id, which nobody may get again: records out there carry it.
    private func highestIDKept(without versions: [StoredVersion], in context: String) -> [RegistryRecord] {
        let highest = contexts[JSONName(context)]?.highest ?? 0
        guard versions.contains(where: { $0.id == highest }) else { return [] }
        var writer = JSONWriter()
        writer.object { $0.member("id", highest) }
        return [RegistryRecord(.highestID(context: context), writer.bytes)]
    }

    private static func softDeletion(of subject: QualifiedSubject, upTo version: Int) -> RegistryRecord {
        var writer = JSONWriter(reservingCapacity: 64)
        writer.object {
            $0.member("subject", "\(subject)")
            $0.member("version", version)
        }
        return RegistryRecord(.deleteSubject(subject), writer.bytes)
    }

    /// What is deleted softly can still be read by those that refer to it; what is deleted for good cannot.
    private func checkUnreferenced(
        _ version: Int,
        of subject: QualifiedSubject,
        isPermanent: Bool,
        except deleted: QualifiedSubject? = nil
    ) throws(RegistryError) {
        let place = Place(subject: subject, version: version)
        let referrers = referrers(to: place, includingDeleted: isPermanent).filter { $0.subject != deleted }
        guard let first = referrers.first else { return }
        throw RegistryError(
            .referenceExists,
            "One or more references exist to the schema {magic=1,keytype=SCHEMA,subject=\(subject),version=\(version)}: "
                + "version \(first.version) of subject '\(first.subject)' refers to it."
        )
    }
}
