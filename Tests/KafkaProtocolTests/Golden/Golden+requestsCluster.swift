import KafkaProtocol

extension Golden {
    /// Encoded by kafka-python 3.0.12 from the values listed, of which each names the versions that have it.
    static let requestsCluster: [APIKey: String] = [
        .metadata: """
        topics.0.name=name-17é @0-12
        topics.1.name=name-27é @0-12
        allowAutoTopicCreation=true @4-12
        includeClusterAuthorizedOperations=true @8-10
        includeTopicAuthorizedOperations=true @8-12
        topics.0.topicID=G0jC62S9GEYbSMLrZL3nuQ @10-12
        topics.1.topicID=SXOEKl2l8RhJc4QqXaUO5w @10-12
        bytes @0-3
        0000000200096e616d652d3137c3a900096e616d652d3237c3a9
        bytes @4-7
        0000000200096e616d652d3137c3a900096e616d652d3237c3a901
        bytes @8
        0000000200096e616d652d3137c3a900096e616d652d3237c3a9010101
        bytes @9
        030a6e616d652d3137c3a9000a6e616d652d3237c3a90001010100
        bytes @10
        031b48c2eb64bd18461b48c2eb64bde7b90a6e616d652d3137c3a9004973842a5da5f1184973842a5da50ee70a6e616d652d
        3237c3a90001010100
        bytes @11-12
        031b48c2eb64bd18461b48c2eb64bde7b90a6e616d652d3137c3a9004973842a5da5f1184973842a5da50ee70a6e616d652d
        3237c3a900010100
        """,
        .findCoordinator: """
        coordinatorKeys.0=key-30é @0-3
        keyType=transaction @1-4
        coordinatorKeys.0=coordina-66é @4
        coordinatorKeys.1=coordina-85é @4
        bytes @0
        00086b65792d3330c3a9
        bytes @1-2
        00086b65792d3330c3a901
        bytes @3
        096b65792d3330c3a90100
        bytes @4
        01030e636f6f7264696e612d3636c3a90e636f6f7264696e612d3835c3a900
        """,
        .apiVersions: """
        clientSoftwareName=clientso-23é @3-4
        clientSoftwareVersion=clientso-83é @3-4
        bytes @0-2

        bytes @3-4
        0e636c69656e74736f2d3233c3a90e636c69656e74736f2d3833c3a900
        """,
        .describeLogDirs: """
        topics.0.topic=topic-57é @1-4
        topics.0.partitions.0=25319 @1-4
        topics.0.partitions.1=25342 @1-4
        topics.1.topic=topic-67é @1-4
        topics.1.partitions.0=25329 @1-4
        topics.1.partitions.1=25352 @1-4
        bytes @1
        00000002000a746f7069632d3537c3a900000002000062e7000062fe000a746f7069632d3637c3a900000002000062f10000
        6308
        bytes @2-4
        030b746f7069632d3537c3a903000062e7000062fe000b746f7069632d3637c3a903000062f1000063080000
        """,
        .describeCluster: """
        includeClusterAuthorizedOperations=true @0-1
        endpointType=1 @1
        bytes @0
        0100
        bytes @1
        010100
        """,
    ]
}
