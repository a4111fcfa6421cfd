import ConnectorKit
import Foundation
import Log
import Testing

@testable import Connectors

@Suite struct PayloadTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_795_359_795_042, "2026-11-22T15:03:15.042Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ])
    func timesAreWrittenInUTC(_ milliseconds: Int64, _ text: String) {
        #expect(UTCTime(Timestamp(milliseconds: milliseconds)).rfc3339 == text)
    }

    @Test func timesAgreeWithFoundation() {
        var generator = SystemRandomNumberGenerator()
        let seed = Int64.random(in: 0...1_000_000, using: &generator)
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for step in 0..<500 {
            let milliseconds = (seed + Int64(step) * 7_919_000_003) % 4_000_000_000_000
            let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            let text = UTCTime(Timestamp(milliseconds: milliseconds)).rfc3339
            #expect(
                String(text.prefix(19)) == String(date.formatted(format).prefix(19)),
                "\(milliseconds), seed \(seed)"
            )
        }
    }

    @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar", "\u{0}\u{FF}"])
    func base64AgreesWithFoundation(_ text: String) {
        #expect(Base64.encode(Array(text.utf8)) == Data(text.utf8).base64EncodedString())
    }

    @Test(arguments: [
        (#""a\nb""#, "a\nb"), ("7", "7"), (#"{"a":1}"#, #"{"a":1}"#), ("1.50", "1.50"), (#""""#, ""),
    ])
    func keysAreTextWithoutQuotesOrJSON(_ json: String, _ key: String) {
        #expect(RecordKey.bytes(ofJSON: Array(json.utf8)) == Array(key.utf8))
    }

    @Test func aNullKeyIsNoKey() {
        #expect(RecordKey.bytes(ofJSON: Array("null".utf8)) == nil)
    }

    @Test func theWallClockCountsFrom1970() {
        let seconds = Date().timeIntervalSince1970
        #expect(abs(Double(Timestamp.wallClock().rawValue) / 1000 - seconds) < 60)
    }
}
