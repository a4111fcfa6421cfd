/// Which versions of which API are served, and from which each is flexible (KIP-482).
///
/// The lower bounds are what librdkafka 2.0, kafka-python, aiokafka, kcat and Burrow still ask for. An upper bound is where
/// the next version needs what one node does not have, or what no client of ours uses:
/// Produce 11 and the transaction calls above 3 need the server side of KIP-890, Fetch 17 is for followers,
/// ListOffsets 8 asks about tiered storage, OffsetFetch and OffsetCommit 10 name topics by id.
extension APIKey {
    private struct Support {
        let versions: ClosedRange<Int16>
        let flexibleSince: Int16?

        init(_ versions: ClosedRange<Int16>, flexibleSince: Int16?) {
            self.versions = versions
            self.flexibleSince = flexibleSince
        }
    }

    private static let support: [APIKey: Support] = [
        .produce: Support(3...10, flexibleSince: 9),
        .fetch: Support(4...16, flexibleSince: 12),
        .listOffsets: Support(0...7, flexibleSince: 6),
        .metadata: Support(0...12, flexibleSince: 9),
        .offsetCommit: Support(2...9, flexibleSince: 8),
        .offsetFetch: Support(1...9, flexibleSince: 6),
        .findCoordinator: Support(0...4, flexibleSince: 3),
        .joinGroup: Support(0...9, flexibleSince: 6),
        .heartbeat: Support(0...4, flexibleSince: 4),
        .leaveGroup: Support(0...5, flexibleSince: 4),
        .syncGroup: Support(0...5, flexibleSince: 4),
        .describeGroups: Support(0...5, flexibleSince: 5),
        .listGroups: Support(0...4, flexibleSince: 3),
        .saslHandshake: Support(0...1, flexibleSince: nil),
        .apiVersions: Support(0...4, flexibleSince: 3),
        .createTopics: Support(2...7, flexibleSince: 5),
        .deleteTopics: Support(1...6, flexibleSince: 4),
        .deleteRecords: Support(0...2, flexibleSince: 2),
        .initProducerID: Support(0...4, flexibleSince: 2),
        .offsetForLeaderEpoch: Support(2...4, flexibleSince: 4),
        .addPartitionsToTxn: Support(0...3, flexibleSince: 3),
        .addOffsetsToTxn: Support(0...3, flexibleSince: 3),
        .endTxn: Support(0...3, flexibleSince: 3),
        .txnOffsetCommit: Support(0...3, flexibleSince: 3),
        .describeAcls: Support(1...3, flexibleSince: 2),
        .createAcls: Support(1...3, flexibleSince: 2),
        .deleteAcls: Support(1...3, flexibleSince: 2),
        .describeConfigs: Support(1...4, flexibleSince: 4),
        .alterConfigs: Support(0...2, flexibleSince: 2),
        .describeLogDirs: Support(1...4, flexibleSince: 2),
        .saslAuthenticate: Support(0...2, flexibleSince: 2),
        .createPartitions: Support(0...3, flexibleSince: 2),
        .deleteGroups: Support(0...2, flexibleSince: 2),
        .incrementalAlterConfigs: Support(0...1, flexibleSince: 1),
        .offsetDelete: Support(0...0, flexibleSince: nil),
        .describeUserScramCredentials: Support(0...0, flexibleSince: 0),
        .alterUserScramCredentials: Support(0...0, flexibleSince: 0),
        .describeCluster: Support(0...1, flexibleSince: 0),
        .describeProducers: Support(0...0, flexibleSince: 0),
        .describeTransactions: Support(0...0, flexibleSince: 0),
        .listTransactions: Support(0...1, flexibleSince: 0),
    ]

    /// What an ApiVersions response announces, by ascending key.
    package static let served: [APIKey] = support.keys.sorted { $0.rawValue < $1.rawValue }

    /// The versions that are served, nil when none is.
    package var supportedVersions: ClosedRange<Int16>? { Self.support[self]?.versions }

    /// What an ApiVersions response says, nil when the API is not served.
    ///
    /// Produce says 0 although a request below 3 is refused: librdkafka before 2.8 takes a broker without it for one
    /// that cannot compress (KAFKA-18659), and no client that knows 3 asks for less.
    package var announcedVersions: ClosedRange<Int16>? {
        supportedVersions.map { self == .produce ? 0...$0.upperBound : $0 }
    }

    /// Whether requests and responses of this version use compact types and tagged fields.
    package func isFlexible(_ version: Int16) -> Bool {
        guard let since = Self.support[self]?.flexibleSince else { return false }
        return version >= since
    }

    /// 1 for requests without tagged fields, 2 with. (0, without a client id, was only ControlledShutdown's.)
    package func requestHeaderVersion(_ version: Int16) -> Int16 { isFlexible(version) ? 2 : 1 }

    /// 0 for the correlation id alone, 1 with tagged fields.
    ///
    /// ApiVersions is always 0: its client does not know yet what the server speaks (KIP-511).
    package func responseHeaderVersion(_ version: Int16) -> Int16 {
        self != .apiVersions && isFlexible(version) ? 1 : 0
    }
}
