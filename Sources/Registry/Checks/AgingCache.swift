/// What was made lately, by what it was made from, within a bound.
///
/// Two generations: when the young one is half of the bound it becomes the old one, and what was old is dropped. What is
/// used in between moves to the young one. So everything takes constant time, and what was used within the last half of
/// the bound is there.
struct AgingCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        let value: Value
        let cost: Int
    }

    private let generation: Int
    private var young: [Key: Entry] = [:]
    private var old: [Key: Entry] = [:]
    /// Of the young ones.
    private var cost = 0

    /// - Parameter bound: what all entries together may cost.
    init(bound: Int) {
        generation = bound / 2
    }

    /// How many there are.
    var count: Int { young.count + old.count }

    mutating func value(for key: Key) -> Value? {
        if let entry = young[key] { return entry.value }
        guard let entry = old.removeValue(forKey: key) else { return nil }
        insert(entry.value, for: key, cost: entry.cost)
        return entry.value
    }

    /// Keeps a value, unless it alone costs more than half of the bound.
    mutating func insert(_ value: Value, for key: Key, cost added: Int) {
        guard added <= generation else { return }
        if let known = young[key] { cost -= known.cost }
        old[key] = nil
        if cost + added > generation {
            (old, young, cost) = (young, [:], 0)
            old[key] = nil
        }
        young[key] = Entry(value: value, cost: added)
        cost += added
    }
}
