import Log
import TestFiles
import Testing

@testable import Dedupe

@Suite struct DedupeStateTests {
    private let folder = TemporaryFolder()
    private let state: DedupeState

    init() throws {
        state = try DedupeState(.test(folder))
        #expect(try state.assign(orders, committed: 0) == PartitionRestore(rebuild: nil, damagedRows: 0))
        #expect(state.journalOpening == .fresh)
    }

    @Test func aKeyIsADuplicateInsideTheWindowOnly() throws {
        let answers = try state.check(orders, from: 0, [(1000, "a"), (1099, "a"), (1199, "a"), (1298, "a")])
        #expect(answers == [.first, .duplicate, .first, .duplicate])
    }

    @Test func aDuplicateExtendsTheMemoryOfItsKey() throws {
        let answers = try state.check(orders, from: 0, [(1000, "a"), (1060, "a"), (1120, "a"), (1180, "a")])
        #expect(answers == [.first, .duplicate, .duplicate, .duplicate])
    }

    @Test func lateRecordsAreJudgedAtTheLogTimeTheyMeet() throws {
        let answers = try state.check(
            orders,
            from: 0,
            [(1000, "a"), (1080, "b"), (1150, nil), (1050, "a"), (1050, "b"), (1000, "c"), (1001, "c")]
        )
        #expect(answers == [.first, .first, .first, .first, .duplicate, .first, .first])
    }

    @Test func recordsWithoutAKeyAreNeverDuplicates() throws {
        #expect(try state.check(orders, from: 0, [(1000, nil), (1000, nil)]) == [.first, .first])
    }

    @Test func partitionsKnowNothingOfEachOther() throws {
        _ = try state.assign(payments, committed: 0)
        #expect(try state.check(orders, from: 0, [(1000, "a")]) == [.first])
        #expect(try state.check(payments, from: 0, [(1000, "a")]) == [.first])
        #expect(try state.check(orders, from: 1, [(1000, "a")]) == [.duplicate])
    }

    @Test func aRedeliveredRecordIsNotItsOwnDuplicate() throws {
        let records: [(Int64, String?)] = [(1000, "a"), (1010, "b"), (1020, "a")]
        let answers = try state.check(orders, from: 0, records)
        try state.seal([orders: 3])
        #expect(try state.check(orders, from: 0, records) == answers)
        #expect(try state.check(orders, from: 1, Array(records[1...])) == Array(answers[1...]))
    }

    @Test func rewindingTakesBackSeveralSealedBatches() throws {
        try state.settle(orders, from: 0, [(1000, "a")])
        _ = try state.check(orders, from: 1, [(1050, "a"), (1060, "b")])
        try state.seal([orders: 3])
        _ = try state.check(orders, from: 3, [(1090, "c"), (3000, nil)])
        try state.seal([orders: 5])
        try state.rewind(orders, to: 1)
        #expect(state.logTime(orders) == at(1000))
        let answers = try state.check(orders, from: 1, [(1099, "b"), (1099, "a"), (1100, "c"), (1198, "a")])
        #expect(answers == [.first, .duplicate, .first, .duplicate])
        #expect(try state.check(orders, from: 2, [(1100, "a")]) == [.first], "the refresh at 1050 was taken back")
    }

    @Test func aGenerationOutlivesALogTimeThatIsTakenBack() throws {
        try state.settle(orders, from: 0, [(1000, "a")])
        _ = try state.check(orders, from: 1, [(9000, "b")])
        try state.seal([orders: 2])
        try state.rewind(orders, to: 1)
        #expect(try state.check(orders, from: 1, [(1050, "a")]) == [.duplicate])
    }

    @Test func nothingBeforeTheCommittedOffsetIsTakenBack() throws {
        try state.settle(orders, from: 0, [(1000, "a"), (1001, "b")])
        let rewound = #expect(throws: DedupeError.self) { try state.rewind(orders, to: 1) }
        #expect(rewound?.code == .behindCommitted)
        let redelivered = #expect(throws: DedupeError.self) { try state.check(orders, from: 1, [(1001, "b")]) }
        #expect(redelivered?.code == .behindCommitted)
        #expect(redelivered?.description.contains("assign the partition at 1") == true)
    }

    @Test func whatIsNotAssignedIsRefused() throws {
        let error = #expect(throws: DedupeError.self) { try state.check(payments, from: 0, [(1000, "a")]) }
        #expect(error?.code == .notReady)
        state.revoke(orders)
        #expect(throws: DedupeError.self) { try state.check(orders, from: 0, [(1000, "a")]) }
        #expect(throws: DedupeError.self) { try state.finishRebuild(payments) }
    }

    @Test func forgetsWholeGenerationsInMemoryAndRowsOnDisk() throws {
        for batch in Int64(0)..<200 {
            try state.settle(orders, from: batch * 10, (0..<10).map { (1000 + batch * 5, "k\(batch)-\($0)") })
        }
        #expect(state.keyCount(orders) <= 10 * 32)
        let (journal, _) = try reopened()
        let rows = try journal.headers(of: orders)
        #expect(rows.count <= 32 && rows.last?.next == 2000)
        #expect(try #require(rows.first).before <= 1995 - 100)
    }

    @Test func comesBackWhereItWas() throws {
        try state.settle(orders, from: 0, [(1000, "a"), (1010, "b")])
        state.revoke(orders)
        #expect(try state.assign(orders, committed: 2).rebuild == nil)
        #expect(try state.check(orders, from: 2, [(1099, "a"), (1100, "c")]) == [.duplicate, .first])
    }

    /// The journal of a killed process, opened on its own.
    private func reopened() throws -> (DedupeJournal, JournalOpening) {
        try folder.copyJournal("journal.sqlite", to: "copy.sqlite")
        return try DedupeJournal.open(path: folder.path("copy.sqlite"), identity: "test")
    }
}
