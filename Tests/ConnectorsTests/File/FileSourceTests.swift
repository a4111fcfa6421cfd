import ConnectorKit
import Delivery
import Foundation
import Synchronization
import TestFiles
import TestKit
import Testing

@testable import Connectors

@Suite(.timeLimit(.minutes(1)))
struct FileSourceTests {
    private let folder = TemporaryFolder()
    private let events = Observed<[FileSourceEvent]>([])

    private func source(follow: Bool = false, batch: Int = 500, maxLine: Int = 1 << 20) throws -> FileSource {
        let settings = try FileSourceSettings(
            path: folder.path("in.ndjson"),
            follow: follow,
            poll: .milliseconds(1),
            maxLine: maxLine,
            batch: batch,
            onEvent: { [events] event in events.update { $0.append(event) } }
        )
        return FileSource(settings, now: { testTime })
    }

    private func values(_ intake: RecordingIntake) -> [String] {
        intake.records.map { String(decoding: $0.value.bytes() ?? [], as: UTF8.self) }
    }

    @Test func readsLinesAsRecordsWithTheirOffsetAsID() async throws {
        try folder.write("{\"a\":1}\n\n  \n{\"b\":2}\r\nlast", to: "in.ndjson")
        let intake = RecordingIntake()
        try await source().run(into: intake)
        #expect(values(intake) == ["{\"a\":1}", "  ", "{\"b\":2}", "last"])
        #expect(intake.records.map(\.id) == ["in.ndjson:0", "in.ndjson:9", "in.ndjson:12", "in.ndjson:21"])
        #expect(intake.records[0].header("ce_id") == "in.ndjson:0")
        #expect(intake.records[0].timestamp == testTime)
        #expect(intake.current.ready == ["reading \(folder.path("in.ndjson")) from byte 0"])
    }

    @Test func continuesBehindTheStoredPosition() async throws {
        try folder.write("1\n2\n", to: "in.ndjson")
        let first = RecordingIntake()
        try await source().run(into: first)
        try folder.append("3\n", to: "in.ndjson")
        let second = RecordingIntake(positions: first.positions)
        try await source().run(into: second)
        #expect(values(second) == ["3"])
        #expect(second.records[0].id == "in.ndjson:4")
    }

    @Test(arguments: 1...6)
    func aCrashAtAnyBatchRepeatsAndLosesNothing(_ failing: Int) async throws {
        try folder.write((1...10).map { "\($0)\n" }.joined(), to: "in.ndjson")
        let intake = RecordingIntake()
        intake.fail(call: failing, with: .unavailable(detail: "test"))
        let source = try source(batch: 2)
        do {
            try await source.run(into: intake)
            #expect(failing == 6, "the fault was never reached")
        } catch let error as IntakeError {
            #expect(error == .unavailable(detail: "test"))
            try await source.run(into: intake)
        }
        #expect(values(intake) == (1...10).map(String.init))
    }

    @Test func anOverloadedIntakeIsAskedAgainWithTheSameLines() async throws {
        try folder.write("1\n2\n", to: "in.ndjson")
        let intake = RecordingIntake()
        intake.fail(call: 1, with: .overloaded(retryAfter: .milliseconds(1)))
        try await source().run(into: intake)
        #expect(values(intake) == ["1", "2"])
        #expect(intake.current.calls == 2)
    }

    @Test func followsAFileThatGrowsAndWaitsForTheLineFeed() async throws {
        try folder.write("1\n2", to: "in.ndjson")
        let intake = RecordingIntake()
        let source = try source(follow: true)
        try await withThrowingTaskGroup { group in
            group.addTask { try await source.run(into: intake) }
            try await intake.state { $0.records.count == 1 }
            try folder.append("2\n3\n", to: "in.ndjson")
            try await intake.state { $0.records.count == 3 }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(values(intake) == ["1", "22", "3"])
    }

    @Test func waitsForAFileThatIsNotThereYet() async throws {
        let intake = RecordingIntake()
        let source = try source(follow: true)
        try await withThrowingTaskGroup { group in
            group.addTask { try await source.run(into: intake) }
            try await intake.state { !$0.ready.isEmpty }
            try folder.write("1\n", to: "in.ndjson")
            try await intake.state { $0.records.count == 1 }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test func aMissingFileThatIsNotFollowedIsAnError() async throws {
        await #expect {
            try await source().run(into: RecordingIntake())
        } throws: {
            "\($0)".contains("in.ndjson: No such file or directory")
        }
    }

    @Test func truncationIsNoticedAndReadingStartsAgainWithNewIDs() async throws {
        try folder.write("old-1\nold-2\n", to: "in.ndjson")
        let intake = RecordingIntake()
        let source = try source(follow: true)
        try await withThrowingTaskGroup { group in
            group.addTask { try await source.run(into: intake) }
            try await intake.state { $0.records.count == 2 }
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path("in.ndjson")))
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: Data("new\n".utf8))
            try handle.close()
            try await intake.state { $0.records.count == 3 }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(values(intake).last == "new")
        #expect(intake.records.last?.id == "in.ndjson.1:0")
        #expect(events.value == [.rewritten(path: folder.path("in.ndjson"), readBefore: 12)])
    }

