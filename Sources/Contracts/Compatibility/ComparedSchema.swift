package import JSON

/// One side of a comparison: a schema as text, as a value and compiled.
package struct ComparedSchema: Sendable {
    /// The document as it was given; what lines and columns refer to.
    package let bytes: [UInt8]
    package let json: JSON
    package let contract: Contract
    /// The version of the subject, from 1; nil for a schema from elsewhere.
    package var version: Int?
    /// What relative references are resolved against.
    package let uri: String
    /// Serves the documents that it refers to.
    package let resolver: SchemaResolver

    /// The draft that the schema is read in; a metaschema of somebody's own counts as the default.
    package var draft: SchemaDraft {
        json["$schema"]?.string.flatMap { SchemaDraft(metaschemaURI: $0) } ?? Contract.defaultDraft
    }

    /// - Throws: why the schema cannot be used, see ``Contract``.
    package init(
        _ bytes: [UInt8],
        version: Int? = nil,
        uri: String = "",
        resolver: SchemaResolver = .none
    ) throws(ContractError) {
        contract = try Contract(compiling: bytes, version: version, uri: uri, resolver: resolver)
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw ContractError(.invalidJSON, error.message, line: error.line, column: error.column)
        }
        self.bytes = bytes
        self.version = version
        self.uri = uri
        self.resolver = resolver
    }
}
