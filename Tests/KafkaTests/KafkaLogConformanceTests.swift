import Kafka
import LocalStack
import Log
import TestKit
import Testing

/// The claims of the seam against librdkafka and a real broker, but for those that the broker at hand cannot keep:
/// noida-db does not fence a stale generation, and it can leave a member's JoinGroup unanswered for good when the leader
/// joins again at once (seen once in six runs), so two members are driven against the mock cluster instead.
@Suite(
    .serialized,
    .enabled(if: LocalBroker.isInstalled, "noida-db is not installed; run `make setup` or set BUSBAR_NOIDA")
)
struct KafkaLogConformanceTests {
    @Test(
        .timeLimit(.minutes(2)),
        arguments: LogConformance.cases([.producerFencing, .offsetForTime, .readCommitted])
    )
    func conforms(_ claim: LogConformance.Case) async throws {
        try await withLocalBroker { fixture, _ in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await claim.run(LogConformance(log, limit: .seconds(40)))
        }
    }
}
