public import Log

/// A topic as the cluster's metadata shows it.
public struct TopicDescription: Sendable, Hashable {
    /// As it was asked for.
    public let name: TopicName
    /// Ascending by number.
    public let partitions: [Partition]

    /// Where one partition lives. Brokers are given by their ids; see ``ClusterDescription``.
    public struct Partition: Sendable, Hashable {
        /// From 0.
        public let id: PartitionID
        /// `nil` while the partition has none, as during an election.
        public let leader: Int32?
        /// In the order of preference.
        public let replicas: [Int32]
        /// The replicas that have caught up.
        public let inSyncReplicas: [Int32]
    }
}

/// The brokers of a cluster.
public struct ClusterDescription: Sendable, Hashable {
    /// `nil` where the brokers have none (Apache Kafka before 0.10.1).
    public let id: String?
    /// The broker that answers requests about topics; `nil` while there is none.
    public let controller: Int32?
    /// Ascending by id.
    public let brokers: [Broker]

    /// One broker, as it is advertised to clients.
    public struct Broker: Sendable, Hashable {
        /// `broker.id`.
        public let id: Int32
        /// A name or an address.
        public let host: String
        /// 1 to 65535.
        public let port: Int
        /// `broker.rack`; `nil` where the broker has none, and always with librdkafka before 2.3, which does not tell.
        public let rack: String?
    }
}
