import Log
import LogTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct InMemoryTransactionTests {
    @Test func anOverdueTransactionIsAbortedAndItsProducerFenced() async throws {
        let clock = ManualClock()
        let log = InMemoryLog(.init(clock: clock))
        let configuration = ProducerConfiguration(transactionalID: "x", transactionTimeout: .seconds(10))
        let producer = try await log.producer(configuration)
        try await producer.beginTransaction()
        _ = try await producer.send(ProduceBatch(["late"], to: "t"))
        clock.advance(by: .seconds(10))
        let error = await #expect(throws: TransactionError.self) { try await producer.commitTransaction() }
        guard case .fatal(let cause) = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(cause.code == .fenced && cause.isFatal)
        #expect(log.records(in: "t").isEmpty)
    }

    @Test func theTimeoutOfATransactionReleasesWaitingReaders() async throws {
        let clock = ManualClock()
        let log = InMemoryLog(.init(clock: clock))
        let open = try await log.producer(ProducerConfiguration(transactionalID: "x", transactionTimeout: .seconds(10)))
        try await open.beginTransaction()
        _ = try await open.send(ProduceBatch(["open"], to: "t"))
        let plain = try await log.producer(ProducerConfiguration())
        _ = try await plain.send(ProduceBatch(["behind"], to: "t"))
        let reader = try await log.reader()
        try await reader.assign([TopicPartition("t", 0): 0])
        guard case .end(_, 0) = try await reader.next(wait: .zero) else { return #expect(Bool(false), "no end at 0") }
        async let event = reader.next(wait: .seconds(3600))
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(10))
        log.applyTimeouts()
        guard case .batch(let batch) = try await event else { return #expect(Bool(false), "no batch") }
        #expect(batch.count == 1 && batch[0].offset == 1)
    }

    @Test func assignmentWaitsForOffsetsOfAnOpenTransaction() async throws {
        let clock = ManualClock()
        let log = InMemoryLog(.init(clock: clock))
        let partition = TopicPartition("t", 0)
        let plain = try await log.producer(ProducerConfiguration())
        _ = try await plain.send(ProduceBatch(["0", "1", "2"], to: "t"))
        let first = GroupMemberDriver(try await log.consumer(ConsumerConfiguration(group: "g", topics: ["t"])))
        try await first.step(wait: .zero)
        let producer = try await log.producer(ProducerConfiguration(transactionalID: "x"))
        try await producer.beginTransaction()
        let metadata = try await first.consumer.groupMetadata()
        try await producer.sendOffsets([partition: CommittedOffset(2)], of: metadata)
        await first.consumer.close()

        let second = try await log.consumer(ConsumerConfiguration(group: "g", topics: ["t"]))
        guard case .rebalance(let assignment) = try await second.next(wait: .zero) else {
            return #expect(Bool(false), "no assignment")
        }
        async let answer = second.complete(assignment, from: [:])
        await clock.waitForSleepers(1)
        try await producer.commitTransaction()
        #expect(try await answer)
        guard case .batch(let batch) = try await second.next(wait: .zero) else {
            return #expect(Bool(false), "no batch")
        }
        #expect(batch.count == 1 && batch[0].offset == 2)
    }

    @Test func transactionCallsInTheWrongOrderAreRefused() async throws {
        let log = InMemoryLog()
        let plain = try await log.producer(ProducerConfiguration())
        let error = await #expect(throws: TransactionError.self) { try await plain.beginTransaction() }
        #expect(error?.cause.code == .configuration)
        let producer = try await log.producer(ProducerConfiguration(transactionalID: "x"))
        await #expect(throws: TransactionError.self) { try await producer.commitTransaction() }
        await #expect(throws: TransactionError.self) { try await producer.abortTransaction() }
        guard case .failed(let refusal) = try await producer.send(ProduceBatch(["a"], to: "t"))[0] else {
            return #expect(Bool(false), "sent outside a transaction")
        }
        #expect(refusal.name == "_STATE")
        try await producer.beginTransaction()
        await #expect(throws: TransactionError.self) { try await producer.beginTransaction() }
    }

    /// Random transactions against a list of what each committed; readers must see exactly that, in order.
    @Test func readersSeeExactlyWhatWasCommitted() async throws {
        try await withSeeds(0..<30) { random in
            let log = InMemoryLog()
            var expected: [String] = []
            var offset: Int64 = 0
            let producer = try await log.producer(ProducerConfiguration(transactionalID: "x"))
            for round in 0..<20 {
                let texts = (0..<Int.random(in: 0..<4, using: &random)).map { "\(round).\($0)" }
                try await producer.beginTransaction()
                if !texts.isEmpty {
                    _ = try await producer.send(ProduceBatch(texts, to: "t"))
                    offset += Int64(texts.count) + 1
                }
                if random.chance(0.5) {
                    try await producer.commitTransaction()
                    expected += texts
                } else {
                    try await producer.abortTransaction()
                }
            }
            let seen = log.records(in: "t").compactMap { $0.value.map { String(decoding: $0, as: UTF8.self) } }
            try #require(seen == expected)
            let read = try await LogConformance(log).readAll(TopicPartition("t", 0))
            try #require(read.compactMap(\.text) == expected)
            let reader = try await log.reader()
            try #require(try await reader.bounds(of: TopicPartition("t", 0)).upperBound == Offset(offset))
        }
    }
}
