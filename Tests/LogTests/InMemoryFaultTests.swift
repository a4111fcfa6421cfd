import Log
import LogTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct InMemoryFaultTests {
    private let log = InMemoryLog()
    private let unreachable = LogError(.unreachable, name: "_TRANSPORT", message: "gone", isRetriable: true)

    @Test func failsTheNextSendsAndNoMore() async throws {
        log.failNext(.send, with: unreachable, times: 2)
        let producer = try await log.producer(ProducerConfiguration())
        for _ in 0..<2 {
            #expect(try await producer.send(ProduceBatch(["a"], to: "t")) == [.failed(unreachable)])
        }
        let results = try await producer.send(ProduceBatch(["a"], to: "t"))
        #expect(results.map(\.acknowledgement?.offset) == [0])
        #expect(log.records(in: "t").count == 1)
    }

    @Test func failsRecordsToOneTopicOnly() async throws {
        log.failSends(to: "dlq", with: unreachable)
        let producer = try await log.producer(ProducerConfiguration())
        var batch = ProduceBatch(["bad"], to: "dlq")
        batch.append(contentsOf: ProduceBatch(["good"], to: "out"))
        let results = try await producer.send(batch)
        #expect(results[0] == .failed(unreachable) && results[1].acknowledgement?.offset == 0)
        log.clearFaults()
        #expect(try await producer.send(ProduceBatch(["b"], to: "dlq"))[0].acknowledgement?.offset == 0)
    }

    @Test func aFatalSendErrorEndsTheProducer() async throws {
        let fatal = LogError(.authentication, name: "_AUTHENTICATION", message: "no", isFatal: true)
        log.failNext(.send, with: fatal)
        let producer = try await log.producer(ProducerConfiguration())
        for _ in 0..<2 {
            await #expect(throws: fatal) { try await producer.send(ProduceBatch(["a"], to: "t")) }
        }
    }

    @Test func aFailedRecordCostsItsTransaction() async throws {
        log.failSends(to: "t", with: unreachable, times: 1)
        let producer = try await log.producer(ProducerConfiguration(transactionalID: "x"))
        try await producer.beginTransaction()
        _ = try await producer.send(ProduceBatch(["lost", "written"], to: "t"))
        let error = await #expect(throws: TransactionError.self) { try await producer.commitTransaction() }
        guard case .abortable(unreachable) = error else { return #expect(Bool(false), "\(String(describing: error))") }
        try await producer.abortTransaction()
        try await producer.beginTransaction()
        _ = try await producer.send(ProduceBatch(["second"], to: "t"))
        try await producer.commitTransaction()
        #expect(log.records(in: "t").map(\.offset) == [2])
        #expect(log.records(in: TopicPartition("t", 0), committedOnly: false).count == 2)
    }

    @Test func failsCommitAndFetch() async throws {
        try await log.createTopics([TopicSpecification("t", partitions: 1)])
        let member = GroupMemberDriver(try await log.consumer(ConsumerConfiguration(group: "g", topics: ["t"])))
        try await member.step()
        log.failNext(.commit, with: unreachable)
        log.failNext(.fetch, with: unreachable)
        let offsets = [TopicPartition("t", 0): CommittedOffset(0)]
        await #expect(throws: unreachable) { try await member.consumer.commit(offsets) }
        await #expect(throws: unreachable) { try await member.step() }
        try await member.consumer.commit(offsets)
        #expect(log.committedOffsets(of: "g") == offsets)
    }

    @Test func heldAcknowledgementsWaitForTheGate() async throws {
        log.holdAcknowledgements(of: "t")
        let producer = try await log.producer(ProducerConfiguration())
        async let results = producer.send(ProduceBatch(["a"], to: "t"))
        while log.unacknowledgedRecords == 0 { await Task.yield() }
        #expect(log.records(in: "t").count == 1, "the record is written before it is acknowledged")
        log.releaseAcknowledgements(of: "t")
        #expect(try await results.map(\.acknowledgement?.offset) == [0])
        #expect(log.unacknowledgedRecords == 0)
    }

    @Test func closingFailsWhatIsStillUnacknowledged() async throws {
        log.holdAcknowledgements()
        let producer = try await log.producer(ProducerConfiguration())
        async let results = producer.send(ProduceBatch(["a"], to: "t"))
        while log.unacknowledgedRecords == 0 { await Task.yield() }
        await producer.close(within: .zero)
        guard case .failed(let error) = try await results[0] else { return #expect(Bool(false), "acknowledged") }
        #expect(error.code == .timedOut)
    }

    @Test func aFullQueueHoldsSendsBack() async throws {
        let producer = try await log.producer(ProducerConfiguration())
        log.forceQueueFull(true)
        #expect(producer.queueIsFull)
        async let results = producer.send(ProduceBatch(["a"], to: "t"))
        await Task.yield()
        #expect(log.records(in: "t").isEmpty)
        log.forceQueueFull(false)
        #expect(try await results.count == 1)
        #expect(!producer.queueIsFull)
    }

    @Test func refusesRecordsOverTheTopicsLimit() async throws {
        let settings = ["max.message.bytes": "10"]
        try await log.createTopics([TopicSpecification("t", partitions: 1, settings: settings)])
        let producer = try await log.producer(ProducerConfiguration())
        let results = try await producer.send(ProduceBatch(["0123456789", "01234567890"], to: "t"))
        guard case .acknowledged = results[0], case .failed(let error) = results[1] else {
            return #expect(Bool(false), "\(results)")
        }
        #expect(error.code == .tooLarge)
    }

    @Test func refusesUnknownTopicsWithoutAutoCreate() async throws {
        let log = InMemoryLog(.init(autoCreatePartitions: nil))
        let producer = try await log.producer(ProducerConfiguration())
        guard case .failed(let error) = try await producer.send(ProduceBatch(["a"], to: "t"))[0] else {
            return #expect(Bool(false), "acknowledged")
        }
        #expect(error.code == .unknownTopicOrPartition)
        await #expect(throws: LogError.self) {
            try await log.createTopics([TopicSpecification("not a name", partitions: 1)])
        }
        await #expect(throws: LogError.self) { try await log.createTopics([TopicSpecification("t", partitions: 0)]) }
    }

    @Test func keylessRecordsGoRound() async throws {
        try await log.createTopics([TopicSpecification("t", partitions: 3)])
        let producer = try await log.producer(ProducerConfiguration())
        _ = try await producer.send(ProduceBatch((0..<6).map(String.init), to: "t"))
        #expect((0..<3).map { log.records(in: TopicPartition("t", PartitionID(rawValue: $0))).count } == [2, 2, 2])
    }
}
