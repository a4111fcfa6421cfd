import Delivery
import Testing

@Suite struct VerdictTests {
    private func judge(_ result: SinkResult, attempt: Int = 1, elapsed: Duration = .zero) throws -> Verdict {
        var random = SeededGenerator(seed: 1)
        let schedule = try RetrySchedule(
            attempts: 3,
            initial: .seconds(1),
            max: .seconds(1),
            jitter: .none,
            within: .seconds(60)
        )
        return Verdict.judge(result, attempt: attempt, elapsed: elapsed, schedule: schedule, using: &random)
    }

    @Test func everySinkResultHasItsVerdict() throws {
        #expect(try judge(.delivered) == .settle)
        #expect(try judge(.retry(.timeout)) == .retry(after: .seconds(1)))
        #expect(try judge(.retry(.rateLimit, after: .seconds(9))) == .retry(after: .seconds(9)))
        #expect(try judge(.reject(.schema, detail: "no /id")) == .deadLetter(.schema, detail: "no /id"))
        #expect(try judge(.pause(.credentials, detail: "401")) == .pause(.credentials, detail: "401"))
        #expect(try judge(.fatal(detail: "disk full")) == .stop(detail: "disk full"))
    }

    @Test func anExhaustedRetrySaysWhatFailedLast() throws {
        let failed = SinkResult.retry(.target5xx, detail: "HTTP 503")
        #expect(
            try judge(failed, attempt: 3)
                == .deadLetter(.target5xx, detail: "given up after 3 attempts; last failure target_5xx: HTTP 503")
        )
        #expect(
            try judge(failed, attempt: 1, elapsed: .seconds(60))
                == .deadLetter(.expired, detail: "given up after 1 attempt; last failure target_5xx: HTTP 503")
        )
    }

    @Test func aPauseIsNotAnAttemptHoweverManyThereWere() throws {
        #expect(
            try judge(.pause(.credentials, detail: ""), attempt: 99, elapsed: .seconds(9999))
                == .pause(.credentials, detail: "")
        )
    }

    @Test(arguments: [
        (200, "delivered"), (204, "delivered"), (299, "delivered"), (301, "reject target_4xx"),
        (304, "reject target_4xx"), (400, "reject target_4xx"), (401, "pause credentials"),
        (403, "reject permission"), (404, "reject target_4xx"), (407, "pause credentials"), (408, "retry timeout"),
        (409, "reject target_4xx"), (410, "reject target_4xx"), (413, "reject too_large"),
        (422, "reject target_4xx"), (425, "retry target_4xx"), (429, "retry rate_limit"), (500, "retry target_5xx"),
        (502, "retry target_5xx"), (503, "retry target_5xx"), (504, "retry timeout"), (599, "retry target_5xx"),
        (100, "reject unknown"), (600, "reject unknown"), (0, "reject unknown"), (-1, "reject unknown"),
    ])
    func classifiesAStatus(status: Int, expected: String) {
        let said =
            switch HTTPDisposition.classify(status: status) {
            case .delivered: "delivered"
            case .retry(let reason, _, _): "retry \(reason.rawValue)"
            case .reject(let reason, _): "reject \(reason.rawValue)"
            case .pause(let reason, _): "pause \(reason.rawValue)"
            case .fatal: "fatal"
            }
        #expect(said == expected)
    }

    @Test func retryAfterIsPassedOnAndMakesA403ARateLimit() {
        for status in [403, 429] {
            #expect(
                HTTPDisposition.classify(status: status, retryAfter: .seconds(3))
                    == .retry(.rateLimit, after: .seconds(3), detail: "HTTP \(status)")
            )
        }
        #expect(
            HTTPDisposition.classify(status: 503, retryAfter: .seconds(3))
                == .retry(.target5xx, after: .seconds(3), detail: "HTTP 503")
        )
    }

    @Test func aConflictMeansWhatTheTargetMeansByIt() {
        #expect(HTTPDisposition.classify(status: 409, conflict: .alreadyDelivered) == .delivered)
        #expect(
            HTTPDisposition.classify(status: 409, conflict: .inProgress) == .retry(.target4xx, detail: "HTTP 409")
        )
    }
}
