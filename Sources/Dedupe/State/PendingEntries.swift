/// What one record did to the state, with what it takes to undo it.
struct PendingEntry {
    let offset: Int64
    let timestamp: Int64
    /// ``DedupeKey/none`` for a record without a key that moved log time.
    let key: DedupeKey
    /// What ``KeySet/record(_:at:)`` returned; ``notStored`` when the record was too old to be remembered.
    let previous: Int64
    let logTimeBefore: Int64

    static let notStored = Int64.max
}

/// The entries that are not yet both sealed and committed, in offset order: a queue, and at its end a stack.
struct PendingEntries {
    private var storage: [PendingEntry] = []
    private var head = 0

    var count: Int { storage.count - head }
    var last: PendingEntry? { count == 0 ? nil : storage[storage.count - 1] }

    mutating func append(_ entry: PendingEntry) {
        storage.append(entry)
    }

    mutating func removeLast() -> PendingEntry {
        storage.removeLast()
    }

    /// Forgets the entries before `offset`; the memory is given back when they are more than half of it.
    mutating func discard(before offset: Int64) {
        head = index(of: offset)
        if head > storage.count / 2 {
            storage.removeFirst(head)
            head = 0
        }
    }

    func slice(from first: Int64, upTo end: Int64) -> ArraySlice<PendingEntry> {
        let lower = index(of: first)
        return storage[lower..<max(lower, index(of: end))]
    }

    /// The first entry at or after `offset`.
    func first(from offset: Int64) -> PendingEntry? {
        let index = index(of: offset)
        return index < storage.count ? storage[index] : nil
    }

    private func index(of offset: Int64) -> Int {
        var low = head
        var high = storage.count
        while low < high {
            let middle = (low + high) / 2
            if storage[middle].offset < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
