import Log
import TestFiles
import Testing

@testable import Dedupe

@Suite struct RebuildTests {
    private let folder = TemporaryFolder()
    private let state: DedupeState
    private let log: [(Int64, String?)] = [
        (1000, "a"), (1010, "b"), (1020, "c"), (1150, "d"), (1160, "e"), (1170, "f"), (1180, "d"), (1190, nil),
    ]

    init() throws {
        state = try DedupeState(.test(folder))
    }

    @Test func withoutRowsEverythingIsAskedFor() throws {
        #expect(try state.assign(orders, committed: 6).rebuild == 0..<6)
        try state.rebuild(orders, log, in: 0..<6)
        #expect(try state.check(orders, from: 6, Array(log[6...])) == [.duplicate, .first])
    }

    @Test func nothingIsAnsweredBeforeTheRebuildIsFinished() throws {
        _ = try state.assign(orders, committed: 6)
        let error = #expect(throws: DedupeError.self) { try state.check(orders, from: 6, [(1180, "d")]) }
        #expect(error?.code == .notReady)
        #expect(throws: DedupeError.self) { try state.seal([orders: 6]) }
    }

    @Test func rowsThatLagBehindAreContinued() throws {
        _ = try state.assign(orders, committed: 0)
        try state.settle(orders, from: 0, Array(log[..<4]))
        #expect(try state.assign(orders, committed: 6).rebuild == 4..<6)
        try state.rebuild(orders, log, in: 4..<6)
        #expect(try state.check(orders, from: 6, [(1180, "d"), (1180, "e")]) == [.duplicate, .duplicate])
        #expect(try state.assign(orders, committed: 6).rebuild == nil, "the rebuild was written down")
    }

    @Test func rowsThatRunAheadAreCutAtTheCommittedOffset() throws {
        _ = try state.assign(orders, committed: 0)
        _ = try state.check(orders, from: 0, Array(log[..<5]))
        try state.seal([orders: 5])
        _ = try state.check(orders, from: 5, Array(log[5...]))
        try state.seal([orders: 8])
        #expect(try state.assign(orders, committed: 4).rebuild == nil)
        #expect(try state.check(orders, from: 4, Array(log[4...])) == [.first, .first, .duplicate, .first])
    }

    @Test func aCutRowKnowsTheLogTimeOfRecordsWithoutAKey() throws {
        let records: [(Int64, String?)] = [(1000, "a"), (1080, "b"), (1150, nil), (1200, "c")]
        _ = try state.assign(orders, committed: 0)
        _ = try state.check(orders, from: 0, records)
        try state.seal([orders: 4])
        #expect(try state.assign(orders, committed: 3).rebuild == nil)
        #expect(state.logTime(orders) == at(1150))
        #expect(try state.check(orders, from: 3, [(1060, "a"), (1060, "b")]) == [.first, .duplicate])
    }

    @Test func aCutTailIsNotTrustedLater() throws {
        _ = try state.assign(orders, committed: 0)
        _ = try state.check(orders, from: 0, [(1000, "a"), (1001, "b"), (1002, "ghost")])
        try state.seal([orders: 3])
        _ = try state.assign(orders, committed: 2)
        try state.settle(orders, from: 2, [(1002, "c")])
        #expect(try state.assign(orders, committed: 3).rebuild == nil)
        #expect(try state.check(orders, from: 3, [(1003, "ghost"), (1003, "c")]) == [.first, .duplicate])
    }

    @Test func aRebuildThatWasNeverDoneIsAskedForAgain() throws {
        _ = try state.assign(orders, committed: 0)
        try state.settle(orders, from: 0, Array(log[..<2]))
        #expect(try state.assign(orders, committed: 4).rebuild == 2..<4)
        // The rebuild is never done: the partition goes elsewhere, and comes back later still.
        state.revoke(orders)
        #expect(try state.assign(orders, committed: 6).rebuild == 2..<6)
    }

    @Test func offsetsWithoutRecordsAreCovered() throws {
        _ = try state.assign(orders, committed: 0)
        _ = try state.check(orders, from: 0, [(1000, "a")])
        try state.seal([orders: 5])
        try state.commit(orders, upTo: 5)
        #expect(try state.assign(orders, committed: 5).rebuild == nil)
    }

    @Test func aRebuildMayBeginAtTheWindow() throws {
        _ = try state.assign(orders, committed: 6)
        let horizon = state.horizon(for: at(1170))
        #expect(horizon == at(1070))
        try state.skipAhead(orders, to: 3, nothingAfter: horizon)
        try state.rebuild(orders, log, in: 3..<6)
        #expect(try state.check(orders, from: 6, [(1180, "d"), (1180, "c")]) == [.duplicate, .first])
        state.revoke(orders)
        #expect(try state.assign(orders, committed: 6).rebuild == nil)
        #expect(
            try state.assign(orders, committed: 5).rebuild == 0..<5,
            "at 5 the window began earlier than what was read for 6"
        )
    }

    @Test func aRebuildThatBeginsInsideTheWindowIsRefused() throws {
        _ = try state.assign(orders, committed: 6)
        try state.skipAhead(orders, to: 5, nothingAfter: at(1160))
        let error = #expect(throws: DedupeError.self) { try state.rebuild(orders, log, in: 5..<6) }
        #expect(error?.code == .notReady)
        #expect(try state.assign(orders, committed: 6).rebuild == 0..<6)
    }

    @Test func recordsReadTwiceDuringARebuildCountOnce() throws {
        _ = try state.assign(orders, committed: 6)
        for offset in [0, 1, 2, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7] {
            let (timestamp, key) = log[offset]
            try state.absorb(orders, Offset(Int64(offset)), at(timestamp), key.map(state.hasher.key(of:)))
        }
        try state.finishRebuild(orders)
        #expect(try state.check(orders, from: 6, Array(log[6...])) == [.duplicate, .first])
    }

    @Test func aLongerWindowAsksForMore() throws {
        let name = "other.sqlite"
        let records: [(Int64, String?)] = (0..<100).map { (1000 + Int64($0) * 10, "k\($0)") }
        do {
            let short = try DedupeState(.test(folder, window: 100, name: name))
            _ = try short.assign(orders, committed: 0)
            for index in records.indices { try short.settle(orders, from: Int64(index), [records[index]]) }
        }
        let long = try DedupeState(.test(folder, window: 400, name: name))
        #expect(long.journalOpening == .opened)
        #expect(try long.assign(orders, committed: 100).rebuild == 0..<100)
        try long.rebuild(orders, records, in: 0..<100)
        #expect(try long.check(orders, from: 100, [(1990, "k61"), (1990, "k59")]) == [.duplicate, .first])
    }

    @Test func aLongRebuildIsWrittenInPieces() throws {
        _ = try state.assign(orders, committed: 12_000)
        for offset in Int64(0)..<12_000 {
            try state.absorb(orders, Offset(offset), at(1000 + offset / 200), state.hasher.key(of: "k\(offset)"))
        }
        try state.finishRebuild(orders)
        #expect(state.keyCount(orders) == 12_000)
        #expect(try state.assign(orders, committed: 12_000).rebuild == nil)
        #expect(try state.check(orders, from: 12_000, [(1060, "k7"), (1060, "new")]) == [.duplicate, .first])
    }
}
