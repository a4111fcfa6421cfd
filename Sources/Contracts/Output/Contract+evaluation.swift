package import JSON

/// What a contract was compiled from.
struct ContractText {
    let bytes: [UInt8]
    let uri: String
    let resolver: SchemaResolver
    let formats: FormatHandling
}

extension Contract {
    /// Reads the contract once more, for evaluations that say everything.
    /// - Throws: what is wrong with the documents that it refers to, if they have changed since it was compiled.
    package func evaluator() throws(ContractError) -> SchemaEvaluator {
        guard let source else {
            throw ContractError(
                .invalidReference,
                "a published metaschema is evaluated by a contract that refers to it"
            )
        }
        let json: JSON
        do {
            json = try JSON(parsing: source.bytes)
        } catch {
            throw ContractError(.invalidJSON, error.message, line: error.line, column: error.column)
        }
        let named = json["$schema"]?.string.flatMap { SchemaDraft(metaschemaURI: $0) }
        return try SchemaEvaluator(
            self,
            json,
            uri: source.uri,
            library: SchemaLibrary(resolver: source.resolver, defaultDraft: named ?? Self.defaultDraft),
            formats: source.formats
        )
    }

    /// Evaluates one instance and says everything; see `SchemaEvaluator`, which is cheaper for many.
    package func evaluate(
        _ value: JSONValue,
        using scratch: ValidationScratch = ValidationScratch()
    ) throws(ContractError) -> OutputUnit {
        try evaluator().evaluate(value, using: scratch)
    }
}
