import Log
import Testing

@testable import Connectors

@Suite(.timeLimit(.minutes(1)))
struct MirrorPositionsTests {
    @Test func placesAreNamedWithTheirClusterOnlyWhereAMirrorHasWritten() async throws {
        let log = InMemoryLog(.init(clusterID: "mine"))
        let logs = LogAccess(own: log) { _, _ in log }
        #expect(try await logs.scopeOfPlaces() == nil, "there are no positions at all")

        try await log.createTopics([TopicSpecification("busbar.offsets", partitions: 1)])
        try await store(#"{"inode":7,"offset":100}"#, of: #"["from-file","in.ndjson"]"#, in: log)
        #expect(try await logs.scopeOfPlaces() == nil, "a file's position is none of a mirror")

        let position = MirrorPosition(cluster: "other", next: 12)
        try await store(String(decoding: position.bytes, as: UTF8.self), of: #"["mirror","t/0"]"#, in: log)
        #expect(try await logs.scopeOfPlaces() == "mine")
    }

    private func store(_ position: String, of key: String, in log: InMemoryLog) async throws {
        var batch = ProduceBatch()
        batch.append(topic: "busbar.offsets", key: Array(key.utf8), value: Array(position.utf8))
        let producer = try await log.producer(ProducerConfiguration())
        for case .failed(let error) in try await producer.send(batch) { throw error }
        await producer.close(within: .zero)
    }
}
