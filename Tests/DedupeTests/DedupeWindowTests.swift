import Testing

@testable import Dedupe

@Suite struct DedupeWindowTests {
    @Test(arguments: [Duration.milliseconds(1), .milliseconds(3), .seconds(604_800), .seconds(86400 * 365 * 30)])
    func anExpiredGenerationHoldsNothingLive(length: Duration) throws {
        let window = try DedupeWindow(length)
        for generation in [Int64(0), 1, 2, 1000] {
            let youngest = window.start(of: generation + 1) - 1
            #expect(window.generation(of: window.start(of: generation)) == generation)
            #expect(window.generation(of: youngest) == generation)
            let lastLive = youngest + window.milliseconds - 1
            #expect(window.isLive(youngest, at: lastLive) && !window.isExpired(generation: generation, at: lastLive))
            #expect(window.isExpired(generation: generation, at: lastLive + 1))
            #expect(window.span - 1 <= Int64(UInt32.max))
        }
    }

    @Test func theEdgeIsOutside() throws {
        let window = try DedupeWindow(.milliseconds(100))
        #expect(window.isLive(1000, at: 1099))
        #expect(!window.isLive(1000, at: 1100))
        #expect(window.isLive(1080, at: 1050), "earlier in the log, though later by its timestamp")
        #expect(!window.isLive(KeySet.never, at: 0))
    }

    @Test(arguments: [Duration.zero, .microseconds(999), .milliseconds(-5), .seconds(1 << 41)])
    func refusesLengthsOutOfRange(length: Duration) {
        let error = #expect(throws: DedupeError.self) { try DedupeWindow(length) }
        #expect(error?.code == .configuration)
    }

    @Test func absurdTimestampsAreClamped() {
        #expect(DedupeWindow.clamp(-1) == 0)
        #expect(DedupeWindow.clamp(.max) == 1 << 52)
        #expect(DedupeWindow.clamp(1_700_000_000_000) == 1_700_000_000_000)
    }
}
