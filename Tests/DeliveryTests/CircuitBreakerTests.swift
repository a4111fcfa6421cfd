import Delivery
import Testing

@Suite struct CircuitBreakerTests {
    private let start = Instant.epoch

    private func policy(consecutive: Int = 3, probes: Int = 2) throws -> CircuitBreakerPolicy {
        try CircuitBreakerPolicy(
            consecutiveFailures: consecutive,
            failureRate: 0.5,
            window: 10,
            minimumCalls: 4,
            openTime: .seconds(1),
            maximumOpenTime: .seconds(5),
            probes: probes
        )
    }

    private func permit(_ breaker: inout CircuitBreaker, at now: Instant) throws -> CircuitBreaker.Permit {
        guard case .go(let permit) = breaker.onCall(at: now) else {
            throw Disagreement("no call at \(now.sinceEpoch)", step: 0, seed: 0)
        }
        return permit
    }

    /// Fails until the breaker opens; gives the moment it may be probed.
    private func open(_ breaker: inout CircuitBreaker, at now: Instant) throws -> Instant {
        while true {
            let permit = try permit(&breaker, at: now)
            if case .open(let until) = breaker.onFailure(permit, at: now) { return until }
        }
    }

    @Test func opensAfterFailuresInARowAndNotBefore() throws {
        var breaker = CircuitBreaker(try policy())
        for _ in 0..<2 {
            for failure in [true, true] + Array(repeating: false, count: 6) {
                let permit = try permit(&breaker, at: start)
                let change = failure ? breaker.onFailure(permit, at: start) : breaker.onSuccess(permit)
                #expect(change == nil)
            }
        }
        let until = try open(&breaker, at: start)
        #expect(until == start.advanced(by: .seconds(1)))
        let asked = breaker.onCall(at: start)
        #expect(asked == .wait(until: until))
    }

    @Test func opensOnTheFailureRateOfEnoughCalls() throws {
        var breaker = CircuitBreaker(try policy(consecutive: 100))
        var changes: [Bool] = []
        for failure in [true, false, true, false] {
            let permit = try permit(&breaker, at: start)
            let change = failure ? breaker.onFailure(permit, at: start) : breaker.onSuccess(permit)
            changes.append(change != nil)
        }
        #expect(changes == [false, false, false, false], "a success does not open")
        let permit = try permit(&breaker, at: start)
        let change = breaker.onFailure(permit, at: start)
        #expect(change == .open(until: start.advanced(by: .seconds(1))))
    }

    @Test func openTimeDoublesWithFailedProbesAndStartsOverOnceClosed() throws {
        var breaker = CircuitBreaker(try policy(probes: 1))
        var now = try open(&breaker, at: start)
        for seconds in [2, 4, 5, 5] {
            let probe = try permit(&breaker, at: now)
            let change = breaker.onFailure(probe, at: now)
            #expect(change == .open(until: now.advanced(by: .seconds(seconds))))
            now = now.advanced(by: .seconds(seconds))
        }
        let probe = try permit(&breaker, at: now)
        let closed = breaker.onSuccess(probe)
        #expect(closed == .closed)
        let until = try open(&breaker, at: now)
        #expect(until == now.advanced(by: .seconds(1)))
    }

    @Test func aLongerRetryAfterExtendsTheOpenTime() throws {
        var breaker = CircuitBreaker(try policy(consecutive: 1))
        let permit = try permit(&breaker, at: start)
        let change = breaker.onFailure(permit, at: start, retryAfter: .seconds(90))
        #expect(change == .open(until: start.advanced(by: .seconds(90))))
    }

    @Test func probesAreBoundedAndAnIndifferentAnswerMakesRoom() throws {
        var breaker = CircuitBreaker(try policy(probes: 2))
        let now = try open(&breaker, at: start)
        let first = try permit(&breaker, at: now)
        let second = try permit(&breaker, at: now)
        let third = breaker.onCall(at: now)
        #expect(third == .waitForProbe)
        breaker.onIndifference(first)
        let again = try permit(&breaker, at: now)
        let one = breaker.onSuccess(second)
        #expect(one == nil)
        let two = breaker.onSuccess(again)
        #expect(two == .closed)
    }

    @Test func resultsOfCallsFromBeforeTheOpeningAreIgnored() throws {
        var breaker = CircuitBreaker(try policy(probes: 1))
        let late = try permit(&breaker, at: start)
        let now = try open(&breaker, at: start)
        let probe = try permit(&breaker, at: now)
        let ignored = breaker.onSuccess(late)
        #expect(ignored == nil)
        #expect(breaker.state == .halfOpen)
        let closed = breaker.onSuccess(probe)
        #expect(closed == .closed)
    }

    @Test func standardValuesAreAcceptedByTheirOwnChecks() throws {
        #expect(try CircuitBreakerPolicy() == .standard)
        #expect(throws: DeliveryError.self) { try CircuitBreakerPolicy(failureRate: 0) }
        #expect(throws: DeliveryError.self) { try CircuitBreakerPolicy(window: 10, minimumCalls: 11) }
    }

    /// The model of the closed breaker is the plain list of its results since it was closed.
    @Test(arguments: Seed.all)
    func agreesWithAListOfResults(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var breaker = CircuitBreaker(try policy(consecutive: 4, probes: 2))
        var (results, now, openings, good, opened) = ([Bool](), start, 0, 0, 0)
        for step in 0..<20_000 {
            now = now.advanced(by: .milliseconds(random.int(0...400)))
            let state = breaker.state
            guard case .go(let permit) = breaker.onCall(at: now) else {
                guard case .open(let until) = state, now < until else {
                    throw Disagreement("refused in \(state)", step: step, seed: seed)
                }
                continue
            }
            let isProbe = breaker.state == .halfOpen
            let failed = random.chance(35)
            let change = failed ? breaker.onFailure(permit, at: now) : breaker.onSuccess(permit)
            var expected: CircuitBreaker.State?
            if isProbe {
                good = failed ? 0 : good + 1
                if good == 2 { expected = .closed }
            } else {
                results.append(failed)
            }
            let recent = results.suffix(10)
            let inARow = results.count >= 4 && results.suffix(4).allSatisfy { $0 }
            let tooMany = recent.count >= 4 && recent.count(where: { $0 }) * 2 >= recent.count
            if failed, isProbe || inARow || tooMany {
                openings += 1
                opened += 1
                expected = .open(until: now.advanced(by: .seconds(min(5, 1 << min(openings - 1, 5)))))
            }
            try Disagreement.unless(change == expected, "\(String(describing: change))", step: step, seed: seed)
            if expected != nil { (results, good) = ([], 0) }
            if expected == .closed { openings = 0 }
        }
        #expect(opened > 50, "the run was vacuous; seed \(seed)")
    }
}
