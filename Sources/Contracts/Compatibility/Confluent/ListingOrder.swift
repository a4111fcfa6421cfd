import JSON

/// The order in which the registry lists the members of an object: that of Java's hash tables.
///
/// Two registries, or a registry and this one, list the same differences in the same order only if they agree on it, and a
/// message that shows the first difference only shows the same one. The order is that of `java.util.HashMap`: names by
/// the low bits of a mix of their hash (`String.hashCode`), in a table that doubles when it is three quarters full.
enum ListingOrder {
    /// Names of one table.
    static func order(_ names: [String]) -> [String] {
        sorted(names, buckets: buckets(of: names.count, from: 16))
    }

    /// Names of a set that takes over the names of one table and then those of another that are new.
    static func union(_ first: [String], _ second: [String]) -> [String] {
        let ordered = order(first)
        var known = Set(ordered.map { JSONName($0) })
        let all = ordered + order(second).filter { known.insert(JSONName($0)).inserted }
        // HashSet(Collection) starts with room for the first collection.
        let start = buckets(of: 0, from: max(Int(Float(first.count) / 0.75) + 1, 16))
        return sorted(all, buckets: buckets(of: all.count, from: start))
    }

    private static func buckets(of count: Int, from start: Int) -> Int {
        var buckets = 1
        while buckets < start { buckets *= 2 }
        while count > buckets / 4 * 3 { buckets *= 2 }
        return buckets
    }

    /// By bucket; names that share one stay in the order in which they came.
    private static func sorted(_ names: [String], buckets: Int) -> [String] {
        let places = names.map { UInt32(bitPattern: hash($0)) & UInt32(buckets - 1) }
        return names.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { names[$0] }
    }

    private static func hash(_ name: String) -> Int32 {
        var hash: Int32 = 0
        for unit in name.utf16 { hash = hash &* 31 &+ Int32(unit) }
        return hash ^ Int32(bitPattern: UInt32(bitPattern: hash) >> 16)
    }
}
