internal import JSON

/// The shapes of Confluent's API, members in its order.
extension JSONWriter {
    /// A version of a subject, with the names that stand for the subject if they were asked for.
    mutating func write(version stored: StoredVersion, of subject: QualifiedSubject, aliases: [String]? = nil) {
        object { writer in
            writer.member("subject", "\(subject)")
            writer.member("version", stored.version)
            writer.member("id", stored.id)
            writer.content(of: stored.schema)
            if stored.isDeleted { writer.member("deleted", true) }
            guard let aliases else { return }
            writer.array("aliases") { for alias in aliases { $0.value(alias) } }
        }
    }

    /// A schema by its id, with the place that was asked about, and the context's highest id if it was.
    mutating func write(schema: RegisteredSchema, at place: SchemaCatalogue.Place?, highestID: Int32? = nil) {
        object { writer in
            if let place {
                writer.member("subject", "\(place.subject)")
                writer.member("version", place.version)
            }
            writer.content(of: schema)
            if let highestID { writer.member("maxId", highestID) }
        }
    }

    /// One place of a schema.
    mutating func write(_ place: SchemaCatalogue.Place) {
        object { writer in
            writer.member("subject", "\(place.subject)")
            writer.member("version", place.version)
        }
    }

    private mutating func content(of schema: RegisteredSchema) {
        member("guid", schema.identity.guid)
        // Absent means AVRO, which is what clients of Avro compare with.
        if schema.type != "AVRO" { member("schemaType", schema.type) }
        if !schema.references.isEmpty {
            array("references") { writer in
                for reference in schema.references { writer.write(reference) }
            }
        }
        if let metadata = schema.metadata { member("metadata", metadata) }
        if let ruleSet = schema.ruleSet { member("ruleSet", ruleSet) }
        member("schema", schema.text)
    }

    mutating func write(_ reference: RegisteredReference) {
        object { writer in
            writer.member("name", reference.name)
            writer.member("subject", reference.subject)
            writer.member("version", reference.version)
        }
    }

    /// The text of a schema as the whole body: what is no JSON (Protobuf) as a string.
    mutating func write(textOf schema: RegisteredSchema) {
        do {
            _ = try JSON(parsing: schema.text)
            raw(Array(schema.text.utf8))
        } catch {
            value(schema.text)
        }
    }
}
