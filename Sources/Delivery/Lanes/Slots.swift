/// The index that means "no slot" or "no lane" in the intrusive lists below.
let nowhere = -1

/// Storage of ``KeyLanes``'s records: a growing array with a free list, each slot linked into its lane.
struct Slots<Element: Sendable>: Sendable {
    /// Where a record stands; see the drawing at ``KeyLanes``.
    enum Phase: Equatable, Sendable {
        case free, waiting, started, held
    }

    /// One record, or a free place.
    struct Slot: Sendable {
        var element: Element?
        var phase = Phase.free
        var sequence: UInt64 = 0
        var lane = nowhere
        var previous = nowhere
        /// The next record of the lane; of a free slot, the next free one.
        var next = nowhere
    }

    private var storage: [Slot] = []
    private var firstFree = nowhere

    var indices: Range<Int> { storage.indices }

    subscript(slot: Int) -> Slot {
        get { storage[slot] }
        _modify { yield &storage[slot] }
    }

    /// Whether the ticket's record is still here.
    func contains(_ ticket: LaneTicket) -> Bool {
        guard storage.indices.contains(ticket.slot) else { return false }
        let slot = storage[ticket.slot]
        return slot.sequence == ticket.sequence && slot.phase != .free
    }

    mutating func insert(_ element: Element, lane: Int, sequence: UInt64) -> Int {
        let slot = Slot(element: element, phase: .waiting, sequence: sequence, lane: lane)
        guard firstFree != nowhere else {
            storage.append(slot)
            return storage.count - 1
        }
        let index = firstFree
        firstFree = storage[index].next
        storage[index] = slot
        return index
    }

    mutating func remove(_ index: Int) {
        storage[index] = Slot(next: firstFree)
        firstFree = index
    }
}
