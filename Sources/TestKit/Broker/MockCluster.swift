internal import CLibrdkafka
package import Kafka
internal import Synchronization

/// librdkafka's mock cluster (rdkafka_mock.h) inside this process: brokers that can be slowed, stopped and told to fail.
///
/// It knows produce, fetch, groups and transactions, but no admin requests; a group's first join takes 3 s, and a
/// partition keeps 5 MB. librdkafka guards the cluster by its own lock, hence `@unchecked Sendable`.
package final class MockCluster: @unchecked Sendable {
    /// Requests, by their `ApiKey` in Kafka's protocol.
    package enum Request: Int16, Sendable {
        case produce = 0
        case fetch = 1
        case metadata = 3
        case offsetCommit = 8
        case offsetFetch = 9
        case joinGroup = 11
        case heartbeat = 12
        case initProducerID = 22
        case addPartitionsToTransaction = 24
        case addOffsetsToTransaction = 25
        case endTransaction = 26
        case transactionOffsetCommit = 28
    }

    /// Errors that a broker answers, by their codes in Kafka's protocol.
    package enum Failure: Int32, Sendable {
        case offsetOutOfRange = 1
        case unknownTopicOrPartition = 3
        case notLeader = 6
        case requestTimedOut = 7
        case coordinatorLoading = 14
        case coordinatorNotAvailable = 15
        case notCoordinator = 16
        case notEnoughReplicas = 19
        case illegalGeneration = 22
        case unknownMember = 25
        case rebalanceInProgress = 27
        case topicAuthorizationFailed = 29
        case groupAuthorizationFailed = 30
        case invalidProducerEpoch = 47
        case concurrentTransactions = 51
    }

    private let client: OpaquePointer
    private let cluster: OpaquePointer
    private let isStopped = Mutex(false)
    package let brokerCount: Int
    package let bootstrap: String

    /// Brokers have the ids 1 to `brokers`.
    package init(brokers: Int = 1) throws(TestBrokerError) {
        var reason = [CChar](repeating: 0, count: 512)
        guard let configuration = rd_kafka_conf_new(),
            // The cluster's own client has no brokers and would say so on every start.
            rd_kafka_conf_set(configuration, "log_level", "0", &reason, reason.count) == RD_KAFKA_CONF_OK,
            let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &reason, reason.count)
        else {
            throw TestBrokerError("cannot make the mock cluster's client")
        }
        guard let cluster = rd_kafka_mock_cluster_new(client, Int32(brokers)) else {
            rd_kafka_destroy(client)
            throw TestBrokerError("cannot make the mock cluster")
        }
        self.client = client
        self.cluster = cluster
        brokerCount = brokers
        bootstrap = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
    }

    deinit {
        stop()
    }

    /// How clients reach it, with more properties.
    package func configuration(_ properties: [String: String] = [:]) -> ClientConfiguration {
        ClientConfiguration(brokers: bootstrap.split(separator: ",").map(String.init), properties: properties)
    }

    package func createTopic(_ name: String, partitions: Int) throws(TestBrokerError) {
        let code = rd_kafka_mock_topic_create(cluster, name, Int32(partitions), 1)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw TestBrokerError("cannot create mock topic \(name): \(String(cString: rd_kafka_err2str(code)))")
        }
    }

    /// The next requests of this kind fail, one per element.
    package func fail(_ request: Request, with failures: [Failure]) {
        let codes = failures.map { rd_kafka_resp_err_t(rawValue: $0.rawValue) }
        rd_kafka_mock_push_request_errors_array(cluster, request.rawValue, codes.count, codes)
    }

    /// Every broker closes its connections and refuses new ones.
    package func goDown() {
        for broker in 1...Int32(brokerCount) { rd_kafka_mock_broker_set_down(cluster, broker) }
    }

    package func comeUp() {
        for broker in 1...Int32(brokerCount) { rd_kafka_mock_broker_set_up(cluster, broker) }
    }

    /// Delays every answer.
    package func setRoundTrip(milliseconds: Int) {
        for broker in 1...Int32(brokerCount) {
            rd_kafka_mock_broker_set_rtt(cluster, broker, Int32(milliseconds))
        }
    }

    /// Ends the cluster; blocks for its threads. Clients see lost connections.
    package func stop() {
        let wasStopped = isStopped.withLock { isStopped in
            defer { isStopped = true }
            return isStopped
        }
        guard !wasStopped else { return }
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(client)
    }
}
