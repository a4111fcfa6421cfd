import Log
import TestFiles
import Testing

@testable import Dedupe

@Suite struct MemoryBoundTests {
    private let folder = TemporaryFolder()
    private let state: DedupeState
    private let bound = 6000

    init() throws {
        state = try DedupeState(.test(folder, memory: bound))
        _ = try state.assign(orders, committed: 0)
    }

    /// Shows new keys at one timestamp until the bound is hit.
    private func fill(at timestamp: Int64) throws -> Int64 {
        var offset: Int64 = 0
        let error = #expect(throws: DedupeError.self) {
            while offset < 100_000 {
                let answers = try state.check(orders, from: offset, [(timestamp, "k\(offset)")])
                #expect(answers == [.first])
                offset += 1
                #expect(state.memoryBytes <= bound)
            }
        }
        #expect(error?.code == .memoryFull)
        #expect(error?.description.contains("the bound of 6000 bytes") == true)
        return offset
    }

    @Test func atTheBoundARecordIsRefusedAndNothingForgotten() throws {
        let refused = try fill(at: 1000)
        #expect(refused > 80)
        #expect(throws: DedupeError.self) { try state.check(orders, from: refused, [(1000, "k\(refused)")]) }
        try state.seal([orders: Offset(refused)])
        try state.commit(orders, upTo: Offset(refused))
        for index in 0..<refused {
            #expect(try state.check(orders, from: refused, [(1000, "k\(index)")]) == [.duplicate])
            try state.rewind(orders, to: Offset(refused))
        }
    }

    @Test func committingPastTheWindowMakesRoom() throws {
        let refused = try fill(at: 1000)
        _ = try state.check(orders, from: refused, [(1300, nil)])
        let end = Offset(refused + 1)
        try state.seal([orders: end])
        try state.commit(orders, upTo: end)
        #expect(state.memoryBytes == 0)
        #expect(try state.check(orders, from: refused + 1, [(1300, "k0"), (1300, "k0")]) == [.first, .duplicate])
    }

    @Test func partitionsShareTheBound() throws {
        _ = try state.assign(payments, committed: 0)
        let refused = try fill(at: 1000)
        let error = #expect(throws: DedupeError.self) {
            for index in Int64(0)..<1000 { _ = try state.check(payments, from: index, [(1000, "p\(index)")]) }
        }
        #expect(error?.code == .memoryFull)
        state.revoke(orders)
        #expect(try state.check(payments, from: 500, [(1000, "k\(refused)")]) == [.first])
    }

    @Test func aPartitionThatDoesNotFitIsNotAssigned() throws {
        let refused = try fill(at: 1000)
        try state.seal([orders: Offset(refused)])
        state.revoke(orders)
        let (journal, _) = try journalCopy()
        #expect(try journal.headers(of: orders).count == 1)
        let small = try DedupeState(.test(folder, memory: 1500, name: "copy.sqlite"))
        let error = #expect(throws: DedupeError.self) { try small.assign(orders, committed: Offset(refused)) }
        #expect(error?.code == .memoryFull)
        #expect(small.memoryBytes == 0)
        #expect(throws: DedupeError.self) { try small.check(orders, from: refused, [(1000, "x")]) }
    }

    private func journalCopy() throws -> (DedupeJournal, JournalOpening) {
        try folder.copyJournal("journal.sqlite", to: "copy.sqlite")
        try folder.copyJournal("journal.sqlite", to: "looked-at.sqlite")
        return try DedupeJournal.open(path: folder.path("looked-at.sqlite"), identity: "test")
    }
}
