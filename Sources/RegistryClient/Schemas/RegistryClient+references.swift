internal import JSON

extension RegistryClient {
    /// Documents that one schema may draw in by references, and their bytes together.
    private static let maxDocuments = 1_000
    private static let maxDocumentBytes = 64 << 20

    /// A schema with everything it refers to, directly or not, which is asked for.
    /// - Throws: `notFound` for a reference that leads nowhere, `invalid` for more documents than the bound.
    package func bundle(_ schema: ServedSchema) async throws(RegistryClientError) -> SchemaBundle {
        var documents: [JSONName: String] = [:]
        var bytes = 0
        var work = schema.references
        while let reference = work.popLast() {
            guard documents[JSONName(reference.name)] == nil else { continue }
            let version: AskedVersion = reference.version == -1 ? .latest : .number(reference.version)
            let found = try await self.schema(subject: reference.subject, version: version)
            bytes += found.text.utf8.count
            guard documents.count < Self.maxDocuments, bytes <= Self.maxDocumentBytes else {
                throw RegistryClientError(
                    .invalid,
                    "a schema draws in more than \(Self.maxDocuments) documents or \(Self.maxDocumentBytes >> 20) MiB"
                )
            }
            documents[JSONName(reference.name)] = found.text
            work += found.references
        }
        return SchemaBundle(schema: schema, documents: documents)
    }
}
