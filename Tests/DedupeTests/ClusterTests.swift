import Log
import TestFiles
import Testing

@testable import Dedupe

/// Offsets mean something inside one cluster only.
@Suite struct ClusterTests {
    private let folder = TemporaryFolder()
    /// Keys by offset, in two clusters: the second is a mirror whose topic has lost its beginning.
    private let old: [(Int64, String?)] = (0..<40).map { (1000 + Int64($0), "key-\($0)") }
    private let new: [(Int64, String?)] = (20..<40).map { (1000 + Int64($0), "key-\($0)") }

    private func state(_ cluster: String?) throws -> DedupeState { try DedupeState(.test(folder, cluster: cluster)) }

    private func fill(_ cluster: String?) throws {
        let state = try state(cluster)
        _ = try state.assign(orders, committed: 0)
        try state.settle(orders, from: 0, old)
    }

    @Test func theSameClusterGoesOn() throws {
        try fill("one")
        let state = try state("one")
        #expect(state.journalOpening == .opened)
        #expect(try state.assign(orders, committed: 40).rebuild == nil)
        #expect(try state.check(orders, from: 40, [(1050, "key-39"), (1050, "key-40")]) == [.duplicate, .first])
    }

    @Test func rowsOfAnotherClusterAreSetAsideAndReadAgain() throws {
        try fill("one")
        let state = try state("two")
        guard case .setAside(_, let reason) = state.journalOpening else {
            Issue.record("not set aside: \(state.journalOpening)")
            return
        }
        #expect(reason == "its offsets are those of cluster one, and this is cluster two")
        // Offset 10 is key-30 here and was key-10 there: the rows would call the first one new and the second one seen.
        #expect(try state.assign(orders, committed: 15).rebuild == 0..<15)
        try state.rebuild(orders, new, in: 0..<15)
        let answers = try state.check(orders, from: 15, [(1050, "key-30"), (1050, "key-10"), (1050, "key-36")])
        #expect(answers == [.duplicate, .first, .first])
    }

    /// What the rows of the other cluster would have answered.
    @Test func withoutTheClusterTheRowsAnswerWrongly() throws {
        try fill(nil)
        let state = try state(nil)
        #expect(try state.assign(orders, committed: 15).rebuild == nil)
        let answers = try state.check(orders, from: 15, [(1050, "key-30"), (1050, "key-10")])
        #expect(answers == [.first, .duplicate])
    }

    @Test func aJournalWithoutAClusterBecomesThisOnes() throws {
        try fill(nil)
        #expect(try state("one").journalOpening == .opened)
        #expect(try state("one").journalOpening == .opened)
        guard case .setAside = try state("two").journalOpening else {
            Issue.record("the journal is still nobody's")
            return
        }
    }

    @Test func aJournalOfVersion1IsTakenOver() throws {
        try fill(nil)
        do {
            let connection = try SQLiteConnection(path: folder.path("journal.sqlite"))
            try connection.execute("ALTER TABLE meta DROP COLUMN cluster; PRAGMA user_version = 1")
        }
        let state = try state("one")
        #expect(state.journalOpening == .opened)
        #expect(try state.assign(orders, committed: 40).rebuild == nil)
        #expect(try state.check(orders, from: 40, [(1050, "key-39")]) == [.duplicate])
    }

    @Test func aClusterThatIsNotKnownIsNotLookedAt() throws {
        try fill("one")
        #expect(try state(nil).journalOpening == .opened)
        #expect(try state("one").journalOpening == .opened)
    }
}
