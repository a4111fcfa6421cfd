internal import JSON

/// The body of a look-up or registration: a schema as text. Members it does not know are ignored, as Confluent does.
struct SchemaRequest: Sendable {
    private let schema: RegisteredSchema
    private let isNormalized: Bool

    /// - Parameters:
    ///   - body: `{"schema": "<text>", "schemaType": "JSON", "references": [{"name", "subject", "version"}]}`.
    ///   - isNormalized: whether the order of members does not matter.
    /// - Throws: 400 when the body is no such object, 42201 when the schema is no JSON document or no JSON Schema.
    init(_ body: [UInt8], isNormalized: Bool) throws(RegistryError) {
        let request = try Self.object(body)
        guard let text = request["schema"]?.string else {
            throw RegistryError(.invalidSchema, "The body has no member 'schema' that holds the schema as a string.")
        }
        // Confluent's default; clients for JSON Schema always say JSON.
        let type = request["schemaType"]?.string ?? "AVRO"
        guard type == "JSON" else {
            throw RegistryError(.invalidSchema, "This registry holds JSON Schemas: send \"schemaType\": \"JSON\".")
        }
        let json: JSON
        do {
            json = try JSON(parsing: text)
        } catch {
            throw RegistryError(.invalidSchema, "The schema is no JSON: \(error)")
        }
        guard json.members != nil || json.boolValue != nil else {
            throw RegistryError(.invalidSchema, "A schema must be an object or a Boolean.")
        }
        schema = RegisteredSchema(json, references: try Self.references(request))
        self.isNormalized = isNormalized
    }

    /// Whether this is the schema that was sent.
    func matches(_ candidate: RegisteredSchema) -> Bool {
        if candidate.identity == schema.identity { return true }
        return isNormalized && candidate.normalized == schema.normalized && candidate.references == schema.references
    }

    private static func object(_ body: [UInt8]) throws(RegistryError) -> JSON {
        let json: JSON
        do {
            json = try JSON(parsing: body)
        } catch {
            throw RegistryError(.badRequest, "The body is no JSON: \(error)")
        }
        guard json.members != nil else { throw RegistryError(.badRequest, "The body must be a JSON object.") }
        return json
    }

    private static func references(_ request: JSON) throws(RegistryError) -> [RegisteredReference] {
        var references: [RegisteredReference] = []
        for reference in request["references"]?.elements ?? [] {
            guard let name = reference["name"]?.string, let subject = reference["subject"]?.string,
                let version = reference["version"]?.number.flatMap({ Int($0.text) })
            else {
                throw RegistryError(.invalidSchema, "A reference needs 'name', 'subject' and 'version'.")
            }
            references.append(RegisteredReference(name: name, subject: subject, version: version))
        }
        return references.sorted { $0.name < $1.name }
    }
}
