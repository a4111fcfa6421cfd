import Foundation
import Log
import TestFiles
import Testing

@testable import Dedupe

@Suite struct DamagedJournalTests {
    private let folder = TemporaryFolder()
    private let records: [(Int64, String?)] = (0..<60).map { (1000 + Int64($0), "key-\($0)") }

    init() throws {
        let state = try DedupeState(.test(folder))
        _ = try state.assign(orders, committed: 0)
        for batch in 0..<6 {
            try state.settle(orders, from: Int64(batch) * 10, Array(records[batch * 10..<batch * 10 + 10]))
        }
    }

    /// The journal opens, the answers are right, and the damage was said.
    private func expectRecovery(identity: String = "test", reason: String) throws {
        let state = try DedupeState(.test(folder, identity: identity))
        guard case .setAside(let path, let said) = state.journalOpening else {
            Issue.record("expected the journal to be set aside, got \(state.journalOpening)")
            return
        }
        #expect(said.contains(reason), "\(said)")
        #expect(path == folder.path("journal.sqlite.corrupt-1"))
        #expect(FileManager.default.fileExists(atPath: path))
        #expect(try state.assign(orders, committed: 60).rebuild == 0..<60)
        try state.rebuild(orders, records, in: 0..<60)
        #expect(try state.check(orders, from: 60, [(1060, "key-7"), (1060, "new")]) == [.duplicate, .first])
    }

    @Test func aMissingFileIsMadeAnew() throws {
        try folder.remove("journal.sqlite")
        let state = try DedupeState(.test(folder))
        #expect(state.journalOpening == .fresh)
        #expect(try state.assign(orders, committed: 60).rebuild == 0..<60)
    }

    @Test func garbageIsSetAside() throws {
        try folder.edit("journal.sqlite") { $0 = Data("this was never a database\n".utf8) + $0.dropFirst(30) }
        try expectRecovery(reason: "not a database")
    }

    @Test func aTruncatedFileIsSetAside() throws {
        try folder.edit("journal.sqlite") { $0 = $0.prefix($0.count / 2) }
        try expectRecovery(reason: "malformed")
    }

    @Test func aFileCutInsideItsFirstPageIsSetAside() throws {
        try folder.edit("journal.sqlite") { $0 = $0.prefix(1000) }
        try expectRecovery(reason: "malformed")
    }

    @Test func anEmptyFileIsSetAside() throws {
        try folder.edit("journal.sqlite") { $0 = Data() }
        try expectRecovery(reason: "empty")
    }

    @Test func aFolderInItsPlaceIsSetAside() throws {
        try folder.remove("journal.sqlite")
        try FileManager.default.createDirectory(
            atPath: folder.path("journal.sqlite"),
            withIntermediateDirectories: false
        )
        try expectRecovery(reason: "not a file")
    }

    @Test func anotherApplicationsDatabaseIsSetAside() throws {
        try execute("PRAGMA application_id = 7")
        try expectRecovery(reason: "application id 7")
    }

    @Test func anotherVersionIsSetAside() throws {
        try execute("PRAGMA user_version = 99")
        try expectRecovery(reason: "version 99")
    }

    @Test func otherTablesAreSetAside() throws {
        try execute("DROP TABLE batch; CREATE TABLE batch (id INTEGER)")
        try expectRecovery(reason: "no such column")
    }

    @Test func keysOfAnotherDefinitionAreSetAside() throws {
        try expectRecovery(identity: "another key", reason: "another definition")
    }

    @Test func aDamagedSaltIsNoticed() throws {
        try execute("UPDATE meta SET salt_1 = salt_1 + 1")
        try expectRecovery(reason: "description is damaged")
    }

    @Test func namesForSettingAsideDoNotCollide() throws {
        for number in 1...3 {
            try folder.edit("journal.sqlite") { $0 = Data(repeating: 65, count: 5000) }
            let state = try DedupeState(.test(folder))
            #expect(
                state.journalOpening
                    == .setAside(
                        path: folder.path("journal.sqlite.corrupt-\(number)"),
                        reason: "SQLite failed while running a statement: file is not a database (26)"
                    )
            )
        }
    }

    @Test(arguments: [
        "entries = CAST(X'00' || substr(entries, 2) AS BLOB)", "first = first - 1", "before_ms = 0",
        "latest_ms = 5000", "next = next + 1", "partition = partition + 1", "checksum = 0",
    ])
    func aDamagedRowIsReadAgainFromTheTopic(change: String) throws {
        try execute("UPDATE batch SET \(change) WHERE first = 20")
        let state = try DedupeState(.test(folder))
        #expect(state.journalOpening == .opened)
        let restored = try state.assign(orders, committed: 60)
        let start = try #require(restored.rebuild?.lowerBound)
        #expect(restored.rebuild?.upperBound == 60 && (19...20).contains(start))
        try state.rebuild(orders, records, in: start..<60)
        let answers = try state.check(orders, from: 60, [(1060, "key-22"), (1060, "key-3"), (1060, "new")])
        #expect(answers == [.duplicate, .duplicate, .first])
    }

    @Test func aFlippedByteInAnEntryIsFound() throws {
        try folder.edit("journal.sqlite") { data in
            let state = DedupeKeyBytes(data)
            if let position = state.someKey { data[position] ^= 0x10 }
        }
        let state = try DedupeState(.test(folder))
        let restored = try state.assign(orders, committed: 60)
        #expect(restored.damagedRows == 1)
        #expect(restored.rebuild != nil)
    }

    @Test func manyDamagedRowsAreAllReported() throws {
        try execute("UPDATE batch SET checksum = checksum + 1 WHERE first >= 20")
        let state = try DedupeState(.test(folder))
        let restored = try state.assign(orders, committed: 60)
        #expect(restored == PartitionRestore(rebuild: 20..<60, damagedRows: 4))
    }

    @Test func aJournalThatBreaksInUseIsSetAside() throws {
        let state = try DedupeState(.test(folder))
        _ = try state.assign(orders, committed: 60)
        _ = try state.check(orders, from: 60, [(1060, "x")])
        // A page of the file goes bad under the open connection; its cache is too small to hide that for long.
        try execute(
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'batch'",
            on: state
        )
        try state.seal([orders: 61])
        guard case .setAside = state.journalOpening else {
            Issue.record("expected the journal to be set aside, got \(state.journalOpening)")
            return
        }
        #expect(try state.check(orders, from: 61, [(1061, "x"), (1061, "key-50")]) == [.duplicate, .duplicate])
        try state.seal([orders: 63])
        #expect(try state.assign(orders, committed: 63).rebuild == 0..<63, "the new journal begins too late")
    }

    private func execute(_ sql: String) throws {
        try SQLiteConnection(path: folder.path("journal.sqlite")).execute(sql)
    }

    private func execute(_ sql: String, on state: DedupeState) throws {
        try state.withJournal { journal throws(DedupeError) in
            try journal.connection.execute(sql)
            try journal.connection.execute("PRAGMA writable_schema = RESET")
        }
    }
}

/// Finds the bytes of a key inside a journal file: a row's entries begin with the varints of its first entry.
private struct DedupeKeyBytes {
    let someKey: Int?

    /// The fixture's first entry of a row: gap 0 with a key, then the zigzag varint of a timestamp around 1030.
    init(_ data: Data) {
        someKey = data.indices.dropLast(40).first { data[$0] == 0x01 && data[$0 + 1] == 0x8c && data[$0 + 2] == 0x10 }
            .map { $0 + 10 }
    }
}
