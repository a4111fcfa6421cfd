internal import JSON
internal import Logging
internal import Telemetry

/// Answers requests: reads from what is known, and everything else through the registry. The whole API but its HTTP.
///
/// In a folder's registry, what would change something is refused with 42205, as Confluent's does in mode READONLY, and
/// the answer says which file to write instead. A registration of what is there already changes nothing and gives its id.
struct RegistryResponder: Sendable {
    let registry: Registry
    let metrics: RegistryMetrics
    let logger: Logger

    /// Never throws: what is wrong with the request is an answer too.
    func answer(_ request: RegistryRequest) async -> RegistryAnswer {
        do throws(RegistryError) {
            let catalogue = registry.snapshot
            guard let path = RegistryPath(request.path, alias: catalogue.alias) else { throw .notFound }
            try Self.authorize(request, path.resource)
            return try await answer(request, path)
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

    private func answer(_ request: RegistryRequest, _ path: RegistryPath) async throws(RegistryError) -> RegistryAnswer
    {
        switch (request.method, path.resource) {
        case (.get, _):
            let reads = RegistryReads(
                catalogue: registry.snapshot,
                path: path,
                query: request.query,
                readOnly: registry.readOnly
            )
            return try Self.written { writer throws(RegistryError) in try reads.write(to: &writer) }
        case (.post, .root): return try Self.written { writer in writer.object { _ in } }
        case (.post, .subject(let subject)): return try await lookUp(request, subject)
        case (.post, .compatibility(let subject, let version)): return try await check(request, subject, version)
        case (.post, .versions(let subject)): return try await register(request, subject)
        case (.put, let resource), (.delete, let resource):
            return try await change(request, resource)
        case (.post, _), (nil, _): throw .notAllowed
        }
    }

    // MARK: Schemas

    private func lookUp(
        _ request: RegistryRequest,
        _ subject: QualifiedSubject
    ) async throws(RegistryError) -> RegistryAnswer {
        try await registry.compute { catalogue, _ throws(RegistryError) in
            let found = try catalogue.lookUp(
                try SchemaRequest(request.body),
                in: subject,
                isNormalized: request.query.flag("normalize"),
                includingDeleted: request.query.flag("deleted")
            )
            return try Self.written { $0.write(version: found, of: subject) }
        }
    }

    /// An invalid schema is an answer where details are asked for, an error else, as in Confluent's registry.
    private func check(
        _ request: RegistryRequest,
        _ subject: QualifiedSubject,
        _ version: String?
    ) async throws(RegistryError) -> RegistryAnswer {
        let isVerbose = request.query.flag("verbose")
        return try await registry.compute { catalogue, checks throws(RegistryError) in
            let result: CompatibilityAnswer
            do throws(RegistryError) {
                result = try catalogue.check(
                    try SchemaRequest(request.body),
                    in: subject,
                    version: version,
                    isNormalized: request.query.flag("normalize"),
                    checks
                )
            } catch {
                guard isVerbose, error.code == .invalidSchema else { throw error }
                result = CompatibilityAnswer(obstacle: error.message)
            }
            return try Self.written { result.write(to: &$0, isVerbose: isVerbose) }
        }
    }

    private func register(
        _ request: RegistryRequest,
        _ subject: QualifiedSubject
    ) async throws(RegistryError) -> RegistryAnswer {
        let options = SchemaCatalogue.RegistrationOptions(
            isNormalized: request.query.flag("normalize"),
            isForced: request.query.flag("force")
        )
        if let readOnly = registry.readOnly {
            return try await registry.compute { catalogue, _ throws(RegistryError) in
                let wanted = try SchemaRequest(request.body)
                return try Self.registered(wanted, as: subject, options, catalogue, readOnly)
            }
        }
        // Decided once before it is its turn: then what it is compared with is known, and others do not wait for that.
        let wanted = try await registry.compute { catalogue, checks throws(RegistryError) in
            let wanted = try SchemaRequest(request.body)
            _ = Result { () throws(RegistryError) in try catalogue.register(wanted, as: subject, options, checks) }
            return wanted
        }
        let checks = registry.checks
        return try await perform(request) { catalogue throws(RegistryError) in
            try catalogue.register(wanted, as: subject, options, checks)
        }
    }

    /// The answer to a registration where nothing can be registered: what is there already is found.
    private static func registered(
        _ wanted: SchemaRequest,
        as subject: QualifiedSubject,
        _ options: SchemaCatalogue.RegistrationOptions,
        _ catalogue: SchemaCatalogue,
        _ readOnly: ReadOnly
    ) throws(RegistryError) -> RegistryAnswer {
        let versions = catalogue.subjects[subject] ?? []
        guard let there = catalogue.find(wanted.schema, in: subject, normalized: options.isNormalized) else {
            throw readOnly.registration(of: "\(subject)", next: (versions.last?.version ?? 0) + 1)
        }
        return try written { $0.write(version: there, of: subject) }
    }

    // MARK: Changes

    private func change(_ request: RegistryRequest, _ resource: RegistryResource) async throws(RegistryError)
        -> RegistryAnswer
    {
        if let readOnly = registry.readOnly { throw Self.refusal(resource, readOnly) }
        return try await perform(request) { catalogue throws(RegistryError) in
            try Self.plan(request, resource, catalogue)
        }
    }

    private static func plan(
        _ request: RegistryRequest,
        _ resource: RegistryResource,
        _ catalogue: SchemaCatalogue
    ) throws(RegistryError) -> PlannedChange {
        let isPermanent = request.query.flag("permanent")
        switch (request.method, resource) {
        case (.put, .config(let scope)): return try catalogue.set(settings: request.body, of: scope)
        case (.delete, .config(let scope)): return try catalogue.resetSettings(of: scope)
        case (.put, .mode(let scope)):
            return try catalogue.set(mode: request.body, of: scope, isForced: request.query.flag("force"))
        case (.delete, .mode(let scope)): return try catalogue.resetMode(of: scope)
        case (.delete, .subject(let subject)): return try catalogue.delete(subject, isPermanent: isPermanent)
        case (.delete, .version(let subject, let version)):
            return try catalogue.delete(version: version, of: subject, isPermanent: isPermanent)
        case (.delete, .context(let context)): return try catalogue.delete(context: context)
        default: throw .notAllowed
        }
    }

    private static func refusal(_ resource: RegistryResource, _ readOnly: ReadOnly) -> RegistryError {
        switch resource {
        case .config(let scope): readOnly.configuration(of: scope.map { "\($0)" })
        case .mode, .context: readOnly.mode
        case .subject(let subject), .version(let subject, _): readOnly.deletion(of: "\(subject)")
        default: .notAllowed
        }
    }

    private func perform(
        _ request: RegistryRequest,
        _ plan: @escaping @Sendable (SchemaCatalogue) throws(RegistryError) -> PlannedChange
    ) async throws(RegistryError) -> RegistryAnswer {
        let change = try await registry.change(plan)
        if let audit = change.audit, !change.records.isEmpty {
            metrics.changes.add()
            logger.info("the registry was changed", metadata: audit.metadata(by: request.actor))
        }
        return change.answer
    }

    /// - Throws: 403 for what the role does not allow.
    private static func authorize(_ request: RegistryRequest, _ resource: RegistryResource) throws(RegistryError) {
        let needed: RegistryRole =
            switch (request.method, resource) {
            case (.get, _), (.post, .subject), (.post, .compatibility), (.post, .root), (nil, _): .read
            case (.post, _): .register
            case (.put, _), (.delete, _): .admin
            }
        guard request.actor.role >= needed else {
            throw RegistryError(
                .forbidden,
                "User '\(request.actor.name)' has the role '\(request.actor.role)'; this needs '\(needed)'."
            )
        }
    }

    private static func written(
        _ write: (inout JSONWriter) throws(RegistryError) -> Void
    ) throws(RegistryError) -> RegistryAnswer {
        var writer = JSONWriter(reservingCapacity: 256)
        try write(&writer)
        return RegistryAnswer(status: 200, body: writer.bytes)
    }
}
