import Delivery
import Testing

@Suite struct RetryTests {
    private func schedule(
        attempts: Int = 8,
        jitter: RetrySchedule.Jitter = .none,
        within: Duration = .seconds(600)
    ) throws -> RetrySchedule {
        try RetrySchedule(
            attempts: attempts,
            initial: .milliseconds(200),
            max: .seconds(30),
            jitter: jitter,
            within: within
        )
    }

    @Test func ceilingsAreThoseOfTheTable() {
        let expected = [200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]
        let ceilings = (1...10).map { RetrySchedule.standard.ceiling(afterAttempt: $0) }
        #expect(ceilings == expected.map { .milliseconds($0) })
        #expect(RetrySchedule.standard.ceiling(afterAttempt: .max) == .seconds(30))
    }

    @Test(arguments: Seed.all)
    func fullJitterIsEvenBelowItsCeiling(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let schedule = try schedule(jitter: .full)
        for attempt in 1...7 {
            let ceiling = schedule.ceiling(afterAttempt: attempt)
            var sum = Duration.zero
            for _ in 0..<4000 {
                let decision = schedule.decide(
                    afterAttempt: attempt,
                    reason: .timeout,
                    elapsed: .zero,
                    using: &random
                )
                guard case .retry(let wait) = decision, wait >= .zero, wait <= ceiling else {
                    Issue.record("\(decision) with ceiling \(ceiling), seed \(seed)")
                    return
                }
                sum += wait
            }
            // The mean of 4000 even draws has a standard deviation of 0.0046 ceilings: 0.03 is six of them.
            #expect(abs(sum / 4000 / ceiling - 0.5) < 0.03, "attempt \(attempt), seed \(seed)")
        }
    }

    @Test func oneSeedGivesOneSequence() throws {
        let schedule = try schedule(jitter: .full)
        let runs = (0..<2).map { _ in
            var random = SeededGenerator(seed: 42)
            return (1...7).map {
                schedule.decide(afterAttempt: $0, reason: .timeout, elapsed: .zero, using: &random)
            }
        }
        #expect(runs[0] == runs[1])
    }

    /// A row of the rules: what was asked and what must follow, with waits of 200 ms after the first attempt.
    struct Rule: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var attempt = 1
        var retryAfter: Duration?
        var elapsed = Duration.zero
        let expected: RetrySchedule.Decision
    }

    @Test(arguments: [
        Rule(testDescription: "our own wait", expected: .retry(after: .milliseconds(200))),
        Rule(
            testDescription: "Retry-After is a floor",
            retryAfter: .seconds(7),
            expected: .retry(after: .seconds(7))
        ),
        Rule(
            testDescription: "a short Retry-After does not shorten our wait",
            retryAfter: .milliseconds(1),
            expected: .retry(after: .milliseconds(200))
        ),
        Rule(
            testDescription: "used-up attempts keep the failure's reason",
            attempt: 8,
            expected: .giveUp(.target5xx)
        ),
        Rule(
            testDescription: "the deadline shortens our wait to one last attempt",
            elapsed: .milliseconds(599_900),
            expected: .retry(after: .milliseconds(100))
        ),
        Rule(testDescription: "past the deadline", elapsed: .seconds(600), expected: .giveUp(.expired)),
        Rule(
            testDescription: "a Retry-After past the deadline ends it now",
            retryAfter: .seconds(601),
            expected: .giveUp(.expired)
        ),
        Rule(
            testDescription: "a Retry-After up to the deadline is waited for",
            retryAfter: .seconds(600),
            expected: .retry(after: .seconds(600))
        ),
        Rule(
            testDescription: "a negative Retry-After is none",
            retryAfter: .seconds(-5),
            expected: .retry(after: .milliseconds(200))
        ),
    ])
    func decides(rule: Rule) throws {
        var random = SeededGenerator(seed: 1)
        let decision = try schedule().decide(
            afterAttempt: rule.attempt,
            reason: .target5xx,
            retryAfter: rule.retryAfter,
            elapsed: rule.elapsed,
            using: &random
        )
        #expect(decision == rule.expected)
    }

    @Test func settingsOutOfRangeAreNamedWithTheirValue() {
        let error = #expect(throws: DeliveryError.self) {
            try RetrySchedule(attempts: 0, initial: .seconds(1), max: .seconds(1), within: .seconds(1))
        }
        #expect(error?.description == "invalid_setting at attempts: attempts is 0; it must be 1 to 1000.")
        #expect(throws: DeliveryError.self) {
            try RetrySchedule(attempts: 1, initial: .seconds(2), max: .seconds(1), within: .seconds(1))
        }
    }

    @Test(
        arguments: [
            ("120", Duration.seconds(120)), ("0", .zero), (" 5 ", .seconds(5)),
            ("99999999999999999999", .seconds(999_999_999)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", .seconds(37)), ("Sun, 06 Nov 1994 08:00:00 GMT", .zero),
            ("Tue, 29 Feb 2000 00:00:00 GMT", .seconds(951_782_400 - 784_111_740)),
            ("-1", nil), ("1.5", nil), ("soon", nil), ("", nil), ("Sun, 06 Nov 1994", nil), ("١", nil),
            ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("Sun, 6 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 06 Xxx 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 25:49:37 GMT", nil),
        ] as [(String, Duration?)]
    )
    func readsRetryAfter(value: String, expected: Duration?) {
        // 1994-11-06T08:49:00Z
        #expect(RetryAfter.parse(value, now: 784_111_740) == expected)
    }
}
