/// One generation's keys: an exact open-addressing table from a key to the latest time it was seen.
///
/// ```
/// slot        0        1        2      …   capacity-1
/// keys     [16 B]   [16 B]   [ 0 ]     …                 0 = free
/// times    [ 4 B]   [ 4 B]             …                 milliseconds since the generation's start
/// ```
///
/// 20 bytes a slot. The table grows by half when it is three quarters full, so a key costs 27-40 bytes; when the budget
/// refuses to let it grow it fills up to seven eighths. The keys are uniformly distributed (they are keyed hashes), so a
/// key's home slot is `high · capacity / 2⁶⁴`, collisions go to the next slot, and growing walks both arrays in order.
///
/// Owns its memory; used by one thread at a time.
@safe
final class KeyTable {
    private(set) var count = 0
    private(set) var capacity: Int
    private var keys: UnsafeMutablePointer<DedupeKey>
    private var times: UnsafeMutablePointer<UInt32>
    private let budget: MemoryBudget

    static let bytesPerSlot = 20
    private static let smallestCapacity = 64

    init(budget: MemoryBudget) throws(DedupeError) {
        capacity = Self.smallestCapacity
        guard budget.reserve(capacity * Self.bytesPerSlot) else { throw budget.exhausted() }
        self.budget = budget
        unsafe keys = Self.makeKeys(capacity)
        unsafe times = .allocate(capacity: capacity)
    }

    deinit {
        unsafe keys.deallocate()
        unsafe times.deallocate()
        budget.release(capacity * Self.bytesPerSlot)
    }

    /// The time stored with `key`.
    func time(of key: DedupeKey) -> UInt32? {
        let slot = slot(of: key)
        return unsafe keys[slot].isNone ? nil : times[slot]
    }

    /// Stores `time` for `key`, replacing what was there.
    ///
    /// - Throws: ``DedupeError/Code/memoryFull``; nothing has changed then.
    func store(_ key: DedupeKey, time: UInt32) throws(DedupeError) {
        var slot = slot(of: key)
        if unsafe keys[slot].isNone {
            if count >= capacity / 4 * 3 {
                try makeRoom()
                slot = self.slot(of: key)
            }
            unsafe keys[slot] = key
            count += 1
        }
        unsafe times[slot] = time
    }

    /// Changes the time stored for `key` if it is there; needs no memory.
    func replace(_ key: DedupeKey, time: UInt32) {
        let slot = slot(of: key)
        if unsafe !keys[slot].isNone { unsafe times[slot] = time }
    }

    /// Removes `key` if it is there, and closes the gap so that later lookups need no tombstones.
    func remove(_ key: DedupeKey) {
        var hole = slot(of: key)
        guard unsafe !keys[hole].isNone else { return }
        var next = following(hole)
        while unsafe !keys[next].isNone {
            let home = unsafe home(of: keys[next])
            if distance(from: home, to: next) >= distance(from: hole, to: next) {
                unsafe keys[hole] = keys[next]
                unsafe times[hole] = times[next]
                hole = next
            }
            next = following(next)
        }
        unsafe keys[hole] = .none
        count -= 1
    }

    /// The slot that holds `key`, or the free slot where it belongs. There always is a free slot.
    private func slot(of key: DedupeKey) -> Int {
        var slot = home(of: key)
        while unsafe !(keys[slot] == key || keys[slot].isNone) {
            slot = following(slot)
        }
        return slot
    }

    private func home(of key: DedupeKey) -> Int {
        Int(truncatingIfNeeded: key.high.multipliedFullWidth(by: UInt64(truncatingIfNeeded: capacity)).high)
    }

    private func following(_ slot: Int) -> Int {
        let next = slot &+ 1
        return next == capacity ? 0 : next
    }

    private func distance(from: Int, to: Int) -> Int {
        to >= from ? to - from : to - from + capacity
    }

    private func makeRoom() throws(DedupeError) {
        let larger = capacity + capacity / 2
        guard budget.reserve(larger * Self.bytesPerSlot) else {
            guard count < capacity / 8 * 7 else { throw budget.exhausted() }
            return
        }
        grow(to: larger)
    }

    private func grow(to larger: Int) {
        let (oldKeys, oldTimes, oldCapacity) = unsafe (keys, times, capacity)
        capacity = larger
        unsafe keys = Self.makeKeys(larger)
        unsafe times = .allocate(capacity: larger)
        for old in 0..<oldCapacity where unsafe !oldKeys[old].isNone {
            let slot = unsafe slot(of: oldKeys[old])
            unsafe keys[slot] = oldKeys[old]
            unsafe times[slot] = oldTimes[old]
        }
        unsafe oldKeys.deallocate()
        unsafe oldTimes.deallocate()
        budget.release(oldCapacity * Self.bytesPerSlot)
    }

    private static func makeKeys(_ capacity: Int) -> UnsafeMutablePointer<DedupeKey> {
        let keys = UnsafeMutablePointer<DedupeKey>.allocate(capacity: capacity)
        unsafe keys.initialize(repeating: .none, count: capacity)
        return unsafe keys
    }
}
