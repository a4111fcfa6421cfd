internal import CLibrdkafka

/// What the cluster can be told to do wrong. Everything takes effect at once and may be called from any thread.
extension MockCluster {
    /// A kind of request, by its `ApiKey` in Kafka's protocol.
    public enum Request: Int16, Sendable, CaseIterable {
        /// Takes records.
        case produce = 0
        /// Hands out records.
        case fetch = 1
        /// Says where a partition begins and ends.
        case listOffsets = 2
        /// Says which brokers and topics there are.
        case metadata = 3
        /// Keeps a group's offsets.
        case offsetCommit = 8
        /// Says which offsets a group has committed.
        case offsetFetch = 9
        /// Says which broker coordinates a group or transactions.
        case findCoordinator = 10
        /// Takes a member into a group, and waits for the others.
        case joinGroup = 11
        /// Keeps a member in its group.
        case heartbeat = 12
        /// Takes a member out of its group.
        case leaveGroup = 13
        /// Hands a member its part of the leader's assignment.
        case syncGroup = 14
        /// Gives a producer its id, and fences others of its transactional id.
        case initProducerID = 22
        /// Says which partitions a transaction writes to.
        case addPartitionsToTransaction = 24
        /// Says for which group a transaction commits offsets.
        case addOffsetsToTransaction = 25
        /// Commits or aborts.
        case endTransaction = 26
        /// Keeps a group's offsets when the transaction is committed.
        case transactionOffsetCommit = 28
    }

    /// An error that a broker answers, by its code in Kafka's protocol (kafka.apache.org/protocol, "Error Codes").
    public struct Failure: RawRepresentable, Sendable, Hashable {
        /// The code on the wire.
        public let rawValue: Int32

        /// Any code, also one that has no name here.
        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// `OFFSET_OUT_OF_RANGE`
        public static let offsetOutOfRange = Failure(rawValue: 1)
        /// `CORRUPT_MESSAGE`
        public static let corruptMessage = Failure(rawValue: 2)
        /// `UNKNOWN_TOPIC_OR_PARTITION`
        public static let unknownTopicOrPartition = Failure(rawValue: 3)
        /// `LEADER_NOT_AVAILABLE`
        public static let leaderNotAvailable = Failure(rawValue: 5)
        /// `NOT_LEADER_OR_FOLLOWER`
        public static let notLeader = Failure(rawValue: 6)
        /// `REQUEST_TIMED_OUT`
        public static let requestTimedOut = Failure(rawValue: 7)
        /// `MESSAGE_TOO_LARGE`
        public static let messageTooLarge = Failure(rawValue: 10)
        /// `COORDINATOR_LOAD_IN_PROGRESS`
        public static let coordinatorLoading = Failure(rawValue: 14)
        /// `COORDINATOR_NOT_AVAILABLE`
        public static let coordinatorNotAvailable = Failure(rawValue: 15)
        /// `NOT_COORDINATOR`
        public static let notCoordinator = Failure(rawValue: 16)
        /// `NOT_ENOUGH_REPLICAS`
        public static let notEnoughReplicas = Failure(rawValue: 19)
        /// `NOT_ENOUGH_REPLICAS_AFTER_APPEND`
        public static let notEnoughReplicasAfterAppend = Failure(rawValue: 20)
        /// `ILLEGAL_GENERATION`
        public static let illegalGeneration = Failure(rawValue: 22)
        /// `UNKNOWN_MEMBER_ID`
        public static let unknownMember = Failure(rawValue: 25)
        /// `REBALANCE_IN_PROGRESS`
        public static let rebalanceInProgress = Failure(rawValue: 27)
        /// `TOPIC_AUTHORIZATION_FAILED`
        public static let topicAuthorizationFailed = Failure(rawValue: 29)
        /// `GROUP_AUTHORIZATION_FAILED`
        public static let groupAuthorizationFailed = Failure(rawValue: 30)
        /// `CLUSTER_AUTHORIZATION_FAILED`
        public static let clusterAuthorizationFailed = Failure(rawValue: 31)
        /// `INVALID_PRODUCER_EPOCH`
        public static let invalidProducerEpoch = Failure(rawValue: 47)
        /// `INVALID_TXN_STATE`
        public static let invalidTransactionState = Failure(rawValue: 48)
        /// `CONCURRENT_TRANSACTIONS`
        public static let concurrentTransactions = Failure(rawValue: 51)
        /// `TRANSACTIONAL_ID_AUTHORIZATION_FAILED`
        public static let transactionalIDAuthorizationFailed = Failure(rawValue: 53)
        /// `KAFKA_STORAGE_ERROR`
        public static let storageError = Failure(rawValue: 56)
        /// `UNKNOWN_PRODUCER_ID`
        public static let unknownProducerID = Failure(rawValue: 59)
        /// `FENCED_INSTANCE_ID`
        public static let fencedInstanceID = Failure(rawValue: 82)
        /// `UNSTABLE_OFFSET_COMMIT`
        public static let unstableOffsetCommit = Failure(rawValue: 88)
        /// `PRODUCER_FENCED`
        public static let producerFenced = Failure(rawValue: 90)
    }

