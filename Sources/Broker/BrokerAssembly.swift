internal import ConnectorKit
internal import LogStorage
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import Telemetry
internal import Tokens

/// Puts a broker together and starts its parts in order: locks, catalogue, logs, coordinators, network.
struct BrokerAssembly: Sendable {
    let configuration: BrokerConfiguration
    let metrics: BrokerMetrics
    let logger: Logger
    let disk: any Disk
    let loops: MultiThreadedEventLoopGroup
    let threads: NIOThreadPool

    init(_ configuration: BrokerConfiguration, _ metrics: BrokerMetrics, _ logger: Logger, _ disk: any Disk) {
        self.disk = disk
        self.configuration = configuration
        self.metrics = metrics
        self.logger = logger
        loops = MultiThreadedEventLoopGroup(numberOfThreads: configuration.limits.eventLoops)
        threads = NIOThreadPool(numberOfThreads: configuration.limits.requestThreads)
        threads.start()
    }

    /// Starts everything.
    /// - Throws: what keeps the broker from serving; the threads are then the caller's to stop.
    func start() async throws -> RunningBroker {
        let begun = ContinuousClock.now
        let server = try BrokerServer(configuration, group: loops, threads: threads, metrics: metrics, logger: logger)
        let (directory, topics) = try await threads.runIfActive { try self.openTopics() }
        if !directory.wasStoppedCleanly { try await recover(topics.partitions) }
        let tokens = try await tokenVerifier()
        let node = try await threads.runIfActive { try self.node(directory, topics, tokens) }
        let dispatcher = RequestDispatcher(node: node)
        node.groups.start()
        node.transactions.start()
        let port = try await server.listen { dispatcher.dispatch($0, $1) }
        node.address.withLock {
            $0 = configuration.advertised ?? BrokerConfiguration.Address("\(urlHost):\(port)")
        }
        let maintenance = Maintenance(topics: node.topics, clock: node.clock, metrics: metrics, logger: logger)
        maintenance.start()
        logger.info(
            "the broker is up",
            metadata: Logger.Metadata([
                .port: "\(port)", .file: "\(directory.path)",
                .durationMS: "\(Int((ContinuousClock.now - begun).seconds * 1_000))",
            ])
        )
        return RunningBroker(self, node, directory, server, maintenance, port: port)
    }

    /// Ends the threads of a broker that has stopped or did not start.
    func stopThreads() async {
        do {
            try await threads.shutdownGracefully()
            try await loops.shutdownGracefully()
        } catch {
            logger.info("the broker's threads did not end", metadata: Logger.Metadata([.error: "\(error)"]))
        }
    }

    private var urlHost: String { configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host }

    private func openTopics() throws -> (DataDirectory, TopicAdministration) {
        let directory = try DataDirectory(configuration.dataDirectory, disk: disk)
        let partitions = PartitionTable(directory: directory, configuration: configuration, disk: disk)
        let topics = TopicAdministration(
            catalogue: try TopicCatalogue(file: directory.file("topics.json"), disk: disk),
            partitions: partitions,
            defaults: configuration.topics,
            metrics: metrics,
            logger: logger
        )
        try topics.start()
        return (directory, topics)
    }

    private func tokenVerifier() async throws(BrokerError) -> TokenVerifier? {
        if let problem = configuration.tokenProblem {
            throw BrokerError(.configuration, "\(problem.message); \(problem.fix)")
        }
        guard let settings = configuration.sasl?.tokens else { return nil }
        let requirements = TokenRequirements(
            issuer: settings.issuer,
            audience: settings.audience,
            nameClaim: settings.principalClaim
        )
        do {
            return try await TokenVerifier.load(
                keySet: settings.keySet,
                requirements,
                on: threads,
                logger: logger
            )
        } catch {
            throw BrokerError(.configuration, "`sasl.oauth.jwks` cannot be used", cause: error.message)
        }
    }