    @Test func aFileRewrittenWhileNobodyLookedIsNoticedByItsBeginning() async throws {
        try folder.write("old-1\n", to: "in.ndjson")
        let first = RecordingIntake()
        try await source().run(into: first)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path("in.ndjson")))
        try handle.write(contentsOf: Data("new-1\nnew-2\n".utf8))
        try handle.close()
        let second = RecordingIntake(positions: first.positions)
        try await source().run(into: second)
        #expect(values(second) == ["new-1", "new-2"])
        #expect(events.value == [.rewritten(path: folder.path("in.ndjson"), readBefore: 6)])
    }

    @Test func rotationReadsTheOldFileToItsEndAndThenTheNewOne() async throws {
        try folder.write("1\n", to: "in.ndjson")
        let intake = RecordingIntake()
        let source = try source(follow: true)
        try await withThrowingTaskGroup { group in
            group.addTask { try await source.run(into: intake) }
            try await intake.state { $0.records.count == 1 }
            try folder.append("2\n3", to: "in.ndjson")
            try folder.rename("in.ndjson", to: "in.ndjson.1")
            try folder.write("4\n", to: "in.ndjson")
            try await intake.state { $0.records.count == 4 }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(values(intake) == ["1", "2", "3", "4"])
        #expect(intake.records.last?.id == "in.ndjson.1:0")
        #expect(events.value == [.rotated(path: folder.path("in.ndjson"), readBefore: 5)])
    }

    @Test func rotationWhileStoppedIsFollowedThroughTheRename() async throws {
        try folder.write("1\n", to: "in.ndjson")
        let first = RecordingIntake()
        try await source().run(into: first)
        try folder.append("2\n", to: "in.ndjson")
        try folder.rename("in.ndjson", to: "in.ndjson.1")
        try folder.write("3\n", to: "in.ndjson")
        let second = RecordingIntake(positions: first.positions)
        let source = try source(follow: true)
        try await withThrowingTaskGroup { group in
            group.addTask { try await source.run(into: second) }
            try await second.state { $0.records.count == 2 }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(values(second) == ["2", "3"])
    }

    @Test func aReplacedFileIsReadFromItsStartAndTheLossIsSaid() async throws {
        try folder.write("1\n2\n", to: "in.ndjson")
        let first = RecordingIntake()
        try await source().run(into: first)
        try folder.write("other\n", to: "other")
        try FileManager.default.removeItem(atPath: folder.path("in.ndjson"))
        try folder.rename("other", to: "in.ndjson")
        let second = RecordingIntake(positions: first.positions)
        try await source().run(into: second)
        #expect(values(second) == ["other"])
        #expect(events.value == [.replaced(path: folder.path("in.ndjson"), readBefore: 4)])
    }

    @Test func aLineBeyondTheLimitStopsTheSourceAfterTheLinesBeforeIt() async throws {
        try folder.write("1\n" + String(repeating: "x", count: 2000) + "\n3\n", to: "in.ndjson")
        let intake = RecordingIntake()
        await #expect {
            try await source(maxLine: 1024).run(into: intake)
        } throws: {
            "\($0)".contains("line at byte 2") && "\($0)".contains("raise max_line")
        }
        #expect(values(intake) == ["1"])
        try await source(maxLine: 2048).run(into: intake)
        #expect(intake.records.count == 3)
    }

    @Test func aLineOfALimitlessFileWithoutLineFeedIsNotReadIntoMemory() async throws {
        try folder.write(String(repeating: "x", count: 5 << 20), to: "in.ndjson")
        await #expect(throws: ConnectorError.self) {
            try await source(follow: true, maxLine: 1024).run(into: RecordingIntake())
        }
    }

    @Test func aForeignPositionIsAnErrorAndNotAFreshStart() async throws {
        try folder.write("1\n", to: "in.ndjson")
        for bytes in ["", "{}", "7", #"{"v":2,"offset":0}"#] {
            let intake = RecordingIntake(positions: [folder.path("in.ndjson"): Array(bytes.utf8)])
            await #expect {
                try await source().run(into: intake)
            } throws: {
                ($0 as? ConnectorError)?.code == .positionUnreadable
            }
        }
    }

    @Test func aRefusedLineStopsTheSource() async throws {
        try folder.write("1\n", to: "in.ndjson")
        let intake = RecordingIntake()
        intake.decide { _ in .rejected(.schema, detail: "test") }
        await #expect {
            try await source().run(into: intake)
        } throws: {
            ($0 as? ConnectorError)?.code == .recordRefused
        }
    }

    @Test func aStoppingIntakeEndsTheSourceInOrder() async throws {
        try folder.write("1\n", to: "in.ndjson")
        let intake = RecordingIntake()
        intake.fail(call: 1, with: .stopping)
        try await source(follow: true).run(into: intake)
        #expect(intake.positions.isEmpty)
    }

    @Test func positionsSurviveTheirTextForm() throws {
        let position = FilePosition(generation: 3, inode: .max, offset: 4096, prefix: "ab", prefixLength: 1024)
        #expect(try FilePosition(position.bytes, path: "x") == position)
    }
}
