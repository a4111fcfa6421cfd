import KafkaProtocol
import NIOCore

/// What kafka-python 3.0.12 encodes from the same values.
extension Golden {
    private static let metadataResponse = Response(
        MetadataResponse(
            throttleTimeMs: 13733,
            brokers: [
                MetadataResponse.Broker(
                    nodeID: 14707,
                    host: "host-28é",
                    port: 12718,
                    rack: "rack-78é"
                ),
                MetadataResponse.Broker(
                    nodeID: 14718,
                    host: "host-39é",
                    port: 12729,
                    rack: "rack-89é"
                ),
            ],
            clusterID: "clusteri-28é",
            controllerID: 10106,
            topics: [
                MetadataResponse.Topic(
                    errorCode: .messageTooLarge,
                    name: "name-17é",
                    topicID: KafkaUUID("G0jC62S9GEYbSMLrZL3nuQ") ?? .zero,
                    isInternal: true,
                    partitions: [
                        MetadataResponse.Partition(
                            errorCode: .notCoordinator,
                            partitionIndex: 73262,
                            leaderID: 47956,
                            leaderEpoch: 59909,
                            replicaNodes: [67729, 67767],
                            isrNodes: [53480, 53514],
                            offlineReplicas: [80071, 80112]
                        )
                    ],
                    topicAuthorizedOperations: 264
                ),
                MetadataResponse.Topic(
                    errorCode: .notEnoughReplicasAfterAppend,
                    name: "name-27é",
                    topicID: KafkaUUID("SXOEKl2l8RhJc4QqXaUO5w") ?? .zero,
                    isInternal: true,
                    partitions: [
                        MetadataResponse.Partition(
                            errorCode: .invalidFetchSize,
                            partitionIndex: 73272,
                            leaderID: 47966,
                            leaderEpoch: 59919,
                            replicaNodes: [67739, 67777],
                            isrNodes: [53490, 53524],
                            offlineReplicas: [80081, 80122]
                        )
                    ],
                    topicAuthorizedOperations: 264
                ),
            ],
            clusterAuthorizedOperations: 264
        ),
        """
        bytes @0
        00000002000039730009686f73742d3238c3a9000031ae0000397e0009686f73742d3339c3a9000031b900000002000a0009
        6e616d652d3137c3a900000001001000011e2e0000bb540000000200010891000108b7000000020000d0e80000d10a001400
        096e616d652d3237c3a900000001000400011e380000bb5e000000020001089b000108c1000000020000d0f20000d114
        bytes @1
        00000002000039730009686f73742d3238c3a9000031ae00097261636b2d3738c3a90000397e0009686f73742d3339c3a900
        0031b900097261636b2d3839c3a90000277a00000002000a00096e616d652d3137c3a90100000001001000011e2e0000bb54
        0000000200010891000108b7000000020000d0e80000d10a001400096e616d652d3237c3a90100000001000400011e380000
        bb5e000000020001089b000108c1000000020000d0f20000d114
        bytes @2
        00000002000039730009686f73742d3238c3a9000031ae00097261636b2d3738c3a90000397e0009686f73742d3339c3a900
        0031b900097261636b2d3839c3a9000d636c7573746572692d3238c3a90000277a00000002000a00096e616d652d3137c3a9
        0100000001001000011e2e0000bb540000000200010891000108b7000000020000d0e80000d10a001400096e616d652d3237
        c3a90100000001000400011e380000bb5e000000020001089b000108c1000000020000d0f20000d114
        bytes @3-4
        000035a500000002000039730009686f73742d3238c3a9000031ae00097261636b2d3738c3a90000397e0009686f73742d33
        39c3a9000031b900097261636b2d3839c3a9000d636c7573746572692d3238c3a90000277a00000002000a00096e616d652d
        3137c3a90100000001001000011e2e0000bb540000000200010891000108b7000000020000d0e80000d10a001400096e616d
        652d3237c3a90100000001000400011e380000bb5e000000020001089b000108c1000000020000d0f20000d114
        bytes @5-6
        000035a500000002000039730009686f73742d3238c3a9000031ae00097261636b2d3738c3a90000397e0009686f73742d33
        39c3a9000031b900097261636b2d3839c3a9000d636c7573746572692d3238c3a90000277a00000002000a00096e616d652d
        3137c3a90100000001001000011e2e0000bb540000000200010891000108b7000000020000d0e80000d10a00000002000138
        c7000138f0001400096e616d652d3237c3a90100000001000400011e380000bb5e000000020001089b000108c10000000200
        00d0f20000d11400000002000138d1000138fa
        bytes @7
        000035a500000002000039730009686f73742d3238c3a9000031ae00097261636b2d3738c3a90000397e0009686f73742d33
        39c3a9000031b900097261636b2d3839c3a9000d636c7573746572692d3238c3a90000277a00000002000a00096e616d652d
        3137c3a90100000001001000011e2e0000bb540000ea050000000200010891000108b7000000020000d0e80000d10a000000
        02000138c7000138f0001400096e616d652d3237c3a90100000001000400011e380000bb5e0000ea0f000000020001089b00
        0108c1000000020000d0f20000d11400000002000138d1000138fa
        bytes @8
        000035a500000002000039730009686f73742d3238c3a9000031ae00097261636b2d3738c3a90000397e0009686f73742d33
        39c3a9000031b900097261636b2d3839c3a9000d636c7573746572692d3238c3a90000277a00000002000a00096e616d652d
        3137c3a90100000001001000011e2e0000bb540000ea050000000200010891000108b7000000020000d0e80000d10a000000
        02000138c7000138f000000108001400096e616d652d3237c3a90100000001000400011e380000bb5e0000ea0f0000000200
        01089b000108c1000000020000d0f20000d11400000002000138d1000138fa0000010800000108
        bytes @9
        000035a503000039730a686f73742d3238c3a9000031ae0a7261636b2d3738c3a9000000397e0a686f73742d3339c3a90000
        31b90a7261636b2d3839c3a9000e636c7573746572692d3238c3a90000277a03000a0a6e616d652d3137c3a9010200100001
        1e2e0000bb540000ea050300010891000108b7030000d0e80000d10a03000138c7000138f000000001080000140a6e616d65
        2d3237c3a90102000400011e380000bb5e0000ea0f030001089b000108c1030000d0f20000d11403000138d1000138fa0000
        000108000000010800
        bytes @10
        000035a503000039730a686f73742d3238c3a9000031ae0a7261636b2d3738c3a9000000397e0a686f73742d3339c3a90000
        31b90a7261636b2d3839c3a9000e636c7573746572692d3238c3a90000277a03000a0a6e616d652d3137c3a91b48c2eb64bd
        18461b48c2eb64bde7b90102001000011e2e0000bb540000ea050300010891000108b7030000d0e80000d10a03000138c700
        0138f000000001080000140a6e616d652d3237c3a94973842a5da5f1184973842a5da50ee70102000400011e380000bb5e00
        00ea0f030001089b000108c1030000d0f20000d11403000138d1000138fa0000000108000000010800
        bytes @11-12
        000035a503000039730a686f73742d3238c3a9000031ae0a7261636b2d3738c3a9000000397e0a686f73742d3339c3a90000
        31b90a7261636b2d3839c3a9000e636c7573746572692d3238c3a90000277a03000a0a6e616d652d3137c3a91b48c2eb64bd
        18461b48c2eb64bde7b90102001000011e2e0000bb540000ea050300010891000108b7030000d0e80000d10a03000138c700
        0138f000000001080000140a6e616d652d3237c3a94973842a5da5f1184973842a5da50ee70102000400011e380000bb5e00
        00ea0f030001089b000108c1030000d0f20000d11403000138d1000138fa00000001080000
        """
    )

