internal import JSON

/// Registrations, look-ups and checks.
extension SchemaCatalogue {
    /// How a registration is to be made.
    struct RegistrationOptions: Sendable {
        /// Members in any order are the same schema, and the sorted text is what is stored.
        var isNormalized = false
        /// Registers whatever the level says.
        var isForced = false
    }

    /// Adds a version, or finds the one that is there.
    /// - Throws: 42208, 42205 for the mode, 42201 and 42209 for the schema, 40901 for the level.
    func register(
        _ request: SchemaRequest,
        as name: QualifiedSubject,
        _ options: RegistrationOptions,
        _ checks: SchemaChecks
    ) throws(RegistryError) -> PlannedChange {
        let subject = try name.checked()
        try checks.admit(request.schema)
        let settings = settingsInForce(for: subject)
        let isNormalized = options.isNormalized || settings.normalizes == true
        let schema = try prepared(request.schema, for: subject, isNormalized: isNormalized)
        let mode = modeInForce(for: subject)
        if mode == .importing { return try importing(schema, request, as: subject) }
        try checkWritable(subject)
        if let same = find(schema, in: subject, normalized: isNormalized) {
            guard request.id == nil || request.id == same.id else { throw Self.idRefusal(subject) }
            return PlannedChange { $0.write(version: same, of: subject) }
        }
        guard schema.isJSON else { throw SchemaRequest.refusal(schema.type) }
        guard request.id == nil else { throw Self.idRefusal(subject) }
        let live = (subjects[subject] ?? []).filter { !$0.isDeleted }
        let next = (subjects[subject]?.last?.version ?? 0) + 1
        if let version = request.version, version != next {
            throw RegistryError(
                .invalidSchema,
                "Version \(version) is not one more than the previous version; the next version is \(next)."
            )
        }
        // What is not said is as it was, as in Confluent's registry.
        let complete = settings.completed(schema, after: live.last?.schema)
        if let same = find(complete, in: subject, normalized: false) {
            return PlannedChange { $0.write(version: same, of: subject) }
        }
        _ = try checks.compile(try source(of: schema, in: subject.context))
        if !options.isForced {
            let answer = try CompatibilityAnswer(
                of: complete,
                in: subject,
                after: live,
                settings: settings,
                catalogue: self,
                checks: checks
            )
            guard answer.isCompatible else { throw answer.refusal(subject) }
        }
        let stored = StoredVersion(version: next, id: try id(of: complete, in: subject.context), schema: complete)
        return adding(stored, to: subject)
    }

    /// Finds a schema.
    /// - Throws: 40401, 40403, 42201.
    func lookUp(
        _ request: SchemaRequest,
        in subject: QualifiedSubject,
        isNormalized: Bool,
        includingDeleted: Bool
    ) throws(RegistryError) -> StoredVersion {
        _ = try versions(of: subject, includingDeleted: includingDeleted)
        let normalizes = isNormalized || settingsInForce(for: subject).normalizes == true
        let schema: RegisteredSchema
        do throws(RegistryError) {
            schema = try prepared(request.schema, for: subject, isNormalized: false)
        } catch {
            throw .noSuchSchema
        }
        if let found = find(schema, in: subject, normalized: normalizes, includingDeleted: includingDeleted) {
            return found
        }
        throw schema.isJSON ? .noSuchSchema : SchemaRequest.refusal(schema.type)
    }

    /// Checks a schema against one version, or against what the level asks for.
    /// - Throws: 40402, 42201, 42202, 42209. A subject that does not exist takes everything.
    func check(
        _ request: SchemaRequest,
        in subject: QualifiedSubject,
        version: String?,
        isNormalized: Bool,
        _ checks: SchemaChecks
    ) throws(RegistryError) -> CompatibilityAnswer {
        try checks.admit(request.schema)
        let schema = try prepared(request.schema, for: subject, isNormalized: isNormalized)
        guard schema.isJSON else { throw SchemaRequest.refusal(schema.type) }
        _ = try checks.compile(try source(of: schema, in: subject.context))
        var earlier = (subjects[subject] ?? []).filter { !$0.isDeleted }
        if let version {
            let number = try Self.number(of: version)
            if let number, !earlier.contains(where: { $0.version == number }) { throw .unknown(version: number) }
            earlier = earlier.last { number == nil || $0.version == number }.map { [$0] } ?? []
        }
        return try CompatibilityAnswer(
            of: schema,
            in: subject,
            after: earlier,
            settings: settingsInForce(for: subject),
            catalogue: self,
            checks: checks
        )
    }

