extension JSONValue {
    /// Equality of JSON Schema (2020-12 core, section 4.2.2): numbers by exact value, so `1` equals `1.0`;
    /// strings scalar by scalar; arrays in order; objects in any order, the last of a repeated name counting.
    ///
    /// No recursion; objects of more than 32 members are compared through a table.
    package func isEqual(to other: JSONValue) -> Bool {
        guard kind == other.kind else { return false }
        guard tag == .array || tag == .object else { return isEqualScalar(to: other) }
        var work = [(self, other)]
        while let (left, right) = work.popLast() {
            guard left.kind == right.kind else { return false }
            let isSame =
                switch left.tag {
                case .array: left.pairElements(with: right, into: &work)
                case .object: left.pairMembers(with: right, into: &work)
                default: left.isEqualScalar(to: right)
                }
            if !isSame { return false }
        }
        return true
    }

    private func isEqualScalar(to other: JSONValue) -> Bool {
        switch tag {
        case .null, .true, .false, .array, .object: tag == other.tag
        case .string: isSameString(as: other)
        case .number: number == other.number
        }
    }

    private func pairElements(with other: JSONValue, into work: inout [(JSONValue, JSONValue)]) -> Bool {
        guard count == other.count else { return false }
        for pair in zip(elements, other.elements) { work.append(pair) }
        return true
    }

    private func pairMembers(with other: JSONValue, into work: inout [(JSONValue, JSONValue)]) -> Bool {
        if count == other.count, pairInOrder(with: other, into: &work) { return true }
        let (left, right) = (effectiveMembers, other.effectiveMembers)
        guard left.count == right.count else { return false }
        for (name, value) in left {
            guard let match = right[name] else { return false }
            work.append((value, match))
        }
        return true
    }

    /// The common case: the same names in the same order. Few names, so that a repetition is cheap to exclude.
    private func pairInOrder(with other: JSONValue, into work: inout [(JSONValue, JSONValue)]) -> Bool {
        guard count <= 32 else { return false }
        let mark = work.count
        for (left, right) in zip(members, other.members) {
            guard left.key.value.isSameString(as: right.key.value) else {
                work.removeSubrange(mark...)
                return false
            }
            work.append((left.value, right.value))
        }
        if firstDuplicateKey == nil { return true }
        work.removeSubrange(mark...)
        return false
    }

    private var effectiveMembers: [[UInt8]: JSONValue] {
        var table = [[UInt8]: JSONValue](minimumCapacity: count)
        for (key, value) in members {
            var name: [UInt8] = []
            key.value.appendString(to: &name)
            table[name] = value
        }
        return table
    }

    /// A hash under which values that are `isEqual` collide (objects with repeated names aside).
    ///
    /// One pass over the tape: a sum over all scalars and names, so that member order does not matter.
    /// Seeded per process like `Hasher`.
    package var structuralHash: Int {
        var sum = 0
        for offset in 0..<entryDistance {
            let value = advanced(by: offset)
            var hasher = Hasher()
            hasher.combine(value.kind)
            switch value.tag {
            case .null: break
            case .true, .false: hasher.combine(value.tag)
            case .number: value.number?.hash(into: &hasher)
            case .array, .object: hasher.combine(value.count)
            case .string: value.hashString(into: &hasher)
            }
            sum &+= hasher.finalize()
        }
        return sum
    }

    private func hashString(into hasher: inout Hasher) {
        if isEscaped {
            for byte in UnescapedBytes(self) { hasher.combine(byte) }
        } else {
            let bytes = unsafe content
            for offset in 0..<bytes.count { unsafe hasher.combine(bytes[offset]) }
        }
    }
}
