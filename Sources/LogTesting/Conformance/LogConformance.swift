package import Log
internal import Synchronization

/// What every conformer of `Log` must do, as cases that a test target runs one by one.
///
/// Each case makes its own topics, groups and transactional ids, so that cases may share a log and run in any order.
/// Nothing sleeps: a case waits for what it expects and fails when ``limit`` has passed, so that a broker's slow group
/// joins cost time only. A failure is thrown as ``ConformanceFailure``.
package struct LogConformance: Sendable {
    /// What a backing may lack; a case that needs it is left out.
    package enum Capability: String, Sendable, CaseIterable {
        /// Fences an older producer with the same transactional id.
        case producerFencing
        /// Checks the group generation of offsets in a transaction.
        case generationFencing
        /// Answers the offset for a time.
        case offsetForTime
        /// Hides aborted and open transactions from readers and keeps offsets for control records.
        case readCommitted
        /// Sends rebalances to more than one member.
        case rebalances
    }

    /// One claim about a log.
    package struct Case: Sendable, CustomStringConvertible {
        /// The claim in words; names the test.
        package let description: String
        /// What the backing must offer for the case to make sense.
        package let needs: Set<Capability>
        /// - Throws: ``ConformanceFailure``, or the `LogError` that came instead.
        package let run: @Sendable (LogConformance) async throws -> Void

        init(
            _ description: String,
            needs: Set<Capability> = [],
            _ run: @escaping @Sendable (LogConformance) async throws -> Void
        ) {
            self.description = description
            self.needs = needs
            self.run = run
        }
    }

    /// The conformer under test.
    package let log: any Log
    /// How long a case waits for any one thing it expects.
    package let limit: Duration
    private let createTopic: @Sendable (any Log, TopicName, Int) async throws -> Void
    private let names: Names

    /// - Parameters:
    ///   - log: the conformer under test.
    ///   - limit: how long a case waits for any one thing it expects; default 30 s.
    ///   - prefix: starts every topic, group and transactional id, for backings that outlive a run.
    ///   - createTopic: makes a topic with a number of partitions; default is ``Log/createTopics(_:)``.
    package init(
        _ log: any Log,
        limit: Duration = .seconds(30),
        prefix: String = "conformance",
        createTopic: @escaping @Sendable (any Log, TopicName, Int) async throws -> Void = { log, name, partitions in
            try await log.createTopics([TopicSpecification(name, partitions: partitions)])
        }
    ) {
        self.log = log
        self.limit = limit
        self.createTopic = createTopic
        names = Names(prefix: prefix)
    }

    /// The cases that a backing with `capabilities` has to pass.
    package static func cases(_ capabilities: Set<Capability> = Set(Capability.allCases)) -> [Case] {
        (recordCases + groupCases + transactionCases + readerCases).filter { $0.needs.isSubset(of: capabilities) }
    }

    /// A name that no other case uses.
    func name(_ what: String) -> String {
        names.next(what)
    }

    func topic(partitions: Int = 1) async throws -> TopicName {
        let topic = TopicName(name("topic"))
        try await createTopic(log, topic, partitions)
        return topic
    }

    /// Sends and requires that every record is acknowledged; returns where they went.
    @discardableResult
    func send(
        _ batch: ProduceBatch,
        by producer: (any LogProducer)? = nil,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws -> [(partition: TopicPartition, offset: Offset)] {
        let sender: any LogProducer
        if let producer { sender = producer } else { sender = try await log.producer(ProducerConfiguration()) }
        let results = try await sender.send(batch)
        if producer == nil { await sender.close(within: limit) }
        try require(results.count == batch.count, "one result per record", fileID: fileID, line: line)
        let topics = (0..<batch.count).map { batch.withRecord(at: $0) { $0.topic } }
        return try zip(topics, results).map { topic, result in
            switch result {
            case .acknowledged(let place): return (TopicPartition(topic, place.partition), place.offset)
            case .failed(let error):
                throw ConformanceFailure("the record was not acknowledged: \(error)", fileID: fileID, line: line)
            }
        }
    }

    /// All committed records of `partition` from `offset` up to its present end.
    ///
    /// With `expectedEnd` it first waits for the partition to reach that end: a broker answers a commit before it has
    /// written the transaction's markers.
    package func readAll(
        _ partition: TopicPartition,
        from offset: Offset = 0,
        expectedEnd: Offset = 0
    ) async throws -> [SeenRecord] {
        let reader = try await log.reader()
        let deadline = ContinuousClock.now.advanced(by: limit)
        var end = try await reader.bounds(of: partition).upperBound
        while end < expectedEnd, ContinuousClock.now < deadline {
            await Task.yield()
            end = try await reader.bounds(of: partition).upperBound
        }
        var seen: [SeenRecord] = []
        if offset < end {
            try await reader.read(partition, in: offset..<end) { seen.append(SeenRecord($0)) }
        }
        await reader.close()
        return seen
    }
}

/// A message, copied for comparison.
package struct SeenRecord: Sendable, Hashable {
    package var partition: TopicPartition
    package var offset: Offset
    package var timestamp: Timestamp?
    /// `nil` is a null key.
    package var key: [UInt8]?
    /// `nil` is a tombstone.
    package var value: [UInt8]?
    package var headers: [Header]

    package init(_ message: MessageView) {
        partition = message.topicPartition
        offset = message.offset
        timestamp = message.timestamp
        key = message.key.map { [UInt8]($0) }
        value = message.value.map { [UInt8]($0) }
        headers = message.headers()
    }

    /// The value as text; `nil` for a tombstone.
    package var text: String? { value.map { String(decoding: $0, as: UTF8.self) } }
}

func require(
    _ condition: Bool,
    _ message: @autoclosure () -> String,
    fileID: String = #fileID,
    line: Int = #line
) throws {
    if !condition { throw ConformanceFailure(message(), fileID: fileID, line: line) }
}

func isClosed(_ error: LogError) -> Bool { error.code == .closed }

func isFenced(_ error: LogError) -> Bool { error.code == .fenced && error.isFatal }

/// Requires that `body` throws a `LogError`, or a `TransactionError` for one, that `matches`.
func requireError(
    _ what: String,
    fileID: String = #fileID,
    line: Int = #line,
    where matches: (LogError) -> Bool,
    _ body: () async throws -> Void
) async throws {
    do {
        try await body()
    } catch let error as LogError {
        if matches(error) { return }
        throw ConformanceFailure("\(what): got \(error)", fileID: fileID, line: line)
    } catch let error as TransactionError {
        if matches(error.cause) { return }
        throw ConformanceFailure("\(what): got \(error)", fileID: fileID, line: line)
    }
    throw ConformanceFailure("\(what): no error", fileID: fileID, line: line)
}

private final class Names: Sendable {
    private let prefix: String
    private let last = Mutex(0)

    init(prefix: String) {
        self.prefix = prefix
    }

    func next(_ what: String) -> String {
        let number = last.withLock { last in
            last += 1
            return last
        }
        return "\(prefix)-\(what)-\(number)"
    }
}
