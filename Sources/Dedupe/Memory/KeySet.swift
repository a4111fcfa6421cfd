/// The keys of one partition with the latest timestamp of each, in generations of time.
///
/// A key may stand in several generations; the newest one that holds it knows its latest timestamp, because generations
/// do not overlap. So a refresh is an insertion into a newer generation, taking it back is a removal from there, and
/// what an older generation says is untouched. At a window of `w` there are three or four generations.
///
/// Used by one thread at a time.
final class KeySet {
    private struct Generation {
        let index: Int64
        let table: KeyTable
    }

    /// The timestamp of a key that was never seen; older than every timestamp.
    static let never = Int64.min

    private let window: DedupeWindow
    private let budget: MemoryBudget
    /// Newest first.
    private var generations: [Generation] = []

    init(window: DedupeWindow, budget: MemoryBudget) {
        self.window = window
        self.budget = budget
    }

    /// The number of entries; a key that stands in two generations counts twice.
    var entryCount: Int { generations.reduce(0) { $0 + $1.table.count } }
    var generationCount: Int { generations.count }

    /// The latest timestamp of `key`, or ``never``. It may lie outside the window.
    func latest(of key: DedupeKey) -> Int64 {
        for generation in generations {
            if let time = generation.table.time(of: key) { return window.start(of: generation.index) + Int64(time) }
        }
        return Self.never
    }

    /// Notes that `key` was seen at `timestamp`.
    ///
    /// - Returns: the latest timestamp of `key` before this call, which ``undo(_:at:previous:)`` needs.
    /// - Throws: ``DedupeError/Code/memoryFull``; nothing has changed then.
    func record(_ key: DedupeKey, at timestamp: Int64) throws(DedupeError) -> Int64 {
        let previous = latest(of: key)
        guard previous < timestamp else { return previous }
        let index = window.generation(of: timestamp)
        let offset = UInt32(truncatingIfNeeded: timestamp - window.start(of: index))
        try table(for: index).store(key, time: offset)
        return previous
    }

    /// Takes back the latest `record` of `key` that has not been taken back, to the state before it.
    func undo(_ key: DedupeKey, at timestamp: Int64, previous: Int64) {
        guard previous < timestamp else { return }
        let index = window.generation(of: timestamp)
        guard let generation = generations.first(where: { $0.index == index }) else { return }
        guard previous >= window.start(of: index) else { return generation.table.remove(key) }
        let offset = UInt32(truncatingIfNeeded: previous - window.start(of: index))
        generation.table.replace(key, time: offset)
    }

    /// Drops the generations that are out of the window at log time `logTime` for good.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    func dropExpired(at logTime: Int64) -> Bool {
        guard let oldest = generations.last, window.isExpired(generation: oldest.index, at: logTime) else {
            return false
        }
        generations.removeAll { window.isExpired(generation: $0.index, at: logTime) }
        return true
    }

    private func table(for index: Int64) throws(DedupeError) -> KeyTable {
        var position = 0
        while position < generations.count, generations[position].index > index { position += 1 }
        if position < generations.count, generations[position].index == index { return generations[position].table }
        let table = try KeyTable(budget: budget)
        generations.insert(Generation(index: index, table: table), at: position)
        return table
    }
}
