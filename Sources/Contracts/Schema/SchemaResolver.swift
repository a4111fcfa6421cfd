/// Serves the schemas that a contract refers to beyond its own document. Nothing is ever fetched by itself.
package struct SchemaResolver: Sendable {
    /// Returns the bytes of the document with this URI (without fragment), nil when it is not known.
    package let document: @Sendable (_ uri: String) throws -> [UInt8]?

    package init(document: @escaping @Sendable (_ uri: String) throws -> [UInt8]?) {
        self.document = document
    }

    /// Knows no document. The published metaschemas are known without a resolver.
    package static let none = SchemaResolver { _ in nil }
}
