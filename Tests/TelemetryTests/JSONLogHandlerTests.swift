import Foundation
import Logging
import Synchronization
import Telemetry
import Testing

/// Keeps the lines a handler writes.
private final class Lines: Sendable {
    private let lines = Mutex<[[UInt8]]>([])

    func add(_ line: [UInt8]) {
        lines.withLock { $0.append(line) }
    }

    var texts: [String] { lines.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }
}

@Suite struct JSONLogHandlerTests {
    private let lines = Lines()

    private func logger(lineLimit: Int = 16_384, provider: Logger.MetadataProvider? = nil) -> Logger {
        let lines = lines
        return Logger(label: "busbar.test") { label in
            JSONLogHandler(
                label: label,
                metadataProvider: provider,
                lineLimit: lineLimit,
                now: { LogTime(milliseconds: 1_795_359_208_042) },
                write: { lines.add($0) }
            )
        }
    }

    private func parsed(_ text: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(object as? [String: Any])
    }

    @Test func aLineIsExact() {
        var logger = logger()
        logger[.connector] = "tickets"
        logger.info("record delivered", metadata: .init([.offset: "42", .topic: "github.issues"]))
        let expected =
            #"{"ts":"2026-11-22T14:53:28.042Z","level":"info","message":"record delivered","#
            + #""logger":"busbar.test","busbar.connector":"tickets","kafka.offset":"42","kafka.topic":"github.issues"}"#
        #expect(lines.texts == [expected + "\n"])
    }

    @Test func whatJSONForbidsIsEscapedAndComesBackAsItWas() throws {
        let nasty = "q\" b\\ /\n\r\t\u{0}\u{1F}\u{7F} é漢🚦\u{2028}"
        logger().info("\(nasty)", metadata: ["k\"ey": "\(nasty)"])
        let text = try #require(lines.texts.first)
        #expect(text.utf8.count { $0 == UInt8(ascii: "\n") } == 1, "one event is one line")
        let object = try parsed(text)
        #expect(object["message"] as? String == nasty)
        #expect(object["k\"ey"] as? String == nasty)
    }

    @Test func nestedMetadataIsFlattened() throws {
        logger().info("m", metadata: ["a": ["b": ["c": "1"], "d": "2"], "e": ["x", "y"]])
        let object = try parsed(try #require(lines.texts.first))
        #expect(object["a.b.c"] as? String == "1")
        #expect(object["a.d"] as? String == "2")
        #expect(object["e.0"] as? String == "x")
        #expect(object["e.1"] as? String == "y")
    }

    @Test func theEventsMetadataWinsOverTheProvidersAndThatOverTheLoggers() throws {
        var logger = logger(provider: .init { ["a": "provider", "b": "provider"] })
        for key in ["a", "b", "c"] { logger[metadataKey: key] = "logger" }
        logger.info("m", metadata: ["a": "event"])
        let object = try parsed(try #require(lines.texts.first))
        #expect(["a", "b", "c"].map { object[$0] as? String } == ["event", "provider", "logger"])
    }

    @Test func metadataCannotTakeTheFrame() throws {
        logger().info("real", metadata: ["message": "forged", "ts": "never"])
        let object = try parsed(try #require(lines.texts.first))
        #expect(object["message"] as? String == "real")
        #expect(object["metadata.message"] as? String == "forged")
    }

    @Test func linesAreBoundedAndStayJSON() throws {
        let logger = logger(lineLimit: 1000)
        logger.info("m", metadata: ["long": "\(String(repeating: "é", count: 3000))", "short": "s"])
        logger.info("m", metadata: Dictionary(uniqueKeysWithValues: (0..<500).map { ("k\($0)", "v") }))
        logger.info("\(String(repeating: "\u{1}", count: 5000))")
        #expect(lines.texts.count == 3)
        for text in lines.texts {
            #expect(text.utf8.count <= 1000)
            #expect(try parsed(text)["truncated"] as? Bool == true)
        }
        #expect(try parsed(lines.texts[0])["short"] as? String == "s", "a short member still fits")
    }

    @Test func aLongValueIsCutOnACharacterBoundary() throws {
        logger().info("m", metadata: ["long": "x\(String(repeating: "é", count: 3000))"])
        let object = try parsed(try #require(lines.texts.first))
        #expect(object["long"] as? String == "x" + String(repeating: "é", count: 1023))
        #expect(object["truncated"] as? Bool == true)
    }

    @Test func levelsBelowTheHandlersAreNotWritten() {
        logger().debug("quiet")
        logger().error("loud")
        #expect(lines.texts.count == 1)
    }

    @Test func outputWritesWholeLinesFromManyThreads() throws {
        let pipe = Pipe()
        let output = LogOutput(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for _ in 0..<20 { output.write(Array("\(String(repeating: "\(thread)", count: 200))\n".utf8)) }
        }
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: try #require(try pipe.fileHandleForReading.readToEnd()), as: UTF8.self)
        let rows = text.split(separator: "\n")
        #expect(rows.count == 160)
        #expect(rows.allSatisfy { Set($0).count == 1 && $0.count == 200 })
        #expect(output.lost == 0)
    }

    @Test func aLineThatCannotBeWrittenIsCounted() {
        let output = LogOutput(descriptor: -1)
        output.write(Array("x\n".utf8))
        #expect(output.lost == 1)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (1_709_251_199_007, "2024-02-29T23:59:59.007Z"),
        ] as [(Int64, String)]
    )
    func timeIsRFC3339(milliseconds: Int64, expected: String) {
        #expect(LogTime(milliseconds: milliseconds).rfc3339 == expected)
    }

    @Test func keysAreDottedLowerCaseAndUnique() {
        #expect(Set(LogKey.allCases.map(\.rawValue)).count == LogKey.allCases.count)
        for key in LogKey.allCases {
            #expect(key.rawValue.wholeMatch(of: /[a-z_]+(\.[a-z_]+)*/) != nil, "\(key.rawValue)")
        }
    }
}
