internal import KafkaProtocol
internal import Logging
internal import NIOPosix
internal import Synchronization
internal import Telemetry

/// Runs the group coordinator: events in, one after the other; answers and writes out. Any thread.
///
/// The coordinator is a value under a lock that is held for one event or one question, never over a write.
final class GroupDriver: Sendable {
    private let coordinator: Mutex<GroupCoordinator>
    private let log: CoordinatorLog
    private let clock: BrokerClock
    private let logger: Logger
    private let replies = ReplyTable<GroupReply>()
    private let parts = Mutex<Parts?>(nil)

    /// What refers back to the driver.
    private struct Parts {
        let strand: EventStrand<GroupEvent>
        let timer: DeadlineTimer
    }

    init(
        _ coordinator: GroupCoordinator,
        log: CoordinatorLog,
        clock: BrokerClock,
        threads: NIOThreadPool,
        logger: Logger
    ) {
        self.coordinator = Mutex(coordinator)
        self.log = log
        self.clock = clock
        self.logger = logger
        let strand = EventStrand<GroupEvent>(threads: threads) { [weak self] event in self?.work(event) }
        let timer = DeadlineTimer(clock) { [weak self] in self?.post(.tick) }
        parts.withLock { $0 = Parts(strand: strand, timer: timer) }
    }

    /// Queues an event.
    func post(_ event: GroupEvent) {
        parts.withLock { $0 }?.strand.post(event)
    }

    /// A token for the event that asks; `answer` is called once, on any thread.
    func token(_ answer: @escaping @Sendable (GroupReply) -> Void) -> ReplyToken {
        replies.register(answer)
    }

    /// Asks the coordinator as it is now.
    func read<Answer: Sendable>(_ question: (borrowing GroupCoordinator) -> Answer) -> Answer {
        coordinator.withLock { question($0) }
    }

    /// Begins to work with what was loaded. To be called once, before the first event.
    func start() {
        perform(coordinator.withLock { ($0.start(at: clock.moment), $0.nextDeadline) })
    }

    /// Stops the timer: no member is thrown out while the broker closes.
    func stop() {
        parts.withLock { $0 }?.timer.set(nil)
    }

    private func work(_ event: GroupEvent) {
        perform(
            coordinator.withLock { coordinator in
                let actions = coordinator.on(event, at: clock.moment)
                return (actions, coordinator.nextDeadline)
            }
        )
    }

    private func perform(_ outcome: (actions: [GroupAction], deadline: Int64?)) {
        for action in outcome.actions { perform(action) }
        parts.withLock { $0 }?.timer.set(outcome.deadline)
    }

    private func perform(_ action: GroupAction) {
        switch action {
        case .reply(let token, let reply): replies.answer(token, reply)
        case .write(let write):
            log.append(write) { [weak self] outcome in self?.post(.written(write.token, outcome)) }
        case .rebalancing(let groupID, let generation, let reason):
            logger.info(
                "a group rebalances",
                metadata: Logger.Metadata([
                    .group: "\(groupID)", .generation: "\(generation)", .reason: "\(reason)",
                ])
            )
        }
    }
}
