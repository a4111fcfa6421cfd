internal import JSON

/// A schema as the registry serves it. Versions with the same text, of whatever subject, are one schema.
package struct RegisteredSchema: Sendable {
    package let identity: SchemaIdentity
    /// The schema without white space, members in their order, numbers as they were written.
    package let text: String
    /// The schemas it refers to by file, in the order of their names.
    package let references: [RegisteredReference]
    /// The text with the members of every object sorted: what `normalize=true` compares.
    let normalized: String

    init(text: String, normalized: String, references: [RegisteredReference]) {
        self.text = text
        self.normalized = normalized
        self.references = references
        identity = SchemaIdentity(text: Array(text.utf8), references: references)
    }

    init(_ json: JSON, references: [RegisteredReference]) {
        self.init(text: "\(json)", normalized: "\(json.sorted)", references: references)
    }
}

/// Where a schema refers to another one.
package struct RegisteredReference: Sendable, Hashable {
    /// What `$ref` says before its fragment, for example `../common.address/v1.json`.
    package let name: String
    package let subject: String
    package let version: Int

    package init(name: String, subject: String, version: Int) {
        self.name = name
        self.subject = subject
        self.version = version
    }
}

extension JSON {
    /// The same value with the members of every object in the order of their names.
    fileprivate var sorted: JSON {
        switch self {
        case .null, .bool, .number, .string: self
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let members):
            .object(members.map { ($0.0, $0.1.sorted) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) })
        }
    }
}
