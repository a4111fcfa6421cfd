/// The name of an object's member.
public struct JSONKey {
    /// The name as a string value.
    public let value: JSONValue

    @inlinable @inline(__always)
    init(value: JSONValue) {
        self.value = value
    }

    /// Whether the name contains an escape, so that its text differs from its source.
    @inlinable @inline(__always) public var isEscaped: Bool { value.hasFlag }

    /// The source between the quotes; it is the name where `isEscaped` is false.
    @inlinable @inline(__always) public var content: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: value.source + value.start + 1, count: value.end &- value.start &- 2)
    }

    /// The name with its escapes resolved. Allocates beyond 15 bytes.
    package var string: String { value.string ?? "" }

    package static func == (key: JSONKey, text: String) -> Bool { key.value.isString(text) }
}

/// The members of an object in document order; none for other kinds.
public struct JSONMembers: Sequence, IteratorProtocol {
    @usableFromInline var upcoming: JSONValue
    @usableFromInline var remaining: Int

    @inlinable @inline(__always)
    init(_ object: JSONValue) {
        upcoming = object.advanced(by: 1)
        remaining = object.tag == .object ? object.count : 0
    }

    @inlinable @inline(__always)
    public mutating func next() -> (key: JSONKey, value: JSONValue)? {
        guard remaining > 0 else { return nil }
        remaining -= 1
        let key = upcoming
        let value = key.advanced(by: 1)
        upcoming = value.advanced(by: value.entryDistance)
        return (JSONKey(value: key), value)
    }
}

/// The elements of an array in order; none for other kinds.
public struct JSONElements: Sequence, IteratorProtocol {
    @usableFromInline var upcoming: JSONValue
    @usableFromInline var remaining: Int

    @inlinable @inline(__always)
    init(_ array: JSONValue) {
        upcoming = array.advanced(by: 1)
        remaining = array.tag == .array ? array.count : 0
    }

    @inlinable @inline(__always)
    public mutating func next() -> JSONValue? {
        guard remaining > 0 else { return nil }
        remaining -= 1
        let value = upcoming
        upcoming = value.advanced(by: value.entryDistance)
        return value
    }
}

extension JSONValue {
    /// The members of an object in document order, repeated names included; none for other kinds.
    @inlinable @inline(__always) public var members: JSONMembers { JSONMembers(self) }

    /// The elements of an array; none for other kinds.
    @inlinable @inline(__always) public var elements: JSONElements { JSONElements(self) }

    /// Calls `body` for each member of an object, in document order.
    @inlinable
    public func forEachMember(_ body: (JSONKey, JSONValue) throws -> Void) rethrows {
        for (key, value) in members { try body(key, value) }
    }

    /// Calls `body` for each element of an array, in order.
    @inlinable
    public func forEachElement(_ body: (JSONValue) throws -> Void) rethrows {
        for value in elements { try body(value) }
    }

    /// The value of the member with this name, nil when there is none or this is no object.
    /// Of a repeated name the last one counts, as in ECMA-262 and jq. Linear in the number of members.
    package subscript(_ key: String) -> JSONValue? {
        guard tag == .object else { return nil }
        var key = key
        return key.withUTF8 { unsafe member($0) }
    }

    /// The same by the UTF-8 of the name.
    package func member(_ name: UnsafeBufferPointer<UInt8>) -> JSONValue? {
        var found: JSONValue?
        for (key, value) in members where unsafe key.value.isString(name) { found = value }
        return found
    }

    /// The same by a name that is a string value, of this document or another.
    package func member(named name: JSONValue) -> JSONValue? {
        var found: JSONValue?
        for (key, value) in members where key.value.isSameString(as: name) { found = value }
        return found
    }

    /// The element at an index from 0, nil beyond the end or when this is no array. Linear in the index.
    package subscript(_ index: Int) -> JSONValue? {
        guard tag == .array, index >= 0, index < count else { return nil }
        var value = advanced(by: 1)
        for _ in 0..<index { value = value.advanced(by: value.entryDistance) }
        return value
    }

    /// The value that a pointer leads to, nil when the document has no such place.
    package subscript(pointer pointer: JSONPointer) -> JSONValue? {
        var value = self
        for token in pointer.tokens {
            let next = value.tag == .array ? JSONPointer.index(of: token).flatMap { value[$0] } : value[token]
            guard let next else { return nil }
            value = next
        }
        return value
    }
}

// MARK: Repeated names

extension JSONValue {
    /// The first member name of this object that occurred before in it, nil when all differ. Looks at this object only.
    package var firstDuplicateKey: JSONKey? {
        guard tag == .object, count > 1 else { return nil }
        if count <= 16 { return firstDuplicateOfFew() }
        var seen = Set<[UInt8]>(minimumCapacity: count)
        for (key, _) in members {
            var name: [UInt8] = []
            key.value.appendString(to: &name)
            if !seen.insert(name).inserted { return key }
        }
        return nil
    }

    private func firstDuplicateOfFew() -> JSONKey? {
        for (index, (key, _)) in members.enumerated() {
            var earlier = members
            for _ in 0..<index {
                guard let other = earlier.next() else { break }
                if other.key.value.isSameString(as: key.value) { return key }
            }
        }
        return nil
    }
}
