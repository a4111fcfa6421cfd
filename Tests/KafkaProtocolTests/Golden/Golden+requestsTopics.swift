import KafkaProtocol

extension Golden {
    /// Encoded by kafka-python 3.0.12 from the values listed, of which each names the versions that have it.
    static let requestsTopics: [APIKey: String] = [
        .createTopics: """
        topics.0.name=name-17é @2-7
        topics.0.numPartitions=30393 @2-7
        topics.0.replicationFactor=147 @2-7
        topics.0.assignments.0.partitionIndex=77094 @2-7
        topics.0.assignments.0.brokerIDs.0=58994 @2-7
        topics.0.assignments.0.brokerIDs.1=59030 @2-7
        topics.0.configs.0.name=name-89é @2-7
        topics.0.configs.0.value=value-67é @2-7
        topics.1.name=name-27é @2-7
        topics.1.numPartitions=30403 @2-7
        topics.1.replicationFactor=157 @2-7
        topics.1.assignments.0.partitionIndex=77104 @2-7
        topics.1.assignments.0.brokerIDs.0=59004 @2-7
        topics.1.assignments.0.brokerIDs.1=59040 @2-7
        topics.1.configs.0.name=name-99é @2-7
        topics.1.configs.0.value=value-77é @2-7
        timeoutMs=6712 @2-7
        validateOnly=true @2-7
        bytes @2-4
        0000000200096e616d652d3137c3a9000076b900930000000100012d26000000020000e6720000e6960000000100096e616d
        652d3839c3a9000a76616c75652d3637c3a900096e616d652d3237c3a9000076c3009d0000000100012d30000000020000e6
        7c0000e6a00000000100096e616d652d3939c3a9000a76616c75652d3737c3a900001a3801
        bytes @5-7
        030a6e616d652d3137c3a9000076b900930200012d26030000e6720000e69600020a6e616d652d3839c3a90b76616c75652d
        3637c3a900000a6e616d652d3237c3a9000076c3009d0200012d30030000e67c0000e6a000020a6e616d652d3939c3a90b76
        616c75652d3737c3a9000000001a380100
        """,
        .deleteTopics: """
        topics.0.name=topicnam-23é @1-5
        topics.1.name=topicnam-37é @1-5
        timeoutMs=6712 @1-6
        topics.0.name=name-17é @6
        topics.0.topicID=G0jC62S9GEYbSMLrZL3nuQ @6
        topics.1.name=name-27é @6
        topics.1.topicID=SXOEKl2l8RhJc4QqXaUO5w @6
        bytes @1-3
        00000002000d746f7069636e616d2d3233c3a9000d746f7069636e616d2d3337c3a900001a38
        bytes @4-5
        030e746f7069636e616d2d3233c3a90e746f7069636e616d2d3337c3a900001a3800
        bytes @6
        030a6e616d652d3137c3a91b48c2eb64bd18461b48c2eb64bde7b9000a6e616d652d3237c3a94973842a5da5f1184973842a
        5da50ee70000001a3800
        """,
        .createPartitions: """
        topics.0.name=name-17é @0-3
        topics.0.count=12771 @0-3
        topics.0.assignments.0.brokerIDs.0=58994 @0-3
        topics.0.assignments.0.brokerIDs.1=59030 @0-3
        topics.1.name=name-27é @0-3
        topics.1.count=12781 @0-3
        topics.1.assignments.0.brokerIDs.0=59004 @0-3
        topics.1.assignments.0.brokerIDs.1=59040 @0-3
        timeoutMs=6712 @0-3
        validateOnly=true @0-3
        bytes @0-1
        0000000200096e616d652d3137c3a9000031e300000001000000020000e6720000e69600096e616d652d3237c3a9000031ed
        00000001000000020000e67c0000e6a000001a3801
        bytes @2-3
        030a6e616d652d3137c3a9000031e302030000e6720000e69600000a6e616d652d3237c3a9000031ed02030000e67c0000e6
        a0000000001a380100
        """,
    ]
}
