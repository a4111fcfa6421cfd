package import Log

/// Says which records may start now, so that order is kept, few run at once and memory is bounded.
///
/// Each record stands in a lane: its partition's (`order: partition`), its key's (`order: key`), or one of its own
/// (`order: none`, and records without a key under `order: key`). A lane's records are handled in the order of
/// admission, and only the head may start:
///
/// ```
///   admit → waiting → started → finished
///              ↑         ↓
///              └──── held (waits for its retry; its followers wait behind it)
/// ```
///
/// Different lanes go on independently, oldest ready lane first; a retry that is due goes before them, because the
/// oldest record holds back the committable offset. Every event costs O(1), amortised; ``drop(partition:)`` is
/// O(capacity).
///
/// `Element` is what the driver needs to handle the record (a handle, a view of its batch).
package struct KeyLanes<Element: Sendable>: Sendable {
    /// What became of an admission.
    package enum Admission: Equatable, Sendable {
        /// The record has its place.
        case admitted(LaneTicket, FlowChange)
        /// `capacity` is reached: keep the record and admit it again after a finish.
        case refused
    }

    /// A record that was told to start.
    package struct Start: Sendable {
        /// Give it back with `finish` or `hold`.
        package let ticket: LaneTicket
        /// As admitted.
        package let element: Element
    }

    /// Which records wait for each other.
    package let order: Order
    /// Records that may be started at one time.
    package let inFlight: Int
    /// Records held at most, whatever their state.
    package let capacity: Int
    /// Records started now.
    package private(set) var started = 0
    /// Records that wait for a retry now.
    package private(set) var held = 0
    /// Records of any state.
    package private(set) var count = 0

    private var slots = Slots<Element>()
    private var lanes = LaneTable()
    private var flow: Watermarks
    private var nextSequence: UInt64 = 0

    /// - Parameters:
    ///   - order: Which records wait for each other.
    ///   - inFlight: Records started at one time, 1 or more (`delivery.in_flight`).
    ///   - capacity: Hard bound on all records, at least `pauseAt`.
    ///   - pauseAt: The level at which admission reports `.pause`; what the consumer has already fetched then still
    ///     fits up to `capacity`. `.resume` follows at 0.8 of it.
    package init(order: Order, inFlight: Int, capacity: Int, pauseAt: Int) {
        precondition(inFlight > 0, "nothing would ever start")
        precondition((1...capacity).contains(pauseAt), "the pause level must lie within the capacity")
        self.order = order
        self.inFlight = inFlight
        self.capacity = capacity
        flow = Watermarks(high: pauseAt)
    }

    /// Whether the driver should keep the partitions paused.
    package var isPaused: Bool { flow.isPaused }

    /// Admits the next record of its partition. Records of one partition must be admitted in offset order.
    ///
    /// - Parameters:
    ///   - element: What comes back when the record may start.
    ///   - partition: Where the record was read.
    ///   - keyHash: Hash of the record's key, nil when it has none. Only `order: key` looks at it.
    /// - Returns: The ticket to finish it with, or a refusal.
    package mutating func admit(_ element: Element, from partition: TopicPartition, keyHash: UInt64?)
        -> Admission
    {
        guard count < capacity else { return .refused }
        let lane = lanes.lane(for: partition, key: laneKey(partition, keyHash))
        let ticket = LaneTicket(
            slot: slots.insert(element, lane: lane, sequence: nextSequence),
            sequence: nextSequence
        )
        nextSequence += 1
        count += 1
        append(ticket.slot, to: lane)
        if lanes[lane].head == ticket.slot { lanes.makeReady(lane, first: false) }
        return .admitted(ticket, flow.onLevel(count))
    }

    /// The next record that may start, or nil when the rest must wait.
    package mutating func start() -> Start? {
        guard started < inFlight, let lane = lanes.popReady() else { return nil }
        return begin(lanes[lane].head)
    }

    /// Up to `limit` records that may go to the target in one request, within `inFlight`.
    ///
    /// Under `order: key` and `none` they are heads of distinct lanes. Under `order: partition` they may be
    /// consecutive records of one lane, in order: a sink that takes batches must apply them in order.
    package mutating func startBatch(limit: Int) -> [Start] {
        var batch: [Start] = []
        let room = min(limit, inFlight - started)
        while batch.count < room, let lane = lanes.popReady() {
            var slot = lanes[lane].head
            repeat {
                batch.append(begin(slot))
                slot = slots[slot].next
            } while order == .partition && batch.count < room && slot != nowhere
                && slots[slot].phase == .waiting
        }
        return batch
    }

    /// Ends a started record, whatever its outcome, and lets the next of its lane come forward.
    ///
    /// - Returns: Nil when the ticket is not of a started record; nothing changes then.
    @discardableResult
    package mutating func finish(_ ticket: LaneTicket) -> FlowChange? {
        guard isStarted(ticket) else { return nil }
        let lane = slots[ticket.slot].lane
        end(ticket.slot)
        remove(ticket.slot)
        settleLane(lane, retryFirst: false)
        return flow.onLevel(count)
    }

    /// Puts a started record back to wait for its retry; its followers wait with it.
    ///
    /// - Returns: False when the ticket is not of a started record; nothing changes then.
    @discardableResult
    package mutating func hold(_ ticket: LaneTicket) -> Bool {
        guard isStarted(ticket) else { return false }
        end(ticket.slot)
        slots[ticket.slot].phase = .held
        held += 1
        settleLane(slots[ticket.slot].lane, retryFirst: false)
        return true
    }

    /// Says that a held record's retry is due. It starts before records that were never tried.
    ///
    /// - Returns: False when the ticket is not of a held record; nothing changes then.
    @discardableResult
    package mutating func release(_ ticket: LaneTicket) -> Bool {
        guard slots.contains(ticket), slots[ticket.slot].phase == .held else { return false }
        slots[ticket.slot].phase = .waiting
        held -= 1
        settleLane(slots[ticket.slot].lane, retryFirst: true)
        return true
    }

    /// Drops what has not started of a partition that was taken away. Started records stay until they are finished,
    /// and nothing follows them.
    ///
    /// - Returns: The dropped elements in admission order, and whether to resume.
    package mutating func drop(partition: TopicPartition) -> (elements: [Element], flow: FlowChange) {
        var dropped: [(sequence: UInt64, element: Element)] = []
        for slot in slots.indices where slots[slot].phase == .waiting || slots[slot].phase == .held {
            let lane = slots[slot].lane
            guard lanes[lane].partition == partition else { continue }
            if let element = slots[slot].element { dropped.append((slots[slot].sequence, element)) }
            if slots[slot].phase == .held { held -= 1 }
            remove(slot)
            settleLane(lane, retryFirst: false)
        }
        return (dropped.sorted { $0.sequence < $1.sequence }.map(\.element), flow.onLevel(count))
    }
}

