import Testing

@testable import ConnectorTesting

@Suite(.timeLimit(.minutes(1)))
struct SteppingClockTests {
    @Test func aStepGoesToTheNextDeadlineAndNoFurther() async throws {
        let clock = SteppingClock()
        async let early: Void = clock.sleep(for: .seconds(60))
        async let late: Void = clock.sleep(for: .seconds(3600))
        // Both have begun to wait when the pulse has counted them.
        while clock.pulse < 2 { await Task.yield() }
        while clock.now.sinceStart < .seconds(60) { clock.step() }
        try await early
        #expect(clock.now.sinceStart == .seconds(60))
        while clock.now.sinceStart < .seconds(3600) { clock.step() }
        try await late
    }

    @Test func aCancelledSleepEndsAtOnce() async {
        let clock = SteppingClock()
        let sleep = Task { try await clock.sleep(for: .seconds(60)) }
        sleep.cancel()
        await #expect(throws: CancellationError.self) { try await sleep.value }
        clock.step()
        #expect(clock.now.sinceStart == .zero)
    }
}
