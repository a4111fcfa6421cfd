extension JSONWriter {
    /// Writes an object whose members `body` writes.
    package mutating func object<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        beginObject()
        try body(&self)
        endObject()
    }

    /// Writes a member that is an object.
    package mutating func object<E: Error>(
        _ name: String,
        _ body: (inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        key(name)
        try object(body)
    }

    /// Writes an array whose elements `body` writes.
    package mutating func array<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        beginArray()
        try body(&self)
        endArray()
    }

    /// Writes a member that is an array.
    package mutating func array<E: Error>(
        _ name: String,
        _ body: (inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        key(name)
        try array(body)
    }

    /// Writes a member that is a string.
    package mutating func member(_ name: String, _ text: String) {
        key(name)
        value(text)
    }

    /// Writes a member that is an integer.
    package mutating func member(_ name: String, _ number: some BinaryInteger) {
        key(name)
        value(number)
    }

    /// Writes a member that is a double; see `value(_:)` for infinities.
    package mutating func member(_ name: String, _ number: Double) {
        key(name)
        value(number)
    }

    /// Writes a member that is a Boolean.
    package mutating func member(_ name: String, _ flag: Bool) {
        key(name)
        value(flag)
    }

    /// Writes a member whose value is copied from a parsed document.
    package mutating func member(_ name: String, _ value: JSONValue) {
        key(name)
        self.value(value)
    }

    /// Writes a member from an owned value.
    package mutating func member(_ name: String, _ json: JSON) {
        key(name)
        write(json)
    }

    /// Writes an owned value; numbers as their literal.
    package mutating func write(_ json: JSON) {
        switch json {
        case .null: null()
        case .bool(let flag): value(flag)
        case .number(let literal): raw([UInt8](literal.text.utf8))
        case .string(let text): value(text)
        case .array(let elements): array { for element in elements { $0.write(element) } }
        case .object(let members): object { for (name, member) in members { $0.member(name, member) } }
        }
    }
}
