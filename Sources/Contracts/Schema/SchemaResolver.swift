/// Serves the schemas that a contract refers to beyond its own document. Nothing is ever fetched by itself.
package struct SchemaResolver: Sendable {
    /// Returns the bytes of the document with this URI (without fragment), nil when it is not known.
    package let document: @Sendable (_ uri: String) throws -> [UInt8]?

    package init(document: @escaping @Sendable (_ uri: String) throws -> [UInt8]?) {
        self.document = document
    }

    /// Knows no document. The published metaschemas are known without a resolver.
    package static let none = SchemaResolver { _ in nil }

    /// Serves documents by the names that references have for them, as registries keep them. A schema with an `$id` asks
    /// for a name resolved against it, so a name is also known by its end.
    package static func offering(_ documents: [String: [UInt8]]) -> SchemaResolver {
        SchemaResolver { uri in
            if let found = documents[uri] { return found }
            let ends = documents.keys.filter { name in
                let end = name.drop { $0 == "." || $0 == "/" }
                return !end.isEmpty && (uri == end || uri.hasSuffix("/" + end))
            }
            let longest = ends.max { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
            return longest.flatMap { documents[$0] }
        }
    }
}
