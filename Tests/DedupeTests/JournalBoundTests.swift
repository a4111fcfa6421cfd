import Foundation
import Log
import TestFiles
import Testing

@testable import Dedupe

@Suite struct JournalBoundTests {
    private let folder = TemporaryFolder()

    @Test func aSecondOpenerIsRefusedAndTheFileKept() throws {
        let state = try DedupeState(.test(folder))
        let error = #expect(throws: DedupeError.self) { try DedupeState(.test(folder)) }
        #expect(error?.code == .locked)
        #expect(error?.description.contains("another process holds the file") == true)
        #expect(try folder.names().filter { $0.contains("corrupt") }.isEmpty)
        #expect(state.journalOpening == .fresh)
    }

    @Test func aLockOfAnotherProcessIsSeen() throws {
        do { _ = try DedupeState(.test(folder)) }
        let holder = Process()
        let output = Pipe(), input = Pipe()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        holder.arguments = [
            "python3", "-c",
            """
            import sqlite3, sys
            c = sqlite3.connect(sys.argv[1], isolation_level=None)
            c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()
            """, folder.path("journal.sqlite"),
        ]
        holder.standardOutput = output
        holder.standardInput = input
        try holder.run()
        #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).contains("held"))
        let error = #expect(throws: DedupeError.self) { try DedupeState(.test(folder)) }
        #expect(error?.code == .locked)
        try input.fileHandleForWriting.close()
        holder.waitUntilExit()
        #expect(try DedupeState(.test(folder)).journalOpening == .opened)
    }

    @Test func aMissingFolderIsSaid() throws {
        let error = #expect(throws: DedupeError.self) { try DedupeState(.test(folder, name: "no/such/journal.sqlite")) }
        #expect(error?.code == .cannotOpen)
        #expect(error?.description.contains("check that the directory exists") == true)
    }

    @Test func aFullDiskLosesNothingAndTheBatchPassesOnceThereIsRoom() throws {
        let state = try DedupeState(.test(folder, window: 1000, disk: 40 * 4096))
        _ = try state.assign(orders, committed: 0)
        _ = try state.assign(payments, committed: 0)
        var batch: Int64 = 0
        var failure: DedupeError?
        while failure == nil, batch < 1000 {
            let records = (0..<100).map { (1000 + batch, "k\(batch)-\($0)" as String?) }
            _ = try state.check(orders, from: batch * 100, records)
            _ = try state.check(payments, from: batch * 100, records)
            do {
                let end = Offset(batch * 100 + 100)
                try state.seal([orders: end, payments: end])
                try state.commit(orders, upTo: end)
                try state.commit(payments, upTo: end)
                batch += 1
            } catch {
                failure = error
            }
        }
        #expect(failure?.code == .diskFull && batch > 5)
        try expectWholeBatches(batch)
        let end = Offset(batch * 100 + 100)
        let again = #expect(throws: DedupeError.self) { try state.seal([orders: end, payments: end]) }
        #expect(again?.code == .diskFull)
        #expect(again?.description.contains("free disk space or raise the journal's bound") == true)
        // With room again, the same batch is written as if nothing had happened.
        try state.withJournal { journal throws(DedupeError) in
            _ = try journal.connection.integer("PRAGMA max_page_count = 4096")
        }
        try state.seal([orders: end, payments: end])
        try expectWholeBatches(batch + 1)
    }

    /// What a restart would find: every batch that was sealed, for both partitions, and nothing of the failed one.
    private func expectWholeBatches(_ count: Int64) throws {
        let copy = "copy-\(count).sqlite"
        try folder.copyJournal("journal.sqlite", to: copy)
        let (journal, opening) = try DedupeJournal.open(path: folder.path(copy), identity: "test")
        #expect(opening == .opened)
        for partition in [orders, payments] {
            let rows = try journal.headers(of: partition)
            #expect(rows.map(\.first) == (0..<count).map { Offset($0 * 100) })
        }
    }
}
