import Kafka
import KafkaTesting
import LocalStack
import Log
import LogTesting
import TestKit
import Testing

/// Every claim of the seam against librdkafka and a real broker.
@Suite(.serialized) struct KafkaLogConformanceTests {
    @Test(.timeLimit(.minutes(2)), arguments: LogConformance.cases())
    func conforms(_ claim: LogConformance.Case) async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await claim.run(LogConformance(log, limit: .seconds(40)))
        }
    }
}
