import Telemetry
import Testing

@Suite struct LatencyRecorderTests {
    @Test func anEmptyRecorderIsAllZero() {
        let recorder = LatencyRecorder()
        #expect(recorder.count == 0)
        #expect([recorder.p50, recorder.p99, recorder.maximum, recorder.mean] == Array(repeating: .zero, count: 4))
    }

    @Test func quantilesAreAtMostOneThirtySecondAboveTheTruth() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var state = seed
        var recorder = LatencyRecorder()
        var exact: [Int64] = []
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let nanoseconds = Int64(state >> 20) >> Int64(state >> 8 & 31)
            exact.append(nanoseconds)
            recorder.record(.nanoseconds(nanoseconds))
        }
        exact.sort()
        for quantile in [0.0, 0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1] {
            let rank = max(1, Int((quantile * 20_000).rounded(.up)))
            let truth = Duration.nanoseconds(exact[rank - 1])
            let said = recorder.quantile(quantile)
            let isClose = said >= truth && said <= truth + truth / 32
            #expect(isClose, "\(quantile): \(said) for \(truth), seed \(seed)")
        }
        #expect(recorder.maximum == .nanoseconds(exact[19_999]))
    }

    @Test func smallAndNegativeDurationsAreExact() {
        var recorder = LatencyRecorder()
        for nanoseconds in [-5, 1, 2, 31] { recorder.record(.nanoseconds(nanoseconds)) }
        #expect(recorder.quantile(0.25) == .zero)
        #expect(recorder.quantile(0.5) == .nanoseconds(1))
        #expect(recorder.quantile(1) == .nanoseconds(31))
        #expect(recorder.mean == .nanoseconds(34) / 4)
    }

    @Test func mergingEqualsRecordingTogether() {
        var (left, right, both) = (LatencyRecorder(), LatencyRecorder(), LatencyRecorder())
        for step in 1...1000 {
            let duration = Duration.microseconds(step * step)
            both.record(duration)
            if step % 3 == 0 { left.record(duration) } else { right.record(duration) }
        }
        left.merge(right)
        #expect(left.count == both.count && left.mean == both.mean && left.maximum == both.maximum)
        #expect([left.p50, left.p95, left.p99] == [both.p50, both.p95, both.p99])
    }
}
