import Delivery
import Foundation
import TestFiles
import Testing

/// A series of requests and the answers that the algorithm must give.
private struct Vector: Decodable {
    struct Event: Decodable {
        let t: Double
        let allow: Bool
        let remaining: Int
        let retry_after: Double
    }

    let rate: Int
    let period: Double
    let burst: Int
    let events: [Event]
}

@Suite struct RateLimiterTests {
    private static let vectors = "data/security/gcra_vectors.json"

    /// Vectors carry decimal seconds; to the microsecond they are exact.
    private func duration(_ seconds: Double) -> Duration {
        .microseconds(Int64((seconds * 1_000_000).rounded()))
    }

    @Test(.enabled(if: SharedFiles.present(vectors) != nil, "the vectors lie beside the repository; set BUSBAR_SHARED"))
    func answersAsTheVectorsSay() throws {
        let series = try JSONDecoder().decode([Vector].self, from: Data(contentsOf: SharedFiles.url(Self.vectors)))
        #expect(!series.isEmpty)
        for (number, vector) in series.enumerated() {
            var limiter = try RateLimiter(rate: vector.rate, per: duration(vector.period), burst: vector.burst)
            for event in vector.events {
                let decision = limiter.acquire(at: Instant(sinceEpoch: duration(event.t)))
                switch decision {
                case .allowed(let remaining):
                    #expect(event.allow && remaining == event.remaining, "series \(number) at \(event.t)")
                case .wait(let wait):
                    let difference = abs((wait - duration(event.retry_after)) / .milliseconds(1))
                    #expect(!event.allow && difference < 0.001, "series \(number) at \(event.t): \(wait)")
                }
            }
        }
    }

    /// The model keeps the times of all requests let through: never more than `burst + rate * t` in any `t`.
    @Test(arguments: Seed.all)
    func neverLetsMoreThroughThanBurstAndRate(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (rate, burst) = (random.int(1...50), random.int(1...20))
        var limiter = try RateLimiter(rate: rate, burst: burst)
        var passed: [Instant] = []
        var now = Instant.epoch
        for step in 0..<20_000 {
            now = now.advanced(by: .microseconds(random.int(0...40_000)))
            let count = random.chance(20) ? random.int(1...burst) : 1
            switch limiter.acquire(count, at: now) {
            case .allowed: passed += Array(repeating: now, count: count)
            case .wait(let wait):
                var early = limiter
                let before = early.acquire(count, at: now.advanced(by: wait - .nanoseconds(1)))
                let after = limiter.acquire(count, at: now.advanced(by: wait))
                guard case .wait = before, case .allowed = after else {
                    throw Disagreement("the wait \(wait) is not the shortest that helps", step: step, seed: seed)
                }
                now = now.advanced(by: wait)
                passed += Array(repeating: now, count: count)
            }
        }
        for width in [1, burst, burst + 1, 10 * burst] where passed.count > width {
            for first in stride(from: 0, to: passed.count - width, by: 5) {
                let span = passed[first].duration(to: passed[first + width])
                let allowed = Double(burst) + span / .seconds(1) * Double(rate) + 1e-6
                try Disagreement.unless(
                    Double(width + 1) <= allowed,
                    "\(width + 1) in \(span)",
                    step: first,
                    seed: seed
                )
            }
        }
    }

    @Test func aHoldIsKeptAndGivesNoBurstAfterwards() throws {
        var limiter = try RateLimiter(rate: 10, burst: 5)
        let until = Instant.epoch.advanced(by: .seconds(3))
        limiter.hold(until: until)
        let before = limiter.acquire(at: .epoch)
        #expect(before == .wait(.seconds(3)))
        let first = limiter.acquire(at: until)
        #expect(first == .allowed(remaining: 0))
        let second = limiter.acquire(at: until)
        #expect(second == .wait(.milliseconds(100)))
    }

    @Test func settingsOutOfRangeAreRefused() {
        #expect(throws: DeliveryError.self) { try RateLimiter(rate: 0) }
        #expect(throws: DeliveryError.self) { try RateLimiter(rate: 1, per: .zero) }
        #expect(throws: DeliveryError.self) { try RateLimiter(rate: 1, burst: 0) }
    }
}
