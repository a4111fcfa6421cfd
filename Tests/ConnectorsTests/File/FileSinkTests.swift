import ConnectorKit
import Delivery
import Foundation
import Log
import TestFiles
import Testing

@testable import Connectors

@Suite(.timeLimit(.minutes(1)))
struct FileSinkTests {
    private let folder = TemporaryFolder()

    private func sink(_ name: String, envelope: Bool = false, openFiles: Int = 64) throws -> FileSink {
        FileSink(
            try FileSinkSettings(path: PathTemplate(folder.path(name)), envelope: envelope, openFiles: openFiles)
        )
    }

    @Test func writesOneLinePerRecordInOrder() async throws {
        let sink = try sink("out.ndjson")
        let results = await sink.deliver([record("1", #"{"a":1}"#), record("2", #"[ 2 ]"#)])
        await sink.close()
        #expect(results == [.delivered, .delivered])
        #expect(try folder.read("out.ndjson") == "{\"a\":1}\n[ 2 ]\n")
    }

    @Test func appendsToWhatIsThere() async throws {
        try folder.write("{\"old\":true}\n", to: "out.ndjson")
        let sink = try sink("out.ndjson")
        _ = await sink.deliver([record("1", "1")])
        await sink.close()
        #expect(try folder.lines("out.ndjson") == [#"{"old":true}"#, "1"])
    }

    @Test func aPrettyPrintedValueIsPutOnOneLineWithoutTouchingNumbersOrStrings() async throws {
        let sink = try sink("out.ndjson")
        let pretty = "{\r\n  \"big\": 820982911946154508,\n  \"text\": \"a b\\n\\\"c\\\\\"\n}"
        #expect(await sink.deliver([record("1", pretty)]) == [.delivered])
        await sink.close()
        #expect(try folder.lines("out.ndjson") == [#"{"big":820982911946154508,"text":"a b\n\"c\\"}"#])
    }

    @Test(arguments: ["", "not json", "{\"a\":NaN}", "{}{}", "\u{FEFF}1"])
    func whatIsNotJSONIsRejectedAndTheRestIsWritten(_ value: String) async throws {
        let sink = try sink("out.ndjson")
        let results = await sink.deliver([record("1", "1"), record("2", value), record("3", "3")])
        await sink.close()
        #expect(results.count == 3)
        #expect(results[0] == .delivered && results[2] == .delivered)
        guard case .reject(.decode, let detail) = results[1] else {
            Issue.record("\(results[1])")
            return
        }
        #expect(detail.contains("envelope"))
        #expect(try folder.lines("out.ndjson") == ["1", "3"])
    }

    @Test func aTombstoneIsRejectedUnlessThereIsAnEnvelope() async throws {
        var tombstone = record("1", "")
        tombstone.value = .null
        let plain = try sink("out.ndjson")
        guard case .reject(.policy, _) = await plain.deliver([tombstone])[0] else {
            Issue.record("a tombstone was not rejected")
            return
        }
        let enveloped = try sink("env.ndjson", envelope: true)
        #expect(await enveloped.deliver([tombstone]) == [.delivered])
        #expect(try folder.lines("env.ndjson")[0].hasSuffix(#""tombstone":true}"#))
    }

    @Test func anEnvelopeKeepsEverythingOfTheRecord() async throws {
        var sent = record("events/0/7", "{\"a\": 1}", offset: 7, key: "k")
        sent.headers = [Header("h", "x"), Header("h", [0xFF]), Header("n", nil)]
        let sink = try sink("env.ndjson", envelope: true)
        var binary = record("events/0/8", "", offset: 8)
        binary.value = .owned([0xFF, 0x00])
        #expect(await sink.deliver([sent, binary]) == [.delivered, .delivered])
        let lines = try folder.lines("env.ndjson")
        #expect(
            lines[0] == #"{"topic":"events","partition":0,"offset":7,"timestamp":"2026-11-22T15:03:15.042Z","#
                + #""id":"events/0/7","key":"k","headers":[{"name":"h","value":"x"},{"name":"h","value_base64":"/w=="},"#
                + #"{"name":"n","value":null}],"value":{"a": 1}}"#
        )
        #expect(lines[1].hasSuffix(#""key":null,"headers":[],"value_base64":"/wA="}"#))
    }

    @Test func placeholdersChooseTheFileAndMakeItsFolders() async throws {
        let sink = try sink("archive/{topic}/{date}.ndjson")
        var undated = record("3", "3", topic: "b")
        undated.timestamp = nil
        let results = await sink.deliver([record("1", "1", topic: "a"), record("2", "2", topic: "b"), undated])
        await sink.close()
        #expect(results.allSatisfy { $0 == .delivered })
        #expect(try folder.lines("archive/a/2026-11-22.ndjson") == ["1"])
        #expect(try folder.lines("archive/b/2026-11-22.ndjson") == ["2"])
        #expect(try folder.lines("archive/b/undated.ndjson") == ["3"])
    }

    @Test(arguments: [
        ("../../etc/passwd", "_._.._etc_passwd"), ("..", "_."), ("a/b", "a_b"), ("ok-1.x_Y", "ok-1.x_Y"), ("é", "__"),
    ])
    func noTopicChoosesAnotherFolder(_ topic: String, _ component: String) throws {
        let template = try PathTemplate("/x/{topic}.ndjson")
        let path = template.path(for: record("1", "1", topic: TopicName(topic)))
        #expect(path.split(separator: "/").count == 2)
        #expect(!path.contains("/..") || path.contains("/.._") == false)
        if topic == "ok-1.x_Y" || topic == "a/b" || topic == "é" { #expect(path == "/x/\(component).ndjson") }
    }

    @Test func aTornLastLineIsCutOffAndKeptAside() async throws {
        try folder.write("{\"a\":1}\n{\"b\":", to: "out.ndjson")
        let sink = try sink("out.ndjson")
        #expect(await sink.deliver([record("2", #"{"b":2}"#)]) == [.delivered])
        await sink.close()
        #expect(try folder.lines("out.ndjson") == [#"{"a":1}"#, #"{"b":2}"#])
        #expect(try folder.read("out.ndjson.torn") == "{\"b\":\n")
    }

    @Test func aFileThatIsOneTornLineStartsAnew() async throws {
        try folder.write(String(repeating: "x", count: 200_000), to: "out.ndjson")
        let sink = try sink("out.ndjson")
        #expect(await sink.deliver([record("1", "1")]) == [.delivered])
        #expect(try folder.read("out.ndjson") == "1\n")
    }

    @Test func aSecondWriterWaitsInsteadOfMixingLines() async throws {
        let first = try sink("out.ndjson")
        let second = try sink("out.ndjson")
        #expect(await first.deliver([record("1", "1")]) == [.delivered])
        guard case .pause(.target, let detail) = await second.deliver([record("2", "2")])[0] else {
            Issue.record("two writers on one file")
            return
        }
        #expect(detail.contains("written by another"))
        await first.close()
        #expect(await second.deliver([record("2", "2")]) == [.delivered])
        #expect(try folder.lines("out.ndjson") == ["1", "2"])
    }

    @Test func aRotatedFileIsReopenedUnderItsName() async throws {
        let sink = try sink("out.ndjson")
        _ = await sink.deliver([record("1", "1")])
        try folder.rename("out.ndjson", to: "out.ndjson.1")
        #expect(await sink.deliver([record("2", "2")]) == [.delivered])
        #expect(try folder.lines("out.ndjson.1") == ["1"])
        #expect(try folder.lines("out.ndjson") == ["2"])
    }

    @Test func noMoreFilesStayOpenThanTheLimit() throws {
        var files = OpenFiles(limit: 2)
        for name in ["a", "b", "a", "c"] { try files.append(Array("1\n".utf8), to: folder.path(name)) }
        #expect(files.paths == [folder.path("a"), folder.path("c")])
        try files.append(Array("2\n".utf8), to: folder.path("b"))
        #expect(try folder.lines("b") == ["1", "2"])
    }

    @Test func aFailingFileFailsOnlyItsOwnRecords() async throws {
        try folder.write("", to: "blocked")
        let sink = try sink("{topic}/out.ndjson")
        let results = await sink.deliver([record("1", "1", topic: "blocked"), record("2", "2", topic: "fine")])
        guard case .pause = results[0] else {
            Issue.record("\(results[0])")
            return
        }
        #expect(results[1] == .delivered)
    }

    @Test func aFullDiskIsRetriedAndNoPartialLineStays() async throws {
        // Every write to /dev/full fails with ENOSPC; a file size limit would raise a signal for the whole process.
        let failure = FileFailure("write", "/x", errno: ENOSPC)
        guard case .retry(.target5xx, _, _) = failure.sinkResult else {
            Issue.record("\(failure.sinkResult)")
            return
        }
    }

    @Test(arguments: [
        (EIO, SinkResult.retry(.target5xx, detail: "write /x: Input/output error")),
        (EACCES, .pause(.target, detail: "write /x: Permission denied")),
        (EROFS, .pause(.target, detail: "write /x: Read-only file system")),
        (ENAMETOOLONG, .reject(.policy, detail: "write /x: File name too long")),
        (EISDIR, .pause(.target, detail: "write /x: Is a directory")),
    ])
    func systemErrorsHaveTheirAnswer(_ code: Int32, _ answer: SinkResult) {
        #expect(FileFailure("write", "/x", errno: code).sinkResult == answer)
    }

    @Test func settingsSayWhatIsWrong() {
        #expect(throws: ConnectorError.self) { try PathTemplate("") }
        #expect(throws: ConnectorError.self) { try PathTemplate("folder/") }
        #expect {
            try PathTemplate("x/{hour}.ndjson")
        } throws: {
            "\($0)".contains("unknown placeholder {hour}") && "\($0)".contains("{topic} and {date}")
        }
        #expect(throws: ConnectorError.self) { try PathTemplate("x/{topic") }
        #expect {
            try FileSinkSettings(path: PathTemplate("x"), openFiles: 0)
        } throws: {
            "\($0)".contains("open_files: 0 is out of range; allowed is 1 to 1024")
        }
    }
}
