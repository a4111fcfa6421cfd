internal import Synchronization

/// A partitioned log in this process's memory that behaves as Kafka where busbar's drivers can tell.
///
/// It serves whole-connector tests without a broker, driver and model tests, and runs under ThreadSanitizer. Isolation
/// is always `read_committed`. There is no wall clock in it unless ``Options/now`` is one, and no polling: whoever waits
/// is resumed by what it waits for, by its deadline or by its task's cancellation (which ends a wait as the deadline does).
/// Nothing is ever deleted but by ``deleteRecords(in:before:)``, and
/// a silent member is dropped only by ``expel(memberOf:)``.
package final class InMemoryLog: Log {
    package struct Options: Sendable {
        /// Partitions of topics that come to be by being written to; `nil` refuses unknown topics. Default 1.
        package var autoCreatePartitions: Int?
        /// Records without acknowledgement at which a producer's queue is full. Default 100,000.
        package var queueCapacity: Int
        /// Most bytes of key, value and headers of one record where the topic has no `max.message.bytes`. Default is the
        /// broker's, 1,048,588.
        package var maxRecordBytes: Int
        /// What ``InMemoryLog/clusterID()`` says. Default `in-memory`.
        package var clusterID: String?
        /// The time that records without timestamp get and that transactions expire by.
        package var now: @Sendable () -> Timestamp
        /// Sleeps for a time or until its task is cancelled; it measures every wait of this log.
        package var sleep: @Sendable (Duration) async throws -> Void

        /// The default `now` stands still at 2026-01-01T00:00:00Z; the default `sleep` is real.
        package init(
            autoCreatePartitions: Int? = 1,
            queueCapacity: Int = 100_000,
            maxRecordBytes: Int = 1_048_588,
            clusterID: String? = "in-memory",
            now: @escaping @Sendable () -> Timestamp = { Timestamp(milliseconds: 1_767_225_600_000) },
            sleep: @escaping @Sendable (Duration) async throws -> Void = { try await ContinuousClock().sleep(for: $0) }
        ) {
            self.autoCreatePartitions = autoCreatePartitions
            self.queueCapacity = queueCapacity
            self.maxRecordBytes = maxRecordBytes
            self.clusterID = clusterID
            self.now = now
            self.sleep = sleep
        }
    }

    private struct Shared {
        var state: LogState
        var sleepers: [Waiter] = []

        mutating func takeWoken() -> [Waiter] {
            guard state.hasNews else { return [] }
            state.hasNews = false
            defer { sleepers = [] }
            return sleepers
        }
    }

    private let options: Options
    private let shared: Mutex<Shared>

    package init(_ options: Options = Options()) {
        self.options = options
        shared = Mutex(Shared(state: LogState(options: options, now: options.now())))
    }

    package func consumer(_ configuration: ConsumerConfiguration) async throws(LogError) -> any LogConsumer {
        let id = try attempt { (state) throws(LogError) in try state.openConsumer(configuration) }
        return InMemoryConsumer(id, of: self)
    }

    package func producer(_ configuration: ProducerConfiguration) async throws(LogError) -> any LogProducer {
        let id = try attempt { (state) throws(LogError) in try state.openProducer(configuration) }
        return InMemoryProducer(id, configuration, of: self)
    }

    /// Whatever `onDeleted` says, an offset that is not in the log is an error here: no test may depend on the skip.
    package func reader(onDeleted: DeletedRecords) async throws(LogError) -> any LogReader {
        let id = try attempt { (state) throws(LogError) in
            if let error = state.faults.take(.openReader) { throw error }
            let id = state.nextNumber()
            state.readers[id] = ReaderState()
            return id
        }
        return InMemoryReader(id, of: self)
    }

    package func createTopics(_ topics: [TopicSpecification]) async throws(LogError) {
        try attempt { (state) throws(LogError) in
            if let error = state.faults.take(.createTopics) { throw error }
            for topic in topics { try state.createTopic(topic) }
        }
    }

    package func partitions(of topic: TopicName) async throws(LogError) -> [PartitionID] {
        change { $0.partitions(of: topic).map(\.partition) }
    }

    package func topics() async throws(LogError) -> [TopicName: Int] {
        try attempt { (state) throws(LogError) in
            if let error = state.faults.take(.describe) { throw error }
            return state.topics.mapValues(\.partitions.count)
        }
    }

    package func settings(of topics: [TopicName]) async throws(LogError) -> [TopicName: [String: String]] {
        try attempt { (state) throws(LogError) in
            var settings: [TopicName: [String: String]] = [:]
            for topic in topics {
                guard let known = state.topics[topic] else { throw LogError.unknown(topic) }
                settings[topic] = known.settings
            }
            return settings
        }
    }

    package func clusterID() async throws(LogError) -> String? { options.clusterID }

    /// Applies one change and wakes those who may go on now.
    @discardableResult
    func change<R: Sendable>(_ body: (inout LogState) -> R) -> R {
        let now = options.now()
        let (result, woken) = shared.withLock { shared in
            shared.state.begin(at: now)
            let result = body(&shared.state)
            return (result, shared.takeWoken())
        }
        for waiter in woken { waiter.signal() }
        return result
    }

    /// Applies one change that may be refused.
    @discardableResult
    func attempt<R: Sendable>(_ body: (inout LogState) throws(LogError) -> R) throws(LogError) -> R {
        try change { state in
            do throws(LogError) {
                return Result<R, LogError>.success(try body(&state))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    /// Applies `attempt` until it gives a result; `nil` when `limit` passed or the task was cancelled before.
    ///
    /// Between attempts the task sleeps until the state has news. At the deadline there is a last attempt.
    func wait<R: Sendable>(
        atMost limit: Duration,
        _ attempt: (inout LogState) throws(LogError) -> R?
    ) async throws(LogError) -> R? {
        let waiter = Waiter()
        var timer: Task<Void, Never>?
        defer { timer?.cancel() }
        while true {
            let isLast = waiter.isExpired || limit <= .zero || Task.isCancelled
            let now = options.now()
            // Attempt and registration are one critical section: news between them would be lost.
            let (outcome, woken) = shared.withLock { shared -> (Result<R?, LogError>, [Waiter]) in
                shared.state.begin(at: now)
                let outcome: Result<R?, LogError>
                do throws(LogError) {
                    outcome = .success(try attempt(&shared.state))
                } catch {
                    outcome = .failure(error)
                }
                let woken = shared.takeWoken()
                shared.sleepers.removeAll { $0 === waiter }
                if case .success(nil) = outcome, !isLast { shared.sleepers.append(waiter) }
                return (outcome, woken)
            }
            for other in woken { other.signal() }
            if let result = try outcome.get() { return result }
            if isLast { return nil }
            if timer == nil { timer = expire(waiter, after: limit) }
            await waiter.wait()
        }
    }

    /// The task ends with the wait it belongs to: whoever started it cancels it.
    private func expire(_ waiter: Waiter, after limit: Duration) -> Task<Void, Never> {
        Task { [sleep = options.sleep] in
            do {
                try await sleep(limit)
            } catch {
                return  // Cancelled: the wait is over.
            }
            waiter.expire()
        }
    }
}
