extension RegistryClient {
    /// What a key names, with everything it refers to.
    func fetch(_ key: ContractKey) async throws(RegistryClientError) -> SchemaBundle {
        let schema: ServedSchema
        switch key {
        case .id(let id): schema = try await self.schema(id: id)
        case .guid(let guid): schema = try await self.schema(guid: guid)
        case .version(let subject, let version):
            schema = try await self.schema(subject: subject, version: .number(version))
        case .latest(let subject): schema = try await self.schema(subject: subject, version: .latest)
        case .text(let subject, _):
            throw RegistryClientError(.notFound, "a schema under \(subject) cannot be asked for by its digest")
        }
        return try await bundle(schema)
    }

    /// Registers a schema; its GUID is asked for where the answer leaves it out.
    func registered(
        _ schema: SchemaSubmission,
        under subject: String
    ) async throws(RegistryClientError) -> SchemaBundle {
        let answer = try await register(schema, under: subject)
        guard answer.guid == nil, let id = answer.id else { return try await bundle(answer) }
        let stored = try await self.schema(id: id, subject: subject)
        return try await bundle(
            ServedSchema(
                id: id,
                guid: stored.guid,
                subject: subject,
                version: answer.version,
                type: stored.type,
                text: stored.text,
                references: stored.references
            )
        )
    }
}
