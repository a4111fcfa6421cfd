internal import JSON

/// The body of a look-up, registration or check: a schema as text. Members it does not know are ignored, as Confluent does.
struct SchemaRequest: Sendable {
    /// The text without white space; what is not of type JSON is as it was sent.
    let schema: RegisteredSchema
    /// What the body asks for; nil, and Confluent's clients' -1 and 0, leave it to the registry.
    let id: Int32?
    let version: Int?

    /// - Parameter body: `{"schema": "<text>", "schemaType": "JSON", "references": [{"name", "subject", "version"}],
    ///   "metadata": {…}, "ruleSet": {…}, "id": 1, "version": 1}`.
    /// - Throws: 400 when the body is no such object, 42201 when the schema is no JSON document or no JSON Schema.
    init(_ body: [UInt8]) throws(RegistryError) {
        let request = try JSON(body: body)
        guard let text = request["schema"]?.string else {
            throw RegistryError(.invalidSchema, "The body has no member 'schema' that holds the schema as a string.")
        }
        // Confluent's default; clients for JSON Schema always say JSON.
        let type = request["schemaType"]?.string ?? "AVRO"
        guard type == RegisteredSchema.jsonType || Self.servedTypes.contains(type) else { throw Self.refusal(type) }
        schema = RegisteredSchema(
            type: type,
            text: type == RegisteredSchema.jsonType ? try Self.compact(text) : text,
            references: try Self.references(request),
            metadata: request["metadata"]?.object,
            ruleSet: request["ruleSet"]?.object
        )
        id = request["id"]?.integer.flatMap { Int32(exactly: $0) }.flatMap { $0 > 0 ? $0 : nil }
        version = request["version"]?.integer.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Types that another registry may have stored: they are served and found, but not checked, so not taken.
    static let servedTypes: Set<String> = ["AVRO", "PROTOBUF"]

    static func refusal(_ type: String) -> RegistryError {
        RegistryError(
            .invalidSchema,
            "Schema type '\(type.prefix(32))' cannot be registered: this registry checks JSON Schemas "
                + "(\"schemaType\": \"JSON\"). Avro and Protobuf schemas that it took over stay readable by id and version."
        )
    }

    private static func compact(_ text: String) throws(RegistryError) -> String {
        let json: JSON
        do {
            json = try JSON(parsing: text)
        } catch {
            throw RegistryError(.invalidSchema, "The schema is no JSON: \(error)")
        }
        guard json.members != nil || json.boolValue != nil else {
            throw RegistryError(.invalidSchema, "A schema must be an object or a Boolean.")
        }
        return "\(json)"
    }

    private static func references(_ request: JSON) throws(RegistryError) -> [RegisteredReference] {
        var references: [RegisteredReference] = []
        for json in request["references"]?.elements ?? [] {
            guard let reference = RegisteredReference(json) else {
                throw RegistryError(.invalidSchema, "A reference needs 'name', 'subject' and 'version'.")
            }
            references.append(reference)
        }
        return references
    }
}

extension JSON {
    /// Parses the body of a request.
    /// - Throws: 400 when it is no JSON object.
    init(body: [UInt8]) throws(RegistryError) {
        let json: JSON
        do {
            json = try JSON(parsing: body)
        } catch {
            throw RegistryError(.badRequest, "The body is no JSON: \(error)")
        }
        guard json.members != nil else { throw RegistryError(.badRequest, "The body must be a JSON object.") }
        self = json
    }
}
