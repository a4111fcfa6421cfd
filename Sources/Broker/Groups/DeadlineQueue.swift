/// Deadlines in order, with at most a few stale entries: a timer that is moved later keeps its old entry, which sends
/// it back into the queue when it comes up. So a heartbeat costs no queue operation at all.
struct DeadlineQueue<Key: Sendable>: Sendable {
    private struct Entry: Sendable {
        let due: Int64
        let key: Key
    }

    /// A binary heap; the earliest entry is first.
    private var heap: [Entry] = []

    var count: Int { heap.count }

    /// When the first entry is due. Its timer may have been moved or stopped meanwhile.
    var first: Int64? { heap.first?.due }

    mutating func push(_ due: Int64, _ key: Key) {
        heap.append(Entry(due: due, key: key))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].due < heap[parent].due else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the earliest entry out if it is due at `now`.
    mutating func pop(dueBy now: Int64) -> (due: Int64, key: Key)? {
        guard let first = heap.first, first.due <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        sink()
        return (first.due, first.key)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].due < heap[least].due
            {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}

/// One timer of a state machine, whose entries in a `DeadlineQueue` may lag behind it.
struct Timer: Hashable, Sendable {
    /// When it is due; `nil` while it does not run.
    private(set) var deadline: Int64?
    /// The earliest of its entries in the queue.
    private var queued: Int64?

    /// Starts it anew.
    mutating func set<Key>(_ due: Int64, _ key: Key, in queue: inout DeadlineQueue<Key>) {
        deadline = due
        if let queued, queued <= due { return }
        queued = due
        queue.push(due, key)
    }

    mutating func stop() { deadline = nil }

    /// Called for each of its entries that comes up. True if the timer is due, which stops it.
    mutating func comesUp<Key>(entry due: Int64, now: Int64, key: Key, in queue: inout DeadlineQueue<Key>) -> Bool {
        guard queued == due else { return false }
        queued = nil
        guard let deadline else { return false }
        if deadline <= now {
            self.deadline = nil
            return true
        }
        set(deadline, key, in: &queue)
        return false
    }
}
