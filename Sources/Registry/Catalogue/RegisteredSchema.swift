package import JSON

/// A schema as the registry serves it. Versions with the same content, of whatever subject of a context, are one schema.
package struct RegisteredSchema: Sendable {
    /// `JSON`, or what another registry has stored: `AVRO`, `PROTOBUF`.
    package let type: String
    package let identity: SchemaIdentity
    /// The schema without white space, members in their order, numbers as they were written.
    package let text: String
    /// The schemas it refers to, in the order in which they were given.
    package let references: [RegisteredReference]
    /// As it was given, nil for none.
    package let metadata: JSON?
    /// As it was given, nil for none.
    package let ruleSet: JSON?

    /// The type of the schemas that are checked and compared.
    package static let jsonType = "JSON"

    /// Nothing of it is changed: the text must be as it is to be served.
    package init(
        type: String = Self.jsonType,
        text: String,
        references: [RegisteredReference] = [],
        metadata: JSON? = nil,
        ruleSet: JSON? = nil
    ) {
        self.type = type
        self.text = text
        self.references = references
        self.metadata = metadata
        self.ruleSet = ruleSet
        identity = SchemaIdentity(
            text: Array(text.utf8),
            references: references,
            metadata: metadata,
            ruleSet: ruleSet
        )
    }

    package init(_ json: JSON, references: [RegisteredReference]) {
        self.init(text: "\(json)", references: references)
    }

    /// Whether it is a JSON Schema.
    var isJSON: Bool { type == Self.jsonType }

    /// The text with the members of every object sorted, references too: what `normalize=true` stores and compares.
    var normalized: RegisteredSchema {
        guard let json = parsed else { return self }
        return RegisteredSchema(
            text: "\(json.sorted)",
            references: Set(references).sorted { JSONName($0.name) < JSONName($1.name) },
            metadata: metadata,
            ruleSet: ruleSet
        )
    }

    /// The text as a value; nil for another type, and for a text that another registry has stored although it is no JSON.
    private var parsed: JSON? {
        guard isJSON else { return nil }
        do { return try JSON(parsing: text) } catch { return nil }
    }

    func with(metadata: JSON?, ruleSet: JSON?) -> RegisteredSchema {
        RegisteredSchema(type: type, text: text, references: references, metadata: metadata, ruleSet: ruleSet)
    }

    /// Whether text and references are the same, whatever was said about them.
    func hasText(of other: RegisteredSchema) -> Bool {
        type == other.type && JSONName(text) == JSONName(other.text) && references == other.references
    }
}

/// Where a schema refers to another one.
package struct RegisteredReference: Sendable, Hashable {
    /// What `$ref` says before its fragment, for example `../common.address/v1.json`.
    package let name: String
    package let subject: String
    /// From 1; -1 in a request stands for the latest.
    package let version: Int

    package init(name: String, subject: String, version: Int) {
        self.name = name
        self.subject = subject
        self.version = version
    }

    // As the GUID tells them apart: by their bytes.
    package static func == (left: RegisteredReference, right: RegisteredReference) -> Bool {
        JSONName(left.name) == JSONName(right.name) && JSONName(left.subject) == JSONName(right.subject)
            && left.version == right.version
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(JSONName(name))
        hasher.combine(JSONName(subject))
        hasher.combine(version)
    }
}

extension JSON {
    /// The same value with the members of every object in the order of their names.
    var sorted: JSON {
        switch self {
        case .null, .bool, .number, .string: self
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let members):
            .object(members.map { ($0.0, $0.1.sorted) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) })
        }
    }
}