    /// - Throws: 42205 when the mode lets nobody write.
    func checkWritable(_ subject: QualifiedSubject?) throws(RegistryError) {
        switch modeInForce(for: subject) {
        case .readWrite, .importing: return
        case .readOnly, .readOnlyOverride, .forward:
            throw RegistryError(
                .operationNotPermitted,
                "Subject \(subject.map { "\($0)" } ?? "-") in context \(subject?.context ?? ".") is in read-only mode"
            )
        }
    }
}

extension SchemaCatalogue {
    /// The schema with references by number, and sorted where the order does not matter.
    private func prepared(
        _ schema: RegisteredSchema,
        for subject: QualifiedSubject,
        isNormalized: Bool
    ) throws(RegistryError) -> RegisteredSchema {
        let prepared = RegisteredSchema(
            type: schema.type,
            text: schema.text,
            references: try resolved(schema.references, in: subject.context),
            metadata: schema.metadata,
            ruleSet: schema.ruleSet
        )
        return isNormalized ? prepared.normalized : prepared
    }

    /// The id that the context has for the schema, else the next one.
    private func id(of schema: RegisteredSchema, in context: String) throws(RegistryError) -> Int32 {
        let ids = contexts[JSONName(context)]
        if let known = ids?.id(guid: schema.identity.guid) { return known }
        let highest = ids?.highest ?? 0
        guard highest < Int32.max else { throw RegistryError(.store, "The context '\(context)' has no id left.") }
        return highest + 1
    }

    private func importing(
        _ schema: RegisteredSchema,
        _ request: SchemaRequest,
        as subject: QualifiedSubject
    ) throws(RegistryError) -> PlannedChange {
        guard schema.isJSON else { throw SchemaRequest.refusal(schema.type) }
        guard let id = request.id else {
            throw RegistryError(.operationNotPermitted, "Subject \(subject) is in import mode: the schema needs its id")
        }
        if let other = contexts[JSONName(subject.context)]?.schema(id), other.identity != schema.identity {
            throw RegistryError(.operationNotPermitted, "Overwrite new schema with id \(id) is not permitted.")
        }
        let version = request.version ?? (subjects[subject]?.last?.version ?? 0) + 1
        let stored = StoredVersion(version: version, id: id, schema: schema)
        if let there = subjects[subject]?.first(where: { $0.version == version }), !there.isDeleted {
            guard there.id == id else {
                throw RegistryError(.operationNotPermitted, "Version \(version) of \(subject) has another schema.")
            }
            return PlannedChange { $0.write(version: there, of: subject) }
        }
        return adding(stored, to: subject)
    }

    /// The same schema, if it was deleted softly, moves to the new version unless something refers to the old one.
    private func adding(_ stored: StoredVersion, to subject: QualifiedSubject) -> PlannedChange {
        var records = [stored.record(of: subject)]
        for old in subjects[subject] ?? [] where old.isDeleted && old.schema.identity == stored.schema.identity {
            let place = Place(subject: subject, version: old.version)
            guard old.version != stored.version, referrers(to: place, includingDeleted: true).isEmpty else { continue }
            records += tombstones(.schema(subject, version: old.version))
        }
        let audit = AuditEntry(
            action: .register,
            subject: "\(subject)",
            versions: [stored.version],
            id: stored.id
        )
        return PlannedChange(records, audit: audit) { $0.write(version: stored, of: subject) }
    }

    private static func idRefusal(_ subject: QualifiedSubject) -> RegistryError {
        RegistryError(
            .operationNotPermitted,
            "Subject \(subject) is not in import mode: ids are given out by the registry. Leave 'id' out, or "
                + "PUT /mode/\(subject) {\"mode\": \"IMPORT\"} first."
        )
    }
}
