internal import CLibrdkafka
public import Kafka
internal import Synchronization

/// librdkafka's mock cluster (rdkafka_mock.h) inside this process: brokers that can be slowed, stopped and told to fail.
///
/// It knows produce, fetch, groups and transactions, but no admin requests; a group's first join takes 3 s, and a
/// partition keeps 5 MB. Records of an aborted transaction are seen by every reader. librdkafka guards the cluster by its
/// own lock, hence `@unchecked Sendable`.
public final class MockCluster: @unchecked Sendable {
    private let client: OpaquePointer
    let cluster: OpaquePointer
    private let isStopped = Mutex(false)
    /// How many brokers it has.
    public let brokerCount: Int
    /// `host:port` of each broker, with commas between them.
    public let bootstrap: String

    /// Starts `brokers` brokers on free loopback ports; their ids are 1 to `brokers`.
    public init(brokers: Int = 1) throws(MockClusterError) {
        var reason = [CChar](repeating: 0, count: 512)
        guard let configuration = rd_kafka_conf_new(),
            // The cluster's own client has no brokers and would say so on every start.
            rd_kafka_conf_set(configuration, "log_level", "0", &reason, reason.count) == RD_KAFKA_CONF_OK,
            let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &reason, reason.count)
        else {
            throw MockClusterError("cannot make the mock cluster's client")
        }
        guard let cluster = rd_kafka_mock_cluster_new(client, Int32(brokers)) else {
            rd_kafka_destroy(client)
            throw MockClusterError("cannot make the mock cluster")
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
    ///
    /// Checksums are not checked: the mock's own transaction markers have none (librdkafka 2.16).
    public func configuration(_ properties: [String: String] = [:]) -> ClientConfiguration {
        ClientConfiguration(
            brokers: bootstrap.split(separator: ",").map(String.init),
            properties: properties.merging(["check.crcs": "false"]) { given, _ in given }
        )
    }

    /// Creates `name` with one replica of each partition; partition leaders go round the brokers.
    public func createTopic(_ name: String, partitions: Int) throws(MockClusterError) {
        let code = rd_kafka_mock_topic_create(cluster, name, Int32(partitions), 1)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw MockClusterError("cannot create mock topic \(name): \(String(cString: rd_kafka_err2str(code)))")
        }
    }

    /// Ends the cluster; blocks for its threads. Clients see lost connections.
    public func stop() {
        let wasStopped = isStopped.withLock { isStopped in
            defer { isStopped = true }
            return isStopped
        }
        guard !wasStopped else { return }
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(client)
    }
}

/// Why a mock cluster could not be had or told something.
public struct MockClusterError: Error, CustomStringConvertible {
    /// What could not be done and librdkafka's reason.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
