package import JSON

/// A schema that is registered, looked up or compared.
package struct SchemaSubmission: Sendable, Hashable {
    /// A JSON Schema.
    package var text: String
    /// What it refers to, by the names that it uses.
    package var references: [ServedReference]
    /// Whether the order of members does not count.
    package var isNormalized: Bool

    package init(_ text: String, references: [ServedReference] = [], isNormalized: Bool = false) {
        self.text = text
        self.references = references
        self.isNormalized = isNormalized
    }

    var json: JSON {
        var members: [(String, JSON)] = [("schemaType", .string(ServedSchema.jsonType)), ("schema", .string(text))]
        if !references.isEmpty { members.append(("references", .array(references.map(\.json)))) }
        return .object(members)
    }

    var query: [(name: String, value: String)] { isNormalized ? [(name: "normalize", value: "true")] : [] }
}

/// What a registry says to a schema that may become the next version of a subject.
package struct CompatibilityReport: Sendable {
    package let isCompatible: Bool
    /// Reasons as Confluent's API words them; empty where the registry gives none.
    package let messages: [String]
    /// Each with `rule`, `path`, `old`, `new` and `counterexample`, where the registry is busbar's; else empty.
    package let differences: [JSON]
}
