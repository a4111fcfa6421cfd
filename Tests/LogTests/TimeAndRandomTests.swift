import LogTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct TimeAndRandomTests {
    @Test func sleepersWakeWhenTheirTimeHasCome() async throws {
        let clock = ManualClock()
        async let short: Void = clock.sleep(for: .seconds(1))
        async let long: Void = clock.sleep(for: .seconds(2))
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(1))
        try await short
        clock.advance(by: .seconds(1))
        try await long
        #expect(clock.now.sinceStart == .seconds(2))
        try await clock.sleep(until: clock.now)
    }

    @Test func aCancelledSleeperThrows() async throws {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(for: .seconds(1)) }
        await clock.waitForSleepers(1)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }

    /// The first outputs of the reference implementation for seed 1234567.
    @Test func splitMixGivesTheReferenceSequence() {
        var random = SeededRandom(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
        #expect(random.next() == 9_817_491_932_198_370_423)
    }

    @Test func theFailingSeedIsNamed() async throws {
        struct Odd: Error {}
        let failure = await #expect(throws: SeedFailure.self) {
            try await withSeeds(4..<9) { random in
                if random.seed == 6 { throw Odd() }
            }
        }
        #expect(failure?.seed == 6)
    }
}
