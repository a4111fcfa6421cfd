/// A JSON value that owns its content: schemas, configuration, tests; not for payloads on the hot path.
///
/// Objects keep the order of their members. Equality is that of JSON Schema: numbers by exact value,
/// objects in any order.
package enum JSON: Sendable {
    case null
    case bool(Bool)
    case number(JSONLiteral)
    case string(String)
    case array([JSON])
    /// Members in document order. Of a repeated name the last one counts.
    case object([(String, JSON)])

    /// Nesting beyond which `init` refuses: equality, writing and release of this type recurse.
    package static let maxDepth = 1_000
}

extension JSON {
    /// Copies a value out of a parsed document.
    /// - Throws: `depthExceeded` when it is nested deeper than `maxDepth`.
    package init(_ value: JSONValue) throws(JSONError) {
        try self.init(value, depth: 0)
    }

    /// Parses a document.
    /// - Throws: why it is none, with its position.
    package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let document = try JSONDocument(bytes, limits: limits)
        self = try document.withRoot { root throws(JSONError) in try JSON(root) }
    }

    /// Parses a document.
    package init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: [UInt8](text.utf8), limits: limits)
    }

    private init(_ value: JSONValue, depth: Int) throws(JSONError) {
        switch value.kind {
        case .null: self = .null
        case .boolean: self = .bool(value.boolValue == true)
        case .number: self = .number(JSONLiteral(verbatim: value.number?.literal ?? "0"))
        case .string: self = .string(value.string ?? "")
        case .array, .object:
            guard depth < Self.maxDepth else {
                throw JSONError(
                    code: .depthExceeded,
                    message: "arrays and objects are nested deeper than \(Self.maxDepth) levels",
                    byteOffset: value.byteOffset
                )
            }
            self = try Self.container(value, depth: depth + 1)
        }
    }

    private static func container(_ value: JSONValue, depth: Int) throws(JSONError) -> JSON {
        if value.kind == .array {
            var elements: [JSON] = []
            elements.reserveCapacity(value.count)
            for element in value.elements { elements.append(try JSON(element, depth: depth)) }
            return .array(elements)
        }
        var members: [(String, JSON)] = []
        members.reserveCapacity(value.count)
        for (key, member) in value.members { members.append((key.string, try JSON(member, depth: depth))) }
        return .object(members)
    }
}

// MARK: Access

extension JSON {
    /// What the value is.
    package var kind: JSONValue.Kind {
        switch self {
        case .null: .null
        case .bool: .boolean
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// The value of a Boolean, nil for other kinds.
    package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The text of a string, nil for other kinds.
    package var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The literal of a number, nil for other kinds.
    package var number: JSONLiteral? { if case .number(let value) = self { value } else { nil } }

    /// The elements of an array, nil for other kinds.
    package var elements: [JSON]? { if case .array(let value) = self { value } else { nil } }

    /// The members of an object in order, nil for other kinds.
    package var members: [(String, JSON)]? { if case .object(let value) = self { value } else { nil } }

    /// The value of a member, the last one of that name; nil when there is none or this is no object.
    package subscript(_ key: String) -> JSON? { members?.last { equalScalars($0.0, key) }?.1 }

    /// The element at an index from 0; nil beyond the end or when this is no array.
    package subscript(_ index: Int) -> JSON? {
        guard let elements, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The value that a pointer leads to, nil when there is no such place.
    package subscript(pointer pointer: JSONPointer) -> JSON? {
        var value = self
        for token in pointer.tokens {
            let next = value.kind == .array ? JSONPointer.index(of: token).flatMap { value[$0] } : value[token]
            guard let next else { return nil }
            value = next
        }
        return value
    }

    /// The document as bytes without white space, as `JSONWriter` writes it.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }
}

extension JSON: CustomStringConvertible {
    /// The document as text without white space.
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}
