import Foundation
import Log
import TestFiles
import Testing

@testable import Dedupe

/// Random lives of two partitions against the definition: batches, aborts, redeliveries, commits ahead of and behind the
/// journal, kills, revocations, other workers' progress, changed windows, and with odd seeds damaged and lost files.
@Suite struct DedupeModelTests {
    @Test(arguments: 1...16 as ClosedRange<UInt64>)
    func everyAnswerIsTheDefinitions(seed: UInt64) throws {
        var life = try Life(seed: seed)
        for step in 0..<250 {
            life.step = step
            try life.act()
            life.expectNoFalseAlarm()
        }
        try life.finish()
        #expect(life.answered > 300 && life.duplicates > 20, "seed \(seed): the scenario tested too little")
    }
}

private struct Life {
    private struct Position {
        let log: LogModel
        /// The index of the next record.
        var next = 0
        var committed: Offset
        var isAssigned = false
    }

    let seed: UInt64
    var step = 0
    private(set) var answered = 0
    private(set) var duplicates = 0
    private var random: SeededGenerator
    private let folder = TemporaryFolder()
    private var fileNumber = 0
    /// The present file descends from one that was damaged on purpose.
    private var isDamaged = false
    private var window: Int64 = 100
    private var state: DedupeState
    private var positions: [Position]

    init(seed: UInt64) throws {
        self.seed = seed
        var random = SeededGenerator(seed: seed)
        state = try DedupeState(.test(folder, window: 100, name: "0.sqlite"))
        positions = [orders, payments].map { partition in
            Position(log: LogModel.random(partition, count: 400, keys: 25, using: &random), committed: 0)
        }
        self.random = random
    }

