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

/// Runs `body` with an admin client of a broker of its own.
func withAdmin(_ body: (Admin, KafkaFixture) async throws -> Void) async throws {
    try await withBroker { fixture in
        let admin = try await Admin.open(client: fixture.client, logger: KafkaFixture.silent)
        do {
            try await body(admin, fixture)
        } catch {
            await admin.close()
            throw error
        }
        await admin.close()
    }
}
