package import Contracts
package import JSON

/// A schema with the text of everything it refers to: what it takes to compile it without a registry.
package struct SchemaBundle: Sendable, Hashable {
    package let schema: ServedSchema
    /// Texts by the names that the schema and what it refers to know them by.
    package let documents: [JSONName: String]

    package init(schema: ServedSchema, documents: [JSONName: String] = [:]) {
        self.schema = schema
        self.documents = documents
    }

    /// Bytes of all texts.
    package var byteCount: Int {
        documents.reduce(schema.text.utf8.count) { $0 + $1.key.text.utf8.count + $1.value.utf8.count }
    }

    /// Serves what the schema refers to.
    package var resolver: SchemaResolver { .offering(documents.mapValues { Array($0.utf8) }) }

    /// Compiles the schema.
    /// - Throws: `ContractError` for what is no JSON Schema, also one of another type.
    package func contract() throws(ContractError) -> Contract {
        try checkType()
        return try Contract(compiling: Array(schema.text.utf8), version: schema.version, resolver: resolver)
    }

    /// The schema as a side of a comparison.
    /// - Throws: as ``contract()``.
    package func compared() throws(ContractError) -> ComparedSchema {
        try checkType()
        return try ComparedSchema(Array(schema.text.utf8), version: schema.version, resolver: resolver)
    }

    private func checkType() throws(ContractError) {
        guard schema.type == ServedSchema.jsonType else {
            throw ContractError(.invalidSchema, "the schema is of type \(schema.type.prefix(32)), not JSON")
        }
    }
}
