import JSON

extension JSON {
    /// The same document with the last of each repeated name only, which is the one that counts: places in a schema
    /// are found by their pointer, so that two schemas at one pointer would be mixed up.
    var withoutRepeatedNames: JSON {
        switch self {
        case .array(let elements): return .array(elements.map(\.withoutRepeatedNames))
        case .object(let members):
            var last: [[UInt8]: Int] = [:]
            if members.count > 1 {
                for (index, member) in members.enumerated() { last[Array(member.0.utf8)] = index }
            }
            var kept: [(String, JSON)] = []
            kept.reserveCapacity(members.count)
            for (index, (name, value)) in members.enumerated() {
                if last.count < members.count, members.count > 1, last[Array(name.utf8)] != index { continue }
                kept.append((name, value.withoutRepeatedNames))
            }
            return .object(kept)
        case .null, .bool, .number, .string: return self
        }
    }
}