    private static let findCoordinatorResponse0 = Response(
        FindCoordinatorResponse(
            coordinators: [
                FindCoordinatorResponse.Coordinator(
                    key: "",
                    nodeID: 2936,
                    host: "host-27é",
                    port: 2047,
                    errorCode: .notCoordinator
                )
            ]
        ),
        """
        bytes @0
        001000000b780009686f73742d3237c3a9000007ff
        """
    )

    private static let findCoordinatorResponse1 = Response(
        FindCoordinatorResponse(
            throttleTimeMs: 13733,
            coordinators: [
                FindCoordinatorResponse.Coordinator(
                    key: "",
                    nodeID: 2936,
                    host: "host-27é",
                    port: 2047,
                    errorCode: .notCoordinator,
                    errorMessage: "errormes-50é"
                )
            ]
        ),
        """
        bytes @1-2
        000035a50010000d6572726f726d65732d3530c3a900000b780009686f73742d3237c3a9000007ff
        bytes @3
        000035a500100e6572726f726d65732d3530c3a900000b780a686f73742d3237c3a9000007ff00
        """
    )

    private static let findCoordinatorResponse4 = Response(
        FindCoordinatorResponse(
            throttleTimeMs: 13733,
            coordinators: [
                FindCoordinatorResponse.Coordinator(
                    key: "key-85é",
                    nodeID: 24801,
                    host: "host-37é",
                    port: 22262,
                    errorCode: .notEnoughReplicas,
                    errorMessage: "errormes-15é"
                ),
                FindCoordinatorResponse.Coordinator(
                    key: "key-1é",
                    nodeID: 24817,
                    host: "host-53é",
                    port: 22278,
                    errorCode: .networkException,
                    errorMessage: "errormes-31é"
                ),
            ]
        ),
        """
        bytes @4
        000035a503096b65792d3835c3a9000060e10a686f73742d3337c3a9000056f600130e6572726f726d65732d3135c3a90008
        6b65792d31c3a9000060f10a686f73742d3533c3a900005706000d0e6572726f726d65732d3331c3a90000
        """
    )