    private func node(
        _ directory: DataDirectory,
        _ topics: TopicAdministration,
        _ tokens: TokenVerifier?
    ) throws -> Node {
        let partitions = topics.partitions
        let committer = try GroupCommitter(threads: 2)
        let clock = BrokerClock(timersOn: loops.any())
        let groups = try groupDriver(partitions, committer, clock)
        return Node(
            configuration: configuration,
            topics: topics,
            committer: committer,
            groups: groups,
            transactions: try transactionDriver(partitions, committer, clock, groups, directory),
            credentials: try CredentialStore(
                file: directory.file("users.json"),
                users: configuration.sasl?.users ?? [],
                disk: disk
            ),
            tokens: tokens,
            authorizer: try Authorizer(
                file: directory.file("acls.json"),
                settings: configuration.authorization,
                disk: disk
            ),
            threads: threads,
            clock: clock,
            metrics: metrics,
            logger: logger
        )
    }

    /// Opens every log that has files, so that what a crash left is put in order before anybody asks.
    private func recover(_ partitions: PartitionTable) async throws {
        let failures = await threads.performForEach(partitions.all) { partition -> StorageError? in
            do throws(StorageError) {
                if let log = try partition.existingLog() { report(log, partition) }
                return nil
            } catch {
                return error
            }
        }
        if let failure = failures.compactMap({ $0 }).first { throw failure }
    }

    private func report(_ log: PartitionLog, _ partition: Partition) {
        let report = log.recovery
        guard report.truncatedBytes > 0 || !report.damages.isEmpty else { return }
        logger.info(
            "a log was recovered",
            metadata: Logger.Metadata([
                .topic: "\(partition.topic)", .partition: "\(partition.index)",
                .offsetEnd: "\(log.offsets.endOffset)",
                .reason: "\(report.truncatedBytes) bytes of a torn tail were cut off, \(report.damages.count) damages",
            ])
        )
    }

    private func groupDriver(
        _ partitions: PartitionTable,
        _ committer: GroupCommitter,
        _ clock: BrokerClock
    ) throws -> GroupDriver {
        let log = CoordinatorLog(
            topic: .offsets,
            partitions: partitions,
            committer: committer,
            clock: clock,
            metrics: metrics
        )
        var coordinator = GroupCoordinator(settings: GroupSettings(configuration.groups))
        try log.load { entry in
            switch entry {
            case .record(let record, let offset, let producer):
                try coordinator.load(record, offset: offset, producer: producer)
            case .marker(let producerID, let partition, let committed):
                coordinator.loadMarker(producerID: producerID, offsetsPartition: partition, committed: committed)
            }
        }
        return GroupDriver(coordinator, log: log, clock: clock, threads: threads, logger: logger)
    }

    private func transactionDriver(
        _ partitions: PartitionTable,
        _ committer: GroupCommitter,
        _ clock: BrokerClock,
        _ groups: GroupDriver,
        _ directory: DataDirectory
    ) throws -> TransactionDriver {
        let log = CoordinatorLog(
            topic: .transactions,
            partitions: partitions,
            committer: committer,
            clock: clock,
            metrics: metrics
        )
        var settings = TransactionSettings()
        settings.maximumTimeout = configuration.transactions.maximumTimeout.wholeMilliseconds
        settings.idExpiration = configuration.transactions.idExpiration.wholeMilliseconds
        var coordinator = TransactionCoordinator(settings: settings)
        let file = CrashSafeFile<TransactionDriver.ProducerIDs>(directory.file("producer-ids.json"), on: disk)
        try log.load { entry in
            if case .record(let record, _, _) = entry { try coordinator.load(record) }
        }
        coordinator.loadProducerIDs(from: try file.read()?.below ?? 0)
        return TransactionDriver(
            coordinator,
            log: log,
            groups: groups,
            producerIDs: file,
            clock: clock,
            threads: threads,
            logger: logger
        )
    }
}

extension Duration {
    /// Milliseconds, rounded down.
    var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}

extension GroupSettings {
    init(_ limits: BrokerConfiguration.GroupLimits) {
        self.init()
        initialRebalanceDelay = limits.initialRebalanceDelay.wholeMilliseconds
        minimumSessionTimeout = limits.minimumSession.wholeMilliseconds
        maximumSessionTimeout = limits.maximumSession.wholeMilliseconds
        maximumSize = limits.members
        offsetsRetention = limits.offsetsRetention.wholeMilliseconds
        keepsMembers = limits.keepsMembers
    }
}
