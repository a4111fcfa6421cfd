import Kafka
import KafkaTesting
import LocalStack
import TestKit

/// Runs `body` with a broker of its own.
func withBroker(_ body: (KafkaFixture) async throws -> Void) async throws {
    try await InProcessBroker.with { try await body(KafkaFixture(client: $0.client)) }
}

/// Runs `body` with a broker that is a process and can be killed.
func withBrokerProcess(_ body: (KafkaFixture, LocalBroker) async throws -> Void) async throws {
    try await LocalBroker.with { try await body(KafkaFixture(client: $0.client), $0) }
}
