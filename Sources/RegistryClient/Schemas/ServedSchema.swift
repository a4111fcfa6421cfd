package import JSON

/// A schema as a registry gives it. What its answer left out is nil.
package struct ServedSchema: Sendable, Hashable {
    /// The id in its context, from 1.
    package var id: Int32?
    /// In the form of a UUID, lower case; registries before Confluent's 8 have none.
    package let guid: String?
    /// The subject it was asked for under.
    package let subject: String?
    /// Of ``subject``, from 1.
    package let version: Int?
    /// `JSON`, `AVRO` or `PROTOBUF`.
    package let type: String
    /// The schema as text.
    package let text: String
    /// The schemas it refers to.
    package let references: [ServedReference]

    /// The type of the schemas that busbar uses.
    package static let jsonType = "JSON"

    package init(
        id: Int32? = nil,
        guid: String? = nil,
        subject: String? = nil,
        version: Int? = nil,
        type: String = Self.jsonType,
        text: String,
        references: [ServedReference] = []
    ) {
        self.id = id
        self.guid = guid
        self.subject = subject
        self.version = version
        self.type = type
        self.text = text
        self.references = references
    }

    /// Reads an answer of the API; nil when it is none.
    package init?(_ json: JSON) {
        guard let text = json["schema"]?.string else { return nil }
        var references: [ServedReference] = []
        for reference in json["references"]?.elements ?? [] {
            guard let reference = ServedReference(reference) else { return nil }
            references.append(reference)
        }
        self.init(
            id: json["id"]?.int32,
            guid: json["guid"]?.string?.lowercased(),
            subject: json["subject"]?.string,
            version: json["version"]?.int32.map { Int($0) },
            // Absent means AVRO in Confluent's API.
            type: json["schemaType"]?.string ?? "AVRO",
            text: text,
            references: references
        )
    }
}

/// Where a schema refers to another one.
package struct ServedReference: Sendable, Hashable {
    /// What `$ref` says before its fragment.
    package let name: String
    package let subject: String
    /// From 1; -1 in a request stands for the latest.
    package let version: Int

    package init(name: String, subject: String, version: Int) {
        self.name = name
        self.subject = subject
        self.version = version
    }

    /// Reads `{"name", "subject", "version"}`; nil when one is missing.
    package init?(_ json: JSON) {
        guard let name = json["name"]?.string, let subject = json["subject"]?.string,
            let version = json["version"]?.int32
        else { return nil }
        self.init(name: name, subject: subject, version: Int(version))
    }

    package var json: JSON {
        ["name": .string(name), "subject": .string(subject), "version": .number(JSONLiteral(version))]
    }
}

/// What a version of a subject is asked for by.
package enum AskedVersion: Sendable, Hashable {
    /// From 1.
    case number(Int)
    case latest

    var text: String {
        switch self {
        case .number(let number): String(number)
        case .latest: "latest"
        }
    }
}

extension JSON {
    /// The value if it is an integer of 32 bits.
    var int32: Int32? { number?.int64.flatMap { Int32(exactly: $0) } }
}
