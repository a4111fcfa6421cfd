import KafkaProtocol
import NIOCore

/// What kafka-python 3.0.12 encodes from the same values.
extension Golden {
    private static let describeConfigsResponse = Response(
        DescribeConfigsResponse(
            throttleTimeMs: 13733,
            results: [
                DescribeConfigsResponse.Result(
                    errorCode: .brokerNotAvailable,
                    errorMessage: "errormes-62é",
                    resourceType: .topic,
                    resourceName: "resource-24é",
                    configs: [
                        DescribeConfigsResponse.Config(
                            name: "name-78é",
                            value: "value-80é",
                            readOnly: true,
                            configSource: .builtIn,
                            isSensitive: true,
                            synonyms: [
                                DescribeConfigsResponse.Synonym(
                                    name: "name-99é",
                                    value: "value-65é",
                                    source: .staticBroker
                                )
                            ],
                            configType: .int,
                            documentation: "document-99é"
                        )
                    ]
                ),
                DescribeConfigsResponse.Result(
                    errorCode: .notEnoughReplicas,
                    errorMessage: "errormes-73é",
                    resourceType: .topic,
                    resourceName: "resource-35é",
                    configs: [
                        DescribeConfigsResponse.Config(
                            name: "name-89é",
                            value: "value-91é",
                            readOnly: true,
                            configSource: .builtIn,
                            isSensitive: true,
                            synonyms: [
                                DescribeConfigsResponse.Synonym(
                                    name: "name-10é",
                                    value: "value-76é",
                                    source: .staticBroker
                                )
                            ],
                            configType: .int,
                            documentation: "document-10é"
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @1-2
        000035a5000000020008000d6572726f726d65732d3632c3a902000d7265736f757263652d3234c3a90000000100096e616d
        652d3738c3a9000a76616c75652d3830c3a90105010000000100096e616d652d3939c3a9000a76616c75652d3635c3a90400
        13000d6572726f726d65732d3733c3a902000d7265736f757263652d3335c3a90000000100096e616d652d3839c3a9000a76
        616c75652d3931c3a90105010000000100096e616d652d3130c3a9000a76616c75652d3736c3a904
        bytes @3
        000035a5000000020008000d6572726f726d65732d3632c3a902000d7265736f757263652d3234c3a90000000100096e616d
        652d3738c3a9000a76616c75652d3830c3a90105010000000100096e616d652d3939c3a9000a76616c75652d3635c3a90403
        000d646f63756d656e742d3939c3a90013000d6572726f726d65732d3733c3a902000d7265736f757263652d3335c3a90000
        000100096e616d652d3839c3a9000a76616c75652d3931c3a90105010000000100096e616d652d3130c3a9000a76616c7565
        2d3736c3a90403000d646f63756d656e742d3130c3a9
        bytes @4
        000035a50300080e6572726f726d65732d3632c3a9020e7265736f757263652d3234c3a9020a6e616d652d3738c3a90b7661
        6c75652d3830c3a9010501020a6e616d652d3939c3a90b76616c75652d3635c3a90400030e646f63756d656e742d3939c3a9
        000000130e6572726f726d65732d3733c3a9020e7265736f757263652d3335c3a9020a6e616d652d3839c3a90b76616c7565
        2d3931c3a9010501020a6e616d652d3130c3a90b76616c75652d3736c3a90400030e646f63756d656e742d3130c3a9000000
        """
    )

    private static let alterConfigsResponse = Response(
        AlterConfigsResponse(
            throttleTimeMs: 13733,
            responses: [
                AlterConfigsResponse.Response(
                    errorCode: .notCoordinator,
                    errorMessage: "errormes-86é",
                    resourceType: .topic,
                    resourceName: "resource-36é"
                ),
                AlterConfigsResponse.Response(
                    errorCode: .requestTimedOut,
                    errorMessage: "errormes-99é",
                    resourceType: .topic,
                    resourceName: "resource-49é"
                ),
            ]
        ),
        """
        bytes @0-1
        000035a5000000020010000d6572726f726d65732d3836c3a902000d7265736f757263652d3336c3a90007000d6572726f72
        6d65732d3939c3a902000d7265736f757263652d3439c3a9
        bytes @2
        000035a50300100e6572726f726d65732d3836c3a9020e7265736f757263652d3336c3a90000070e6572726f726d65732d39
        39c3a9020e7265736f757263652d3439c3a90000
        """
    )

    private static let incrementalAlterConfigsResponse = Response(
        IncrementalAlterConfigsResponse(
            throttleTimeMs: 13733,
            responses: [
                IncrementalAlterConfigsResponse.Response(
                    errorCode: .notCoordinator,
                    errorMessage: "errormes-86é",
                    resourceType: .topic,
                    resourceName: "resource-36é"
                ),
                IncrementalAlterConfigsResponse.Response(
                    errorCode: .requestTimedOut,
                    errorMessage: "errormes-99é",
                    resourceType: .topic,
                    resourceName: "resource-49é"
                ),
            ]
        ),
        """
        bytes @0
        000035a5000000020010000d6572726f726d65732d3836c3a902000d7265736f757263652d3336c3a90007000d6572726f72
        6d65732d3939c3a902000d7265736f757263652d3439c3a9
        bytes @1
        000035a50300100e6572726f726d65732d3836c3a9020e7265736f757263652d3336c3a90000070e6572726f726d65732d39
        39c3a9020e7265736f757263652d3439c3a90000
        """
    )

    static let responsesConfiguration = [
        describeConfigsResponse, alterConfigsResponse, incrementalAlterConfigsResponse,
    ]
}
