internal import JSON

extension SchemaCatalogue {
    /// Documents that one schema may draw in by references.
    private static let maxDocuments = 1_000

    /// A schema with the texts of everything it refers to.
    /// - Throws: 42201 saying which reference is not there.
    func source(of schema: RegisteredSchema, in context: String) throws(RegistryError) -> SchemaChecks.Source {
        SchemaChecks.Source(text: schema.text, documents: try documents(of: schema, in: context))
    }

    /// The references of a request with `latest` replaced by the version that it is now.
    /// - Throws: 42201 for a reference to what is not there.
    func resolved(_ references: [RegisteredReference], in context: String) throws(RegistryError)
        -> [RegisteredReference]
    {
        var resolved: [RegisteredReference] = []
        for reference in references {
            let place = try place(of: reference, in: context)
            resolved.append(
                RegisteredReference(name: reference.name, subject: reference.subject, version: place.version)
            )
        }
        return resolved
    }

    /// Texts by the names that the schema and what it refers to know them by.
    private func documents(of schema: RegisteredSchema, in context: String) throws(RegistryError)
        -> [JSONName: String]
    {
        var documents: [JSONName: String] = [:]
        var work = schema.references.map { ($0, context) }
        while let (reference, context) = work.popLast() {
            let found = try place(of: reference, in: context)
            guard let schema = stored(at: found)?.schema, documents[JSONName(reference.name)] == nil else { continue }
            guard documents.count < Self.maxDocuments else {
                throw RegistryError(.invalidSchema, "The schema draws in more than \(Self.maxDocuments) references.")
            }
            documents[JSONName(reference.name)] = schema.text
            work += schema.references.map { ($0, found.subject.context) }
        }
        return documents
    }

    private func place(of reference: RegisteredReference, in context: String) throws(RegistryError) -> Place {
        let subject = QualifiedSubject(reference.subject, in: context)
        let versions = subjects[subject] ?? []
        let found =
            reference.version == -1
            ? versions.last { !$0.isDeleted }
            : versions.first { $0.version == reference.version }
        guard let found else {
            throw RegistryError(
                .invalidSchema,
                "Reference '\(reference.name.shortened)' leads to version \(reference.version) of subject "
                    + "'\(reference.subject.shortened)', which is not there; register it first."
            )
        }
        return Place(subject: subject, version: found.version)
    }
}
