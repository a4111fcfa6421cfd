internal import JSON

/// The shapes of Confluent's API, members in its order.
extension JSONWriter {
    /// A version of a subject.
    mutating func write(version place: SchemaCatalogue.Place, _ schema: RegisteredSchema) {
        object { writer in
            writer.member("subject", place.subject)
            writer.member("version", place.version)
            writer.member("id", schema.identity.id)
            writer.content(of: schema)
        }
    }

    /// A schema by its id, with the place that was asked about.
    mutating func write(schema: RegisteredSchema, at place: SchemaCatalogue.Place?) {
        object { writer in
            if let place {
                writer.member("subject", place.subject)
                writer.member("version", place.version)
            }
            writer.content(of: schema)
        }
    }

    /// One place of a schema.
    mutating func write(_ place: SchemaCatalogue.Place) {
        object { writer in
            writer.member("subject", place.subject)
            writer.member("version", place.version)
        }
    }

    private mutating func content(of schema: RegisteredSchema) {
        member("guid", schema.identity.guid)
        member("schemaType", "JSON")
        if !schema.references.isEmpty {
            array("references") { writer in
                for reference in schema.references { writer.write(reference) }
            }
        }
        member("schema", schema.text)
    }

    private mutating func write(_ reference: RegisteredReference) {
        object { writer in
            writer.member("name", reference.name)
            writer.member("subject", reference.subject)
            writer.member("version", reference.version)
        }
    }
}