    /// What has a coordinator.
    public enum Coordinated: Sendable, Hashable {
        /// A consumer group, by its id.
        case group(String)
        /// The producers of a transactional id.
        case transaction(String)
    }

    /// The next requests of this kind fail, one per element, whichever broker they go to.
    public func fail(_ request: Request, with failures: [Failure]) {
        let codes = failures.map { rd_kafka_resp_err_t(rawValue: $0.rawValue) }
        rd_kafka_mock_push_request_errors_array(cluster, request.rawValue, codes.count, codes)
    }

    /// Forgets the failures of this kind of request that have not come to pass.
    public func forgive(_ request: Request) {
        rd_kafka_mock_clear_request_errors(cluster, request.rawValue)
    }

    /// Every broker closes its connections and refuses new ones.
    public func goDown() {
        for broker in 1...Int32(brokerCount) { takeDown(broker) }
    }

    /// Every broker takes connections again.
    public func comeUp() {
        for broker in 1...Int32(brokerCount) { bringUp(broker) }
    }

    /// One broker closes its connections and refuses new ones.
    public func takeDown(_ broker: Int32) {
        rd_kafka_mock_broker_set_down(cluster, broker)
    }

    /// One broker takes connections again.
    public func bringUp(_ broker: Int32) {
        rd_kafka_mock_broker_set_up(cluster, broker)
    }

    /// Delays every answer.
    public func setRoundTrip(milliseconds: Int) {
        for broker in 1...Int32(brokerCount) {
            rd_kafka_mock_broker_set_rtt(cluster, broker, Int32(milliseconds))
        }
    }

    /// Moves the leadership of a partition; `nil` leaves it without a leader.
    public func setLeader(of topic: String, _ partition: Int32, to broker: Int32?) throws(MockClusterError) {
        let code = rd_kafka_mock_partition_set_leader(cluster, topic, partition, broker ?? -1)
        try check(code, "move the leader of \(topic)/\(partition)")
    }

    /// Moves a coordinator to another broker.
    public func setCoordinator(of coordinated: Coordinated, to broker: Int32) throws(MockClusterError) {
        let code =
            switch coordinated {
            case .group(let id): rd_kafka_mock_coordinator_set(cluster, "group", id, broker)
            case .transaction(let id): rd_kafka_mock_coordinator_set(cluster, "transaction", id, broker)
            }
        try check(code, "move the coordinator")
    }

    /// Every request about a topic fails from here on; `nil` ends that.
    public func setError(of topic: String, to failure: Failure?) {
        rd_kafka_mock_topic_set_error(cluster, topic, rd_kafka_resp_err_t(rawValue: failure?.rawValue ?? 0))
    }

    func check(_ code: rd_kafka_resp_err_t, _ action: String) throws(MockClusterError) {
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        throw MockClusterError("cannot \(action): \(String(cString: rd_kafka_err2str(code)))")
    }
}
