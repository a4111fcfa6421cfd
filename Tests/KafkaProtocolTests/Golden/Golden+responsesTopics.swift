import KafkaProtocol
import NIOCore

/// What kafka-python 3.0.12 encodes from the same values.
extension Golden {
    private static let createTopicsResponse = Response(
        CreateTopicsResponse(
            throttleTimeMs: 13733,
            topics: [
                CreateTopicsResponse.Topic(
                    name: "name-17é",
                    topicID: KafkaUUID("G0jC62S9GEYbSMLrZL3nuQ") ?? .zero,
                    errorCode: .messageTooLarge,
                    errorMessage: "errormes-12é",
                    numPartitions: 30393,
                    replicationFactor: 147,
                    configs: [
                        CreateTopicsResponse.Config(
                            name: "name-89é",
                            value: "value-67é",
                            readOnly: true,
                            configSource: .builtIn,
                            isSensitive: true
                        )
                    ]
                ),
                CreateTopicsResponse.Topic(
                    name: "name-27é",
                    topicID: KafkaUUID("SXOEKl2l8RhJc4QqXaUO5w") ?? .zero,
                    errorCode: .notEnoughReplicasAfterAppend,
                    errorMessage: "errormes-22é",
                    numPartitions: 30403,
                    replicationFactor: 157,
                    configs: [
                        CreateTopicsResponse.Config(
                            name: "name-99é",
                            value: "value-77é",
                            readOnly: true,
                            configSource: .builtIn,
                            isSensitive: true
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @2-4
        000035a50000000200096e616d652d3137c3a9000a000d6572726f726d65732d3132c3a900096e616d652d3237c3a9001400
        0d6572726f726d65732d3232c3a9
        bytes @5-6
        000035a5030a6e616d652d3137c3a9000a0e6572726f726d65732d3132c3a9000076b90093020a6e616d652d3839c3a90b76
        616c75652d3637c3a901050100000a6e616d652d3237c3a900140e6572726f726d65732d3232c3a9000076c3009d020a6e61
        6d652d3939c3a90b76616c75652d3737c3a9010501000000
        bytes @7
        000035a5030a6e616d652d3137c3a91b48c2eb64bd18461b48c2eb64bde7b9000a0e6572726f726d65732d3132c3a9000076
        b90093020a6e616d652d3839c3a90b76616c75652d3637c3a901050100000a6e616d652d3237c3a94973842a5da5f1184973
        842a5da50ee700140e6572726f726d65732d3232c3a9000076c3009d020a6e616d652d3939c3a90b76616c75652d3737c3a9
        010501000000
        """
    )

    private static let deleteTopicsResponse = Response(
        DeleteTopicsResponse(
            throttleTimeMs: 13733,
            responses: [
                DeleteTopicsResponse.Topic(
                    name: "name-53é",
                    topicID: KafkaUUID("kistZroMQxeSKy1mugy86A") ?? .zero,
                    errorCode: .notCoordinator,
                    errorMessage: "errormes-86é"
                ),
                DeleteTopicsResponse.Topic(
                    name: "name-66é",
                    topicID: KafkaUUID("mvxb0jDUkCia_FvSMNRv1w") ?? .zero,
                    errorCode: .requestTimedOut,
                    errorMessage: "errormes-99é"
                ),
            ]
        ),
        """
        bytes @1-3
        000035a50000000200096e616d652d3533c3a9001000096e616d652d3636c3a90007
        bytes @4
        000035a5030a6e616d652d3533c3a90010000a6e616d652d3636c3a900070000
        bytes @5
        000035a5030a6e616d652d3533c3a900100e6572726f726d65732d3836c3a9000a6e616d652d3636c3a900070e6572726f72
        6d65732d3939c3a90000
        bytes @6
        000035a5030a6e616d652d3533c3a9922b2d66ba0c4317922b2d66ba0cbce800100e6572726f726d65732d3836c3a9000a6e
        616d652d3636c3a99afc5bd230d490289afc5bd230d46fd700070e6572726f726d65732d3939c3a90000
        """
    )

    private static let createPartitionsResponse = Response(
        CreatePartitionsResponse(
            throttleTimeMs: 13733,
            results: [
                CreatePartitionsResponse.Result(
                    name: "name-21é",
                    errorCode: .brokerNotAvailable,
                    errorMessage: "errormes-62é"
                ),
                CreatePartitionsResponse.Result(
                    name: "name-32é",
                    errorCode: .notEnoughReplicas,
                    errorMessage: "errormes-73é"
                ),
            ]
        ),
        """
        bytes @0-1
        000035a50000000200096e616d652d3231c3a90008000d6572726f726d65732d3632c3a900096e616d652d3332c3a9001300
        0d6572726f726d65732d3733c3a9
        bytes @2-3
        000035a5030a6e616d652d3231c3a900080e6572726f726d65732d3632c3a9000a6e616d652d3332c3a900130e6572726f72
        6d65732d3733c3a90000
        """
    )

    static let responsesTopics = [
        createTopicsResponse, deleteTopicsResponse, createPartitionsResponse,
    ]
}
