import Testing

@testable import Kafka

@Suite struct LogRepeatsTests {
    private let start = ContinuousClock.now

    @Test func aLineThatComesAgainIsHiddenAndCounted() {
        var repeats = LogRepeats()
        #expect(repeats.admit("FAIL", "connect to 127.0.0.1:9092 failed after 3 ms", at: start) == 1)
        for second in 1..<30 {
            let line = "connect to 127.0.0.1:9093 failed after \(second) ms"
            #expect(repeats.admit("FAIL", line, at: start + .seconds(second)) == nil)
        }
        #expect(repeats.admit("FAIL", "connect to 127.0.0.1:9092 failed after 1 ms", at: start + .seconds(30)) == 30)
        #expect(repeats.admit("FAIL", "connect to 127.0.0.1:9092 failed after 1 ms", at: start + .seconds(31)) == nil)
    }

    @Test func otherLinesAndFatalOnesComeThrough() {
        var repeats = LogRepeats()
        #expect(repeats.admit("FAIL", "a", at: start) == 1)
        #expect(repeats.admit("FAIL", "b", at: start) == 1)
        #expect(repeats.admit("ERROR", "a", at: start) == 1)
        for _ in 0..<3 { #expect(repeats.admit("FATAL", "a", at: start) == 1) }
    }

    @Test func whatIsRememberedIsBounded() {
        var repeats = LogRepeats()
        let letters = "abcdefghijklmnopqrstuvwxyz".map(String.init)
        var second = 0
        for first in letters {
            for last in letters {
                #expect(repeats.admit("FAIL", first + last, at: start + .milliseconds(second)) == 1)
                second += 1
            }
        }
        #expect(repeats.admit("FAIL", "aa", at: start + .seconds(1)) == 1, "the oldest was not forgotten")
        #expect(repeats.admit("FAIL", "zz", at: start + .seconds(1)) == nil, "the newest was forgotten")
    }
}
