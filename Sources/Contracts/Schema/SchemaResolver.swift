package import JSON

/// Serves the schemas that a contract refers to beyond its own document. Nothing is ever fetched by itself.
package struct SchemaResolver: Sendable {
    /// Returns the bytes of the document with this URI (without fragment), nil when it is not known.
    package let document: @Sendable (_ uri: String) throws -> [UInt8]?
    /// What somebody whose schema refers to an unknown document can do, after "so it must be"; by the document's URI.
    let advice: @Sendable (_ uri: String) -> String

    package init(
        advice: @escaping @Sendable (_ uri: String) -> String = { _ in "embedded or offered beside" },
        document: @escaping @Sendable (_ uri: String) throws -> [UInt8]?
    ) {
        self.advice = advice
        self.document = document
    }

    /// Knows no document. The published metaschemas are known without a resolver.
    package static let none = SchemaResolver { _ in nil }

    /// Serves documents by the names that references have for them, as registries keep them. A schema with an `$id` asks
    /// for a name resolved against it, so a name is also known by its end.
    package static func offering(_ documents: [JSONName: [UInt8]]) -> SchemaResolver {
        SchemaResolver(
            advice: { _ in "embedded, or registered and named among the schema's references" },
            document: { uri in name(of: uri, in: documents.keys).flatMap { documents[$0] } }
        )
    }

    /// The name that is the URI, else the longest that it ends with.
    private static func name(of uri: String, in names: some Sequence<JSONName>) -> JSONName? {
        var longest: JSONName?
        for name in names {
            if name == JSONName(uri) { return name }
            let end = name.text.utf8.drop { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }
            let rest = uri.utf8.dropLast(end.count)
            guard !end.isEmpty, uri.utf8.suffix(end.count).elementsEqual(end),
                rest.isEmpty || rest.last == UInt8(ascii: "/")
            else { continue }
            let known = longest ?? ""
            if (known.text.utf8.count, known) < (name.text.utf8.count, name) { longest = name }
        }
        return longest
    }
}
