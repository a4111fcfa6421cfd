import Kafka
import KafkaTesting
import Log
import TestKit
import Testing

@Suite(.timeLimit(.minutes(2))) struct AdminOffsetTests {
    private let place = TopicPartition("t", 0)

    /// Ten records at 1,000 s, 1,001 s, …
    private func withRecords(_ body: (Admin) async throws -> Void) async throws {
        try await withAdmin { admin, fixture in
            _ = try await admin.createTopics([TopicSpecification("t", partitions: 2)])
            let producer = try await fixture.producer()
            var batch = ProduceBatch()
            for number in 0..<10 {
                let time = Timestamp(milliseconds: 1_000_000 + Int64(number) * 1000)
                batch.append(topic: "t", partition: 0, key: nil, value: [1], timestamp: time)
            }
            for case .failed(let error) in try await producer.send(batch) { throw error }
            await producer.close(within: .seconds(2))
            try await body(admin)
        }
    }

    private func offset(_ admin: Admin, _ specification: OffsetSpecification) async throws -> Offset? {
        try await admin.listOffsets([place: specification])[place]?.get().offset
    }

    @Test func endsAndTimesAreFound() async throws {
        try await withRecords { admin in
            let first = try await offset(admin, .earliest)
            #expect(first == 0)
            #expect(try await offset(admin, .latest) == 10)
            #expect(try await offset(admin, .at(Timestamp(milliseconds: 1_004_500))) == 5)
            #expect(try await offset(admin, .at(Timestamp(milliseconds: -1))) == 0, "not the number for the end")
            #expect(try await offset(admin, .at(Timestamp(milliseconds: 9_000_000))) == nil)
        }
    }

    @Test func eachPartitionHasItsOwnResult() async throws {
        try await withRecords { admin in
            let missing = TopicPartition("missing", 0)
            let beyond = TopicPartition("t", 7)
            let clock = ContinuousClock.now
            let result = try await admin.listOffsets([
                place: .latest, TopicPartition("t", 1): .latest, missing: .latest, beyond: .earliest,
            ])
            #expect(ContinuousClock.now - clock < .seconds(5), "nobody waits for what does not exist")
            #expect(result.successes().mapValues(\.offset) == [place: 10, TopicPartition("t", 1): 0])
            #expect(
                result.failures().mapValues(\.code) == [
                    missing: .unknownTopicOrPartition, beyond: .unknownTopicOrPartition,
                ]
            )
            #expect(result.failures()[beyond]?.message.contains("t/7") == true)
        }
    }

    @Test func theHighestTimestampIsFoundOrRefused() async throws {
        try await withRecords { admin in
            let result = try await admin.listOffsets([place: .maxTimestamp])
            switch try #require(result[place]) {
            case .success(let found):
                #expect(found.offset == 9 && found.timestamp == Timestamp(milliseconds: 1_009_000))
            case .failure(let error): #expect(error.name == "_UNSUPPORTED_FEATURE" && error.message.contains("t/0"))
            }
        }
    }

    @Test func aThousandPartitionsAreOneCall() async throws {
        try await withAdmin { admin, fixture in
            _ = try await admin.createTopics([TopicSpecification("wide", partitions: 1000)])
            var wanted: [TopicPartition: OffsetSpecification] = [:]
            for number in 0..<1000 {
                wanted[TopicPartition("wide", PartitionID(rawValue: Int32(number)))] = .latest
            }
            let result = try await admin.listOffsets(wanted)
            #expect(result.successes().count == 1000 && result.successes().values.allSatisfy { $0.offset == 0 })
        }
    }

    @Test func recordsAreDeletedPerPartition() async throws {
        try await withRecords { admin in
            let empty = TopicPartition("t", 1)
            let missing = TopicPartition("missing", 0)
            let result = try await admin.deleteRecords([place: .before(4), empty: .before(99), missing: .end])
            #expect(result.count == 3)
            #expect(result.successes() == [place: 4])
            #expect(result.failures()[empty]?.code == .offsetOutOfRange, "\(result)")
            #expect(result.failures()[missing]?.code == .unknownTopicOrPartition, "\(result)")
            #expect(try await offset(admin, .earliest) == 4)
            #expect(try await admin.deleteRecords([place: .end]).successes() == [place: 10])
            #expect(try await offset(admin, .earliest) == 10)
            #expect(try await admin.deleteRecords([place: .before(-3)]).failures()[place]?.code == .configuration)
        }
    }
}
