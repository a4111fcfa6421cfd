/// One generation's keys: an exact open-addressing table from a key to the latest time it was seen.
///
/// ```
/// slot  0                          1                          …   capacity-1
///       [high 8 B|low 8 B|time 4 B][high 8 B|low 8 B|time 4 B]…              high = low = 0: free
/// ```
///
/// Key and time lie side by side, so that a slot costs one cache miss; `time` is milliseconds since the generation's
/// start. The table grows by half when it is three quarters full, so a key costs 27-40 bytes; when the budget
/// refuses to let it grow it fills up to seven eighths. The keys are uniformly distributed (they are keyed hashes), so a
/// key's home slot is `high · capacity / 2⁶⁴`, collisions go to the next slot, and growing walks both tables in order.
///
/// Owns its memory; used by one thread at a time.
@safe
final class KeyTable {
    private(set) var count = 0
    private(set) var capacity: Int
    private var slots: UnsafeMutableRawPointer
    private let budget: MemoryBudget

    static let bytesPerSlot = 20
    private static let smallestCapacity = 64

    init(budget: MemoryBudget) throws(DedupeError) {
        capacity = Self.smallestCapacity
        guard budget.reserve(capacity * Self.bytesPerSlot) else { throw budget.exhausted() }
        self.budget = budget
        unsafe slots = Self.makeSlots(capacity)
    }

    deinit {
        unsafe slots.deallocate()
        budget.release(capacity * Self.bytesPerSlot)
    }

    /// The time stored with `key`.
    func time(of key: DedupeKey) -> UInt32? {
        let slot = slot(of: key)
        return self.key(at: slot).isNone ? nil : self.time(at: slot)
    }

    /// Stores `time` for `key`, replacing what was there.
    ///
    /// - Throws: ``DedupeError/Code/memoryFull``; nothing has changed then.
    func store(_ key: DedupeKey, time: UInt32) throws(DedupeError) {
        var slot = slot(of: key)
        if self.key(at: slot).isNone {
            if count >= capacity / 4 * 3 {
                try makeRoom()
                slot = self.slot(of: key)
            }
            count += 1
        }
        put(key, time, at: slot)
    }

    /// Changes the time stored for `key` if it is there; needs no memory.
    func replace(_ key: DedupeKey, time: UInt32) {
        let slot = slot(of: key)
        if !self.key(at: slot).isNone { put(key, time, at: slot) }
    }

    /// Removes `key` if it is there, and closes the gap so that later lookups need no tombstones.
    func remove(_ key: DedupeKey) {
        var hole = slot(of: key)
        guard !self.key(at: hole).isNone else { return }
        var next = following(hole)
        while true {
            let candidate = self.key(at: next)
            if candidate.isNone { break }
            let home = home(of: candidate)
            if distance(from: home, to: next) >= distance(from: hole, to: next) {
                put(candidate, time(at: next), at: hole)
                hole = next
            }
            next = following(next)
        }
        put(.none, 0, at: hole)
        count -= 1
    }

    /// The slot that holds `key`, or the free slot where it belongs. There always is a free slot.
    private func slot(of key: DedupeKey) -> Int {
        var slot = home(of: key)
        while true {
            let found = self.key(at: slot)
            if found == key || found.isNone { return slot }
            slot = following(slot)
        }
    }

    private func key(at slot: Int) -> DedupeKey {
        let position = slot &* Self.bytesPerSlot
        return DedupeKey(
            verbatim: unsafe slots.loadUnaligned(fromByteOffset: position, as: UInt64.self),
            unsafe slots.loadUnaligned(fromByteOffset: position &+ 8, as: UInt64.self)
        )
    }

    private func time(at slot: Int) -> UInt32 {
        unsafe slots.loadUnaligned(fromByteOffset: slot &* Self.bytesPerSlot &+ 16, as: UInt32.self)
    }

    private func put(_ key: DedupeKey, _ time: UInt32, at slot: Int) {
        let position = slot &* Self.bytesPerSlot
        unsafe slots.storeBytes(of: key.high, toByteOffset: position, as: UInt64.self)
        unsafe slots.storeBytes(of: key.low, toByteOffset: position &+ 8, as: UInt64.self)
        unsafe slots.storeBytes(of: time, toByteOffset: position &+ 16, as: UInt32.self)
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
        let (old, oldCapacity) = unsafe (slots, capacity)
        capacity = larger
        unsafe slots = Self.makeSlots(larger)
        for slot in 0..<oldCapacity {
            let position = slot &* Self.bytesPerSlot
            let key = DedupeKey(
                verbatim: unsafe old.loadUnaligned(fromByteOffset: position, as: UInt64.self),
                unsafe old.loadUnaligned(fromByteOffset: position &+ 8, as: UInt64.self)
            )
            if key.isNone { continue }
            let time = unsafe old.loadUnaligned(fromByteOffset: position &+ 16, as: UInt32.self)
            put(key, time, at: self.slot(of: key))
        }
        unsafe old.deallocate()
        budget.release(oldCapacity * Self.bytesPerSlot)
    }

    private static func makeSlots(_ capacity: Int) -> UnsafeMutableRawPointer {
        let size = capacity * bytesPerSlot
        let slots = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        unsafe slots.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        return unsafe slots
    }
}
