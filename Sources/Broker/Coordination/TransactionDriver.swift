internal import KafkaProtocol
internal import LogStorage
internal import Logging
internal import NIOPosix
internal import Synchronization
internal import Telemetry

/// Runs the transaction coordinator: events in, one after the other; answers, writes and markers out. Any thread.
///
/// The coordinator is a value under a lock that is held for one event or one question, never over a write.
final class TransactionDriver: Sendable {
    /// The file that remembers which producer ids were given out.
    struct ProducerIDs: Codable, Sendable {
        var below: Int64
    }

    private let coordinator: Mutex<TransactionCoordinator>
    private let log: CoordinatorLog
    private let groups: GroupDriver
    private let producerIDs: CrashSafeFile<ProducerIDs>
    private let clock: BrokerClock
    private let logger: Logger
    private let replies = ReplyTable<TransactionReply>()
    private let parts = Mutex<Parts?>(nil)

    /// What refers back to the driver.
    private struct Parts {
        let strand: EventStrand<TransactionEvent>
        let timer: DeadlineTimer
    }

    init(
        _ coordinator: TransactionCoordinator,
        log: CoordinatorLog,
        groups: GroupDriver,
        producerIDs: CrashSafeFile<ProducerIDs>,
        clock: BrokerClock,
        threads: NIOThreadPool,
        logger: Logger
    ) {
        self.coordinator = Mutex(coordinator)
        self.log = log
        self.groups = groups
        self.producerIDs = producerIDs
        self.clock = clock
        self.logger = logger
        let strand = EventStrand<TransactionEvent>(threads: threads) { [weak self] event in self?.work(event) }
        let timer = DeadlineTimer(clock) { [weak self] in self?.post(.tick) }
        parts.withLock { $0 = Parts(strand: strand, timer: timer) }
    }

    /// Queues an event.
    func post(_ event: TransactionEvent) {
        parts.withLock { $0 }?.strand.post(event)
    }

    /// A token for the event that asks; `answer` is called once, on any thread.
    func token(_ answer: @escaping @Sendable (TransactionReply) -> Void) -> ReplyToken {
        replies.register(answer)
    }

    /// Asks the coordinator as it is now.
    func read<Answer: Sendable>(_ question: (borrowing TransactionCoordinator) -> Answer) -> Answer {
        coordinator.withLock { question($0) }
    }

    /// Begins to work with what was loaded. To be called once, before the first event.
    func start() {
        perform(coordinator.withLock { ($0.start(at: clock.moment), $0.nextDeadline) })
    }

    /// Stops the timer.
    func stop() {
        parts.withLock { $0 }?.timer.set(nil)
    }

    private func work(_ event: TransactionEvent) {
        perform(
            coordinator.withLock { coordinator in
                let actions = coordinator.on(event, at: clock.moment)
                return (actions, coordinator.nextDeadline)
            }
        )
    }

    private func perform(_ outcome: (actions: [TransactionAction], deadline: Int64?)) {
        for action in outcome.actions { perform(action) }
        parts.withLock { $0 }?.timer.set(outcome.deadline)
    }

    private func perform(_ action: TransactionAction) {
        switch action {
        case .reply(let token, let reply): replies.answer(token, reply)
        case .write(let write):
            log.append(write) { [weak self] outcome in self?.post(.written(write.token, outcome)) }
        case .mark(let marker): mark(marker)
        case .reserveProducerIDs(let limit, let token): reserve(limit, token)
        }
    }

    private func reserve(_ limit: Int64, _ token: WriteToken) {
        do throws(BrokerError) {
            try producerIDs.write(ProducerIDs(below: limit))
            post(.reserved(token, nil))
        } catch {
            log.metrics.storageFailed("producer_ids")
            logger.info("producer ids could not be reserved", metadata: Logger.Metadata([.error: "\(error)"]))
            post(.reserved(token, .kafkaStorageError))
        }
    }

    private func mark(_ marker: TransactionMarker) {
        let place = marker.partition
        guard let partition = log.partitions[place.topic, place.partition] else {
            return post(.marked(marker.token, .unknownTopicOrPartition))
        }
        do throws(StorageError) {
            let storage = try partition.log()
            let result = try storage.appendMarker(
                producerID: marker.producer.id,
                epoch: marker.producer.epoch,
                committed: marker.committed,
                coordinatorEpoch: marker.coordinatorEpoch,
                leaderEpoch: Partition.leaderEpoch,
                now: clock.epoch
            )
            log.committer.commit(result, of: storage) { [weak self] outcome in
                self?.marked(marker, at: result.baseOffset, outcome)
            }
        } catch {
            let code = ErrorCode(error)
            if code == .kafkaStorageError { log.metrics.storageFailed("marker") }
            // A later coordinator has ended this transaction, as has a later epoch of the producer.
            post(.marked(marker.token, code == .transactionCoordinatorFenced ? .invalidProducerEpoch : code))
        }
    }

    private func marked(_ marker: TransactionMarker, at offset: Int64, _ outcome: Result<Void, StorageError>) {
        if case .failure(let error) = outcome {
            log.metrics.storageFailed("marker")
            return post(.marked(marker.token, ErrorCode(error)))
        }
        if marker.partition.topic == InternalTopic.offsets.rawValue {
            groups.post(
                .transactionEnded(
                    producerID: marker.producer.id,
                    offsetsPartition: marker.partition.partition,
                    committed: marker.committed,
                    offset: offset
                )
            )
        }
        post(.marked(marker.token, nil))
    }
}
