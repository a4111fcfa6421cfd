internal import KafkaProtocol
internal import LogStorage
internal import Logging
internal import NIOPosix
internal import Synchronization
internal import Telemetry
internal import Tokens

/// The one node: everything that requests work on. Any thread.
final class Node: Sendable {
    let configuration: BrokerConfiguration
    let topics: TopicAdministration
    let committer: GroupCommitter
    let groups: GroupDriver
    let transactions: TransactionDriver
    let credentials: CredentialStore
    /// With OAUTHBEARER.
    let tokens: TokenVerifier?
    let authorizer: Authorizer
    let threads: NIOThreadPool
    let clock: BrokerClock
    let metrics: BrokerMetrics
    let logger: Logger
    /// Where clients are told to connect; known once the port is.
    let address = Mutex<BrokerConfiguration.Address?>(nil)
    private let stopping = Atomic<Bool>(false)

    init(
        configuration: BrokerConfiguration,
        topics: TopicAdministration,
        committer: GroupCommitter,
        groups: GroupDriver,
        transactions: TransactionDriver,
        credentials: CredentialStore,
        tokens: TokenVerifier?,
        authorizer: Authorizer,
        threads: NIOThreadPool,
        clock: BrokerClock,
        metrics: BrokerMetrics,
        logger: Logger
    ) {
        self.configuration = configuration
        self.topics = topics
        self.committer = committer
        self.groups = groups
        self.transactions = transactions
        self.credentials = credentials
        self.tokens = tokens
        self.authorizer = authorizer
        self.threads = threads
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
    }

    var catalogue: TopicCatalogue { topics.catalogue }
    var partitions: PartitionTable { topics.partitions }

    /// Whether the broker is about to stop: long polls are answered at once.
    var isStopping: Bool { stopping.load(ordering: .acquiring) }

    /// Has long polls answered at once from now on.
    func beginStopping() {
        stopping.store(true, ordering: .releasing)
        for partition in partitions.all { partition.wake() }
    }

    /// Whether the client may do `operation` to the resource.
    func allows(_ call: Call, _ operation: AccessOperation, _ type: ResourceType, _ name: String) -> Bool {
        authorizer.allows(call.client, operation, type, name)
    }

    /// Whether the client may do `operation` to the cluster.
    func allowsCluster(_ call: Call, _ operation: AccessOperation) -> Bool {
        allows(call, operation, .cluster, "kafka-cluster")
    }
}
