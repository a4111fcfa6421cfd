import JSON

/// Turns JSON Pointers into a schema's document into lines and columns.
package struct SchemaPlaces: Sendable {
    /// A place in a text.
    package struct Place: Sendable, Equatable {
        /// From 1.
        package let line: Int
        /// Unicode scalars from the start of the line, from 1.
        package let column: Int
    }

    private let document: JSONDocument
    private let bytes: [UInt8]

    /// - Throws: `invalidJSON`, which a schema that compiled never gives.
    package init(_ schema: ComparedSchema) throws(ContractError) {
        try self.init(schema.bytes)
    }

    /// Of any document.
    /// - Throws: `invalidJSON`.
    package init(_ bytes: [UInt8]) throws(ContractError) {
        self.bytes = bytes
        do {
            document = try JSONDocument(bytes)
        } catch {
            throw ContractError(.invalidJSON, error.message, line: error.line, column: error.column)
        }
    }

    /// Where the value that a pointer leads to starts; nil when it leads nowhere or into another document.
    package func place(of pointer: String) -> Place? {
        let located = ContractError(.invalidSchema, "", pointer: pointer).located(in: document, bytes)
        guard let line = located.line, let column = located.column else { return nil }
        return Place(line: line, column: column)
    }
}