extension KeyLanes {
    private func laneKey(_ partition: TopicPartition, _ keyHash: UInt64?) -> LaneKey? {
        switch order {
        case .partition: LaneKey(partition: partition, keyHash: nil)
        case .key: keyHash.map { LaneKey(partition: partition, keyHash: $0) }
        case .none: nil
        }
    }

    private func isStarted(_ ticket: LaneTicket) -> Bool {
        slots.contains(ticket) && slots[ticket.slot].phase == .started
    }

    private mutating func begin(_ slot: Int) -> Start {
        guard let element = slots[slot].element else {
            preconditionFailure("a ready slot holds a record")
        }
        slots[slot].phase = .started
        lanes[slots[slot].lane].started += 1
        started += 1
        return Start(ticket: LaneTicket(slot: slot, sequence: slots[slot].sequence), element: element)
    }

    private mutating func end(_ slot: Int) {
        lanes[slots[slot].lane].started -= 1
        started -= 1
    }

    private mutating func append(_ slot: Int, to lane: Int) {
        let tail = lanes[lane].tail
        slots[slot].previous = tail
        if tail == nowhere { lanes[lane].head = slot } else { slots[tail].next = slot }
        lanes[lane].tail = slot
    }

    private mutating func remove(_ slot: Int) {
        let (lane, previous, next) = (slots[slot].lane, slots[slot].previous, slots[slot].next)
        if previous == nowhere { lanes[lane].head = next } else { slots[previous].next = next }
        if next == nowhere { lanes[lane].tail = previous } else { slots[next].previous = previous }
        slots.remove(slot)
        count -= 1
    }

    /// Brings a lane's readiness in line with its head: ready exactly when nothing of it runs and its head waits.
    private mutating func settleLane(_ lane: Int, retryFirst: Bool) {
        let head = lanes[lane].head
        guard head != nowhere else { return lanes.retire(lane) }
        let mayStart = lanes[lane].started == 0 && slots[head].phase == .waiting
        if mayStart { lanes.makeReady(lane, first: retryFirst) } else { lanes.makeUnready(lane) }
    }
}
