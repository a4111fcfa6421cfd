import Log
import LogTesting
import Testing

@Suite struct InMemoryLogConformanceTests {
    @Test(.timeLimit(.minutes(1)), arguments: LogConformance.cases())
    func conforms(_ claim: LogConformance.Case) async throws {
        try await claim.run(LogConformance(InMemoryLog(), limit: .seconds(20)))
    }
}
