import Delivery
import Log
import Testing

/// The model of `KeyLanes`: one list of records in admission order, searched through for every answer.
private struct LanesModel {
    enum Phase { case waiting, started, held }

    struct Record {
        let id: Int
        let partition: TopicPartition
        let key: UInt64?
        var phase = Phase.waiting
    }

    let order: Order
    var records: [Record] = []

    func share(_ left: Record, _ right: Record) -> Bool {
        guard left.partition == right.partition else { return false }
        return switch order {
        case .partition: true
        case .key: left.key != nil && left.key == right.key
        case .none: false
        }
    }

    /// Whether the record is the oldest of its lane, waits, and nothing of its lane runs.
    func mayStart(_ id: Int) -> Bool {
        guard let record = records.first(where: { $0.id == id }), record.phase == .waiting else { return false }
        return !records.contains { share($0, record) && ($0.phase == .started || $0.id < id) && $0.id != id }
    }

    func anyMayStart() -> Bool {
        records.contains { mayStart($0.id) }
    }

    /// Whether these could go in one batch, in this order, judged before any of them is started.
    func mayBatch(_ ids: [Int]) -> Bool {
        var rest = self
        for id in ids {
            guard let record = rest.records.first(where: { $0.id == id }), record.phase == .waiting else {
                return false
            }
            let inLane = rest.records.filter { share($0, record) }
            let earlier = inLane.filter { $0.id < id }
            let runs = records.contains { share($0, record) && $0.phase == .started }
            let isNext = order == .partition ? earlier.allSatisfy { ids.contains($0.id) } : earlier.isEmpty
            guard !runs, isNext else { return false }
            rest.set(id, .started)
        }
        return true
    }

    mutating func set(_ id: Int, _ phase: Phase) {
        if let index = records.firstIndex(where: { $0.id == id }) { records[index].phase = phase }
    }

    func count(_ phase: Phase) -> Int {
        records.count { $0.phase == phase }
    }
}

@Suite struct KeyLanesLockstepTests {
    private struct Run {
        var lanes: KeyLanes<Int>
        var model: LanesModel
        var tickets: [Int: LaneTicket] = [:]
        var nextID = 0
        var isPaused = false
        var started = 0

        mutating func note(_ flow: FlowChange) {
            if flow == .pause { isPaused = true }
            if flow == .resume { isPaused = false }
        }

        mutating func admit(_ random: inout SeededGenerator) -> Bool {
            let partition = TopicPartition("t", PartitionID(rawValue: Int32(random.int(0...2))))
            let key: UInt64? = random.chance(15) ? nil : UInt64(random.int(0...5))
            let wasFull = model.records.count == lanes.capacity
            guard case .admitted(let ticket, let flow) = lanes.admit(nextID, from: partition, keyHash: key) else {
                return wasFull
            }
            note(flow)
            model.records.append(.init(id: nextID, partition: partition, key: key))
            tickets[nextID] = ticket
            nextID += 1
            return !wasFull
        }

        /// Starts one record, and checks that "none" is said only when there is none.
        mutating func startOne() -> Bool {
            guard let start = lanes.start() else {
                return model.count(.started) == lanes.inFlight || !model.anyMayStart()
            }
            guard model.mayStart(start.element), tickets[start.element] == start.ticket else { return false }
            model.set(start.element, .started)
            started += 1
            return true
        }

        mutating func startBatch(_ limit: Int) -> Bool {
            let batch = lanes.startBatch(limit: limit).map(\.element)
            let room = min(limit, lanes.inFlight - model.count(.started))
            guard batch.count <= room, model.mayBatch(batch) else { return false }
            for id in batch { model.set(id, .started) }
            started += batch.count
            return batch.count == room || !model.anyMayStart()
        }

        mutating func end(_ id: Int, hold: Bool) -> Bool {
            guard let ticket = tickets[id] else { return false }
            if hold {
                model.set(id, .held)
                return lanes.hold(ticket)
            }
            model.records.removeAll { $0.id == id }
            guard let flow = lanes.finish(ticket) else { return false }
            note(flow)
            return lanes.finish(ticket) == nil
        }

        mutating func release(_ id: Int) -> Bool {
            model.set(id, .waiting)
            return tickets[id].map { lanes.release($0) } ?? false
        }

        mutating func drop(_ partition: TopicPartition) -> Bool {
            let expected = model.records.filter { $0.partition == partition && $0.phase != .started }.map(\.id)
            model.records.removeAll { $0.partition == partition && $0.phase != .started }
            let dropped = lanes.drop(partition: partition)
            note(dropped.flow)
            return dropped.elements == expected
        }

        mutating func step(_ random: inout SeededGenerator) -> Bool {
            switch random.int(0...99) {
            case 0..<40: return admit(&random)
            case 40..<60: return startOne()
            case 60..<70: return startBatch(random.int(1...8))
            case 70..<90:
                let running = model.records.filter { $0.phase == .started }.map(\.id)
                guard let id = running.randomElement(using: &random) else { return true }
                return end(id, hold: random.chance(30))
            case 90..<99:
                let held = model.records.filter { $0.phase == .held }.map(\.id)
                guard let id = held.randomElement(using: &random) else { return true }
                return release(id)
            default:
                guard random.chance(20) else { return true }
                return drop(TopicPartition("t", PartitionID(rawValue: Int32(random.int(0...2)))))
            }
        }

        var agrees: Bool {
            lanes.count == model.records.count && lanes.started == model.count(.started)
                && lanes.held == model.count(.held) && lanes.isPaused == isPaused
        }

        mutating func drain() -> Bool {
            while !model.records.isEmpty {
                for id in model.records.filter({ $0.phase == .held }).map(\.id) where !release(id) { return false }
                let before = model.records.count
                guard startOne() else { return false }
                for id in model.records.filter({ $0.phase == .started }).map(\.id) where !end(id, hold: false) {
                    return false
                }
                guard model.records.count < before else { return false }
            }
            return lanes.count == 0 && lanes.started == 0 && lanes.held == 0
        }
    }

    @Test(arguments: Order.allCases, Seed.all)
    func agreesWithASearchThroughAllRecords(order: Order, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let capacity = random.int(1...24)
        let lanes = KeyLanes<Int>(
            order: order,
            inFlight: random.int(1...8),
            capacity: capacity,
            pauseAt: random.int(1...capacity)
        )
        var run = Run(lanes: lanes, model: LanesModel(order: order))
        for step in 0..<20_000 {
            try Disagreement.unless(run.step(&random), "an answer differs", step: step, seed: seed)
            try Disagreement.unless(run.agrees, "the counts differ", step: step, seed: seed)
        }
        let isEmpty = run.drain()
        #expect(isEmpty, "does not end empty; seed \(seed)")
        #expect(run.started > 1000, "the run was vacuous; seed \(seed)")
    }
}