    private static let describeLogDirsResponse = Response(
        DescribeLogDirsResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator,
            results: [
                DescribeLogDirsResponse.Result(
                    errorCode: .brokerNotAvailable,
                    logDir: "logdir-10é",
                    topics: [
                        DescribeLogDirsResponse.Topic(
                            name: "name-49é",
                            partitions: [
                                DescribeLogDirsResponse.Partition(
                                    partitionIndex: 24834,
                                    partitionSize: 110300330900,
                                    offsetLag: 88993266979,
                                    isFutureKey: true
                                )
                            ]
                        )
                    ],
                    totalBytes: 24930074790,
                    usableBytes: 27067081201
                ),
                DescribeLogDirsResponse.Result(
                    errorCode: .notEnoughReplicas,
                    logDir: "logdir-21é",
                    topics: [
                        DescribeLogDirsResponse.Topic(
                            name: "name-60é",
                            partitions: [
                                DescribeLogDirsResponse.Partition(
                                    partitionIndex: 24845,
                                    partitionSize: 110311330933,
                                    offsetLag: 89004267012,
                                    isFutureKey: true
                                )
                            ]
                        )
                    ],
                    totalBytes: 24941074823,
                    usableBytes: 27078081234
                ),
            ]
        ),
        """
        bytes @1
        000035a5000000020008000b6c6f676469722d3130c3a90000000100096e616d652d3439c3a9000000010000610200000019
        ae697b9400000014b8697d23010013000b6c6f676469722d3231c3a90000000100096e616d652d3630c3a900000001000061
        0d00000019af11547500000014b911560401
        bytes @2
        000035a50300080c6c6f676469722d3130c3a9020a6e616d652d3439c3a9020000610200000019ae697b9400000014b8697d
        230100000000130c6c6f676469722d3231c3a9020a6e616d652d3630c3a9020000610d00000019af11547500000014b91156
        040100000000
        bytes @3
        000035a500100300080c6c6f676469722d3130c3a9020a6e616d652d3439c3a9020000610200000019ae697b9400000014b8
        697d230100000000130c6c6f676469722d3231c3a9020a6e616d652d3630c3a9020000610d00000019af11547500000014b9
        1156040100000000
        bytes @4
        000035a500100300080c6c6f676469722d3130c3a9020a6e616d652d3439c3a9020000610200000019ae697b9400000014b8
        697d2301000000000005cdf2c0a6000000064d52e1f10000130c6c6f676469722d3231c3a9020a6e616d652d3630c3a90200
        00610d00000019af11547500000014b911560401000000000005ce9a9987000000064dfabad20000
        """
    )

    private static let describeClusterResponse = Response(
        DescribeClusterResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator,
            errorMessage: "errormes-50é",
            endpointType: 1,
            clusterID: "clusteri-28é",
            controllerID: 10106,
            brokers: [
                DescribeClusterResponse.Broker(
                    brokerID: 18905,
                    host: "host-28é",
                    port: 12718,
                    rack: "rack-78é"
                ),
                DescribeClusterResponse.Broker(
                    brokerID: 18916,
                    host: "host-39é",
                    port: 12729,
                    rack: "rack-89é"
                ),
            ],
            clusterAuthorizedOperations: 264
        ),
        """
        bytes @0
        000035a500100e6572726f726d65732d3530c3a90e636c7573746572692d3238c3a90000277a03000049d90a686f73742d32
        38c3a9000031ae0a7261636b2d3738c3a900000049e40a686f73742d3339c3a9000031b90a7261636b2d3839c3a900000001
        0800
        bytes @1
        000035a500100e6572726f726d65732d3530c3a9010e636c7573746572692d3238c3a90000277a03000049d90a686f73742d
        3238c3a9000031ae0a7261636b2d3738c3a900000049e40a686f73742d3339c3a9000031b90a7261636b2d3839c3a9000000
        010800
        """
    )

    static let responsesCluster = [
        metadataResponse, findCoordinatorResponse0, findCoordinatorResponse1, findCoordinatorResponse4,
        describeLogDirsResponse, describeClusterResponse,
    ]
}
