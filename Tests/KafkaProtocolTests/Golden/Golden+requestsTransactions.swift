import KafkaProtocol

extension Golden {
    /// Encoded by kafka-python 3.0.12 from the values listed, of which each names the versions that have it.
    static let requestsTransactions: [APIKey: String] = [
        .initProducerID: """
        transactionalID=transact-0é @0-4
        transactionTimeoutMs=26399 @0-4
        producerID=7226021678 @3-4
        producerEpoch=400 @3-4
        bytes @0-1
        000c7472616e736163742d30c3a90000671f
        bytes @2
        0d7472616e736163742d30c3a90000671f00
        bytes @3-4
        0d7472616e736163742d30c3a90000671f00000001aeb4572e019000
        """,
        .addPartitionsToTxn: """
        transactionalID=vandbelo-0é @0-3
        producerID=7226021678 @0-3
        producerEpoch=400 @0-3
        topics.0.name=name-17é @0-3
        topics.0.partitions.0=25319 @0-3
        topics.0.partitions.1=25342 @0-3
        topics.1.name=name-27é @0-3
        topics.1.partitions.0=25329 @0-3
        topics.1.partitions.1=25352 @0-3
        bytes @0-2
        000c76616e6462656c6f2d30c3a900000001aeb4572e01900000000200096e616d652d3137c3a900000002000062e7000062
        fe00096e616d652d3237c3a900000002000062f100006308
        bytes @3
        0d76616e6462656c6f2d30c3a900000001aeb4572e0190030a6e616d652d3137c3a903000062e7000062fe000a6e616d652d
        3237c3a903000062f1000063080000
        """,
        .addOffsetsToTxn: """
        transactionalID=transact-0é @0-3
        producerID=7226021678 @0-3
        producerEpoch=400 @0-3
        groupID=groupid-2é @0-3
        bytes @0-2
        000c7472616e736163742d30c3a900000001aeb4572e0190000b67726f757069642d32c3a9
        bytes @3
        0d7472616e736163742d30c3a900000001aeb4572e01900c67726f757069642d32c3a900
        """,
        .endTxn: """
        transactionalID=transact-0é @0-3
        producerID=7226021678 @0-3
        producerEpoch=400 @0-3
        committed=true @0-3
        bytes @0-2
        000c7472616e736163742d30c3a900000001aeb4572e019001
        bytes @3
        0d7472616e736163742d30c3a900000001aeb4572e01900100
        """,
        .txnOffsetCommit: """
        transactionalID=transact-0é @0-3
        groupID=groupid-2é @0-3
        producerID=7226021678 @0-3
        producerEpoch=400 @0-3
        topics.0.name=name-17é @0-3
        topics.0.partitions.0.partitionIndex=73262 @0-3
        topics.0.partitions.0.committedOffset=76976230928 @0-3
        topics.0.partitions.0.committedMetadata=committe-49é @0-3
        topics.1.name=name-27é @0-3
        topics.1.partitions.0.partitionIndex=73272 @0-3
        topics.1.partitions.0.committedOffset=76986230958 @0-3
        topics.1.partitions.0.committedMetadata=committe-59é @0-3
        topics.0.partitions.0.committedLeaderEpoch=6874 @2-3
        topics.1.partitions.0.committedLeaderEpoch=6884 @2-3
        generationID=9980 @3
        memberID=memberid-20é @3
        groupInstanceID=groupins-25é @3
        bytes @0-1
        000c7472616e736163742d30c3a9000b67726f757069642d32c3a900000001aeb4572e01900000000200096e616d652d3137
        c3a90000000100011e2e00000011ec241210000d636f6d6d697474652d3439c3a900096e616d652d3237c3a9000000010001
        1e3800000011ecbca8ae000d636f6d6d697474652d3539c3a9
        bytes @2
        000c7472616e736163742d30c3a9000b67726f757069642d32c3a900000001aeb4572e01900000000200096e616d652d3137
        c3a90000000100011e2e00000011ec24121000001ada000d636f6d6d697474652d3439c3a900096e616d652d3237c3a90000
        000100011e3800000011ecbca8ae00001ae4000d636f6d6d697474652d3539c3a9
        bytes @3
        0d7472616e736163742d30c3a90c67726f757069642d32c3a900000001aeb4572e0190000026fc0e6d656d62657269642d32
        30c3a90e67726f7570696e732d3235c3a9030a6e616d652d3137c3a90200011e2e00000011ec24121000001ada0e636f6d6d
        697474652d3439c3a900000a6e616d652d3237c3a90200011e3800000011ecbca8ae00001ae40e636f6d6d697474652d3539
        c3a9000000
        """,
        .describeProducers: """
        topics.0.name=name-17é @0
        topics.0.partitionIndexes.0=40876 @0
        topics.0.partitionIndexes.1=40905 @0
        topics.1.name=name-27é @0
        topics.1.partitionIndexes.0=40886 @0
        topics.1.partitionIndexes.1=40915 @0
        bytes @0
        030a6e616d652d3137c3a90300009fac00009fc9000a6e616d652d3237c3a90300009fb600009fd30000
        """,
        .describeTransactions: """
        transactionalIDs.0=transact-4é @0
        transactionalIDs.1=transact-24é @0
        bytes @0
        030d7472616e736163742d34c3a90e7472616e736163742d3234c3a900
        """,
        .listTransactions: """
        stateFilters.0=statefil-20é @0-1
        stateFilters.1=statefil-36é @0-1
        producerIDFilters.0=20964062892 @0-1
        producerIDFilters.1=20985062955 @0-1
        durationFilter=14068042204 @1
        bytes @0
        030e737461746566696c2d3230c3a90e737461746566696c2d3336c3a90300000004e18e36ac00000004e2cea62b00
        bytes @1
        030e737461746566696c2d3230c3a90e737461746566696c2d3336c3a90300000004e18e36ac00000004e2cea62b00000003
        468549dc00
        """,
    ]
}