    mutating func act() throws {
        let which = Int.random(in: 0..<positions.count, using: &random)
        guard positions[which].isAssigned else { return try assign(which) }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<45: try check(which, count: Int.random(in: 1...20, using: &random))
        case 45..<60: try seal()
        case 60..<72: try commit(which)
        case 72..<80: try rewind(which)
        case 80..<85: redeliver(which)
        case 85..<89: revoke(which)
        case 89..<93: try restart(damage: false)
        default: try restart(damage: seed % 2 == 1 && random.chance(50))
        }
    }

    /// A journal that nobody damaged is never set aside.
    func expectNoFalseAlarm() {
        guard !isDamaged, case .setAside = state.journalOpening else { return }
        Issue.record("seed \(seed), step \(step): \(state.journalOpening)")
    }

    /// Reads both logs to their end.
    mutating func finish() throws {
        for which in positions.indices {
            if !positions[which].isAssigned { try assign(which) }
            try check(which, count: positions[which].log.entries.count)
        }
    }

    private mutating func check(_ which: Int, count: Int) throws {
        let log = positions[which].log
        for index in positions[which].next..<min(positions[which].next + count, log.entries.count) {
            let entry = log.entries[index]
            let verdict = try state.check(log.partition, entry.offset, entry.timestamp, key(entry))
            let expected = log.isDuplicate(index, window: window)
            #expect(
                verdict == (expected ? .duplicate : .first),
                "seed \(seed), step \(step), \(log.partition) offset \(entry.offset)"
            )
            answered += 1
            duplicates += expected ? 1 : 0
        }
        positions[which].next = min(positions[which].next + count, log.entries.count)
    }

    private mutating func seal() throws {
        var ends: [TopicPartition: Offset] = [:]
        for position in positions where position.isAssigned {
            let from = position.log.index(of: position.committed)
            let upTo = random.chance(70) ? position.next : Int.random(in: from...position.next, using: &random)
            ends[position.log.partition] = position.log.offset(upTo)
        }
        try state.seal(ends)
    }

    /// Sometimes beyond what is sealed: the journal then lags behind.
    private mutating func commit(_ which: Int) throws {
        let position = positions[which]
        let from = position.log.index(of: position.committed)
        let index = random.chance(50) ? position.next : Int.random(in: from...position.next, using: &random)
        let offset = max(position.log.offset(index), position.committed)
        if random.chance(70) { try state.seal([position.log.partition: position.log.offset(position.next)]) }
        try state.commit(position.log.partition, upTo: offset)
        positions[which].committed = offset
    }

    private mutating func rewind(_ which: Int) throws {
        let position = positions[which]
        let from = position.log.index(of: position.committed)
        let index = Int.random(in: from...position.next, using: &random)
        try state.rewind(position.log.partition, to: max(position.log.offset(index), position.committed))
        positions[which].next = index
    }

    /// The next check shows records again without saying so.
    private mutating func redeliver(_ which: Int) {
        let position = positions[which]
        let from = position.log.index(of: position.committed)
        positions[which].next = Int.random(in: from...position.next, using: &random)
        // A seal would now speak of records that were not shown since; check first.
        do { try check(which, count: 1) } catch { Issue.record("seed \(seed), step \(step): \(error)") }
    }

    private mutating func revoke(_ which: Int) {
        state.revoke(positions[which].log.partition)
        positions[which].isAssigned = false
    }

    private mutating func assign(_ which: Int) throws {
        var position = positions[which]
        let log = position.log
        switch Int.random(in: 0..<10, using: &random) {
        case 0: position.committed = log.offset(Int.random(in: 0...log.entries.count / 2, using: &random))
        case 1..<3:
            let from = log.index(of: position.committed)
            let ahead = min(from + Int.random(in: 0...30, using: &random), log.entries.count)
            position.committed = max(log.offset(ahead), position.committed)
        default: break
        }
        position.next = log.index(of: position.committed)
        position.isAssigned = true
        positions[which] = position
        let restored = try state.assign(log.partition, committed: position.committed)
        #expect(isDamaged || restored.damagedRows == 0, "seed \(seed), step \(step)")
        guard let range = restored.rebuild else { return }
        #expect(range.upperBound == position.committed, "seed \(seed), step \(step)")
        try rebuild(log, range)
    }

    private mutating func rebuild(_ log: LogModel, _ range: Range<Offset>) throws {
        var start = log.index(of: range.lowerBound)
        let end = log.index(of: range.upperBound)
        if random.chance(50), end > 0 {
            let horizon = state.horizon(for: log.entries[end - 1].timestamp)
            // Kafka's ListOffsets by time: the first offset whose timestamp is at or after the one asked for.
            if let found = log.entries.firstIndex(where: { $0.timestamp > horizon }), found < end {
                try state.skipAhead(log.partition, to: log.entries[found].offset, nothingAfter: horizon)
                start = max(start, found)
            }
        } else if random.chance(30) {
            start = Int.random(in: 0...start, using: &random)
        }
        for entry in log.entries[start..<max(start, end)] {
            try state.absorb(log.partition, entry.offset, entry.timestamp, key(entry))
        }
        try state.finishRebuild(log.partition)
    }

    /// Kills the worker: what goes on is a copy of the files as they are on disk at this moment.
    private mutating func restart(damage: Bool) throws {
        let old = "\(fileNumber).sqlite"
        fileNumber += 1
        let new = "\(fileNumber).sqlite"
        try folder.copyJournal(old, to: new)
        if damage { try self.damage(new) }
        isDamaged = isDamaged || damage
        if random.chance(10) { window = [60, 100, 250].randomElement(using: &random) ?? 100 }
        state = try DedupeState(.test(folder, window: window, name: new))
        for which in positions.indices { positions[which].isAssigned = false }
    }

    private mutating func damage(_ name: String) throws {
        let flips = Int.random(in: 0...6, using: &random)
        var random = self.random
        switch flips {
        case 0: try folder.remove(name)
        case 1: try folder.edit(name) { $0 = $0.prefix(Int.random(in: 0...$0.count, using: &random)) }
        default:
            let target =
                random.chance(50) && FileManager.default.fileExists(atPath: folder.path(name + "-wal"))
                ? name + "-wal" : name
            try folder.edit(target) { data in
                for _ in 0..<flips where !data.isEmpty {
                    data[Int.random(in: 0..<data.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
                }
            }
        }
        self.random = random
    }

    private func key(_ entry: LogModel.Entry) -> DedupeKey? {
        entry.key.map { state.hasher.key(of: "key-\($0)") }
    }
}
