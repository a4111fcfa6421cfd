internal import Foundation
internal import JSON

/// A version of a subject as a record keeps it.
struct StoredVersion: Sendable {
    let version: Int
    let id: Int32
    let schema: RegisteredSchema
    /// Whether it is deleted softly: hidden, but still there by its id.
    var isDeleted: Bool
    /// Members of the record that are not known here, kept for whoever wrote them.
    var unknown: [(String, JSON)] = []

    private static let known: Set<String> = [
        "subject", "version", "id", "md5", "schemaType", "references", "metadata", "ruleSet", "schema", "deleted",
    ]

    init(version: Int, id: Int32, schema: RegisteredSchema, isDeleted: Bool = false) {
        self.version = version
        self.id = id
        self.schema = schema
        self.isDeleted = isDeleted
    }

    /// Reads the value of a `SCHEMA` record; nil when it is none.
    init?(_ value: JSON, version: Int) {
        guard let id = value["id"]?.integer.flatMap({ Int32(exactly: $0) }), let text = value["schema"]?.string else {
            return nil
        }
        var references: [RegisteredReference] = []
        for reference in value["references"]?.elements ?? [] {
            guard let reference = RegisteredReference(reference) else { return nil }
            references.append(reference)
        }
        self.init(
            version: version,
            id: id,
            schema: RegisteredSchema(
                type: value["schemaType"]?.string ?? "AVRO",
                text: text,
                references: references,
                metadata: value["metadata"]?.object,
                ruleSet: value["ruleSet"]?.object
            ),
            isDeleted: value["deleted"]?.boolValue ?? false
        )
        unknown = (value.members ?? []).filter { !Self.known.contains($0.0) }
    }

    /// The record of this version, in Confluent's form.
    func record(of subject: QualifiedSubject) -> RegistryRecord {
        var writer = JSONWriter(reservingCapacity: schema.text.utf8.count + 256)
        writer.object { writer in
            writer.member("subject", "\(subject)")
            writer.member("version", version)
            writer.member("id", id)
            writer.member("md5", Data(schema.identity.digest).base64EncodedString())
            if schema.type != "AVRO" { writer.member("schemaType", schema.type) }
            writer.array("references") { writer in
                for reference in schema.references { writer.write(reference) }
            }
            writer.member("metadata", schema.metadata ?? .null)
            writer.member("ruleSet", schema.ruleSet ?? .null)
            writer.member("schema", schema.text)
            writer.member("deleted", isDeleted)
            for (name, value) in unknown { writer.member(name, value) }
        }
        return RegistryRecord(.schema(subject, version: version), writer.bytes)
    }
}

extension RegisteredReference {
    /// Reads `{"name", "subject", "version"}`; nil when one is missing.
    init?(_ json: JSON) {
        guard let name = json["name"]?.string, let subject = json["subject"]?.string,
            let version = json["version"]?.integer
        else { return nil }
        self.init(name: name, subject: subject, version: version)
    }
}

extension JSON {
    /// The value if it is an object.
    var object: JSON? {
        // `nil` in a conditional expression would be the JSON value.
        if members == nil { return Optional.none }
        return self
    }
}
