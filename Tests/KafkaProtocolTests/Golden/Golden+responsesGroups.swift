import KafkaProtocol
import NIOCore

/// What kafka-python 3.0.12 encodes from the same values.
extension Golden {
    private static let offsetCommitResponse = Response(
        OffsetCommitResponse(
            throttleTimeMs: 13733,
            topics: [
                OffsetCommitResponse.Topic(
                    name: "name-17é",
                    partitions: [
                        OffsetCommitResponse.Partition(
                            partitionIndex: 73262,
                            errorCode: .notCoordinator
                        )
                    ]
                ),
                OffsetCommitResponse.Topic(
                    name: "name-27é",
                    partitions: [
                        OffsetCommitResponse.Partition(
                            partitionIndex: 73272,
                            errorCode: .invalidFetchSize
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @2
        0000000200096e616d652d3137c3a90000000100011e2e001000096e616d652d3237c3a90000000100011e380004
        bytes @3-7
        000035a50000000200096e616d652d3137c3a90000000100011e2e001000096e616d652d3237c3a90000000100011e380004
        bytes @8-9
        000035a5030a6e616d652d3137c3a90200011e2e001000000a6e616d652d3237c3a90200011e380004000000
        """
    )

    private static let offsetFetchResponse1 = Response(
        OffsetFetchResponse(
            throttleTimeMs: 13733,
            groups: [
                OffsetFetchResponse.Group(
                    groupID: "",
                    topics: [
                        OffsetFetchResponse.Topic(
                            name: "name-17é",
                            partitions: [
                                OffsetFetchResponse.Partition(
                                    partitionIndex: 73262,
                                    committedOffset: 76976230928,
                                    committedLeaderEpoch: 6874,
                                    metadata: "metadata-31é",
                                    errorCode: .notCoordinator
                                )
                            ]
                        ),
                        OffsetFetchResponse.Topic(
                            name: "name-27é",
                            partitions: [
                                OffsetFetchResponse.Partition(
                                    partitionIndex: 73272,
                                    committedOffset: 76986230958,
                                    committedLeaderEpoch: 6884,
                                    metadata: "metadata-41é",
                                    errorCode: .invalidFetchSize
                                )
                            ]
                        ),
                    ],
                    errorCode: .notCoordinator
                )
            ]
        ),
        """
        bytes @1
        0000000200096e616d652d3137c3a90000000100011e2e00000011ec241210000d6d657461646174612d3331c3a900100009
        6e616d652d3237c3a90000000100011e3800000011ecbca8ae000d6d657461646174612d3431c3a90004
        bytes @2
        0000000200096e616d652d3137c3a90000000100011e2e00000011ec241210000d6d657461646174612d3331c3a900100009
        6e616d652d3237c3a90000000100011e3800000011ecbca8ae000d6d657461646174612d3431c3a900040010
        bytes @3-4
        000035a50000000200096e616d652d3137c3a90000000100011e2e00000011ec241210000d6d657461646174612d3331c3a9
        001000096e616d652d3237c3a90000000100011e3800000011ecbca8ae000d6d657461646174612d3431c3a900040010
        bytes @5
        000035a50000000200096e616d652d3137c3a90000000100011e2e00000011ec24121000001ada000d6d657461646174612d
        3331c3a9001000096e616d652d3237c3a90000000100011e3800000011ecbca8ae00001ae4000d6d657461646174612d3431
        c3a900040010
        bytes @6-7
        000035a5030a6e616d652d3137c3a90200011e2e00000011ec24121000001ada0e6d657461646174612d3331c3a900100000
        0a6e616d652d3237c3a90200011e3800000011ecbca8ae00001ae40e6d657461646174612d3431c3a900040000001000
        """
    )

    private static let offsetFetchResponse8 = Response(
        OffsetFetchResponse(
            throttleTimeMs: 13733,
            groups: [
                OffsetFetchResponse.Group(
                    groupID: "groupid-10é",
                    topics: [
                        OffsetFetchResponse.Topic(
                            name: "name-78é",
                            partitions: [
                                OffsetFetchResponse.Partition(
                                    partitionIndex: 20149,
                                    committedOffset: 114682344046,
                                    committedLeaderEpoch: 48801,
                                    metadata: "metadata-5é",
                                    errorCode: .offsetMetadataTooLarge
                                )
                            ]
                        )
                    ],
                    errorCode: .replicaNotAvailable
                ),
                OffsetFetchResponse.Group(
                    groupID: "groupid-20é",
                    topics: [
                        OffsetFetchResponse.Topic(
                            name: "name-88é",
                            partitions: [
                                OffsetFetchResponse.Partition(
                                    partitionIndex: 20159,
                                    committedOffset: 114692344076,
                                    committedLeaderEpoch: 48811,
                                    metadata: "metadata-15é",
                                    errorCode: .illegalGeneration
                                )
                            ]
                        )
                    ],
                    errorCode: .notEnoughReplicas
                ),
            ]
        ),
        """
        bytes @8-9
        000035a5030d67726f757069642d3130c3a9020a6e616d652d3738c3a90200004eb50000001ab399b26e0000bea10d6d6574
        61646174612d35c3a9000c00000009000d67726f757069642d3230c3a9020a6e616d652d3838c3a90200004ebf0000001ab4
        32490c0000beab0e6d657461646174612d3135c3a90016000000130000
        """
    )

    private static let joinGroupResponse = Response(
        JoinGroupResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator,
            generationID: 9980,
            protocolType: "protocol-37é",
            protocolName: "protocol-44é",
            leader: "leader-32é",
            skipAssignment: true,
            memberID: "memberid-20é",
            members: [
                JoinGroupResponse.Member(
                    memberID: "memberid-8é",
                    groupInstanceID: "groupins-73é",
                    metadata: ByteBuffer(hex: "c100ff07")
                ),
                JoinGroupResponse.Member(
                    memberID: "memberid-19é",
                    groupInstanceID: "groupins-84é",
                    metadata: ByteBuffer(hex: "cc00ff07")
                ),
            ]
        ),
        """
        bytes @0-1
        0010000026fc000d70726f746f636f6c2d3434c3a9000b6c65616465722d3332c3a9000d6d656d62657269642d3230c3a900
        000002000c6d656d62657269642d38c3a900000004c100ff07000d6d656d62657269642d3139c3a900000004cc00ff07
        bytes @2-4
        000035a50010000026fc000d70726f746f636f6c2d3434c3a9000b6c65616465722d3332c3a9000d6d656d62657269642d32
        30c3a900000002000c6d656d62657269642d38c3a900000004c100ff07000d6d656d62657269642d3139c3a900000004cc00
        ff07
        bytes @5
        000035a50010000026fc000d70726f746f636f6c2d3434c3a9000b6c65616465722d3332c3a9000d6d656d62657269642d32
        30c3a900000002000c6d656d62657269642d38c3a9000d67726f7570696e732d3733c3a900000004c100ff07000d6d656d62
        657269642d3139c3a9000d67726f7570696e732d3834c3a900000004cc00ff07
        bytes @6
        000035a50010000026fc0e70726f746f636f6c2d3434c3a90c6c65616465722d3332c3a90e6d656d62657269642d3230c3a9
        030d6d656d62657269642d38c3a90e67726f7570696e732d3733c3a905c100ff07000e6d656d62657269642d3139c3a90e67
        726f7570696e732d3834c3a905cc00ff070000
        bytes @7-8
        000035a50010000026fc0e70726f746f636f6c2d3337c3a90e70726f746f636f6c2d3434c3a90c6c65616465722d3332c3a9
        0e6d656d62657269642d3230c3a9030d6d656d62657269642d38c3a90e67726f7570696e732d3733c3a905c100ff07000e6d
        656d62657269642d3139c3a90e67726f7570696e732d3834c3a905cc00ff070000
        bytes @9
        000035a50010000026fc0e70726f746f636f6c2d3337c3a90e70726f746f636f6c2d3434c3a90c6c65616465722d3332c3a9
        010e6d656d62657269642d3230c3a9030d6d656d62657269642d38c3a90e67726f7570696e732d3733c3a905c100ff07000e
        6d656d62657269642d3139c3a90e67726f7570696e732d3834c3a905cc00ff070000
        """
    )

    private static let heartbeatResponse = Response(
        HeartbeatResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator
        ),
        """
        bytes @0
        0010
        bytes @1-3
        000035a50010
        bytes @4
        000035a5001000
        """
    )

    private static let leaveGroupResponse = Response(
        LeaveGroupResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator,
            members: [
                LeaveGroupResponse.Member(
                    memberID: "memberid-8é",
                    groupInstanceID: "groupins-73é",
                    errorCode: .invalidFetchSize
                ),
                LeaveGroupResponse.Member(
                    memberID: "memberid-19é",
                    groupInstanceID: "groupins-84é",
                    errorCode: .coordinatorNotAvailable
                ),
            ]
        ),
        """
        bytes @0
        0010
        bytes @1-2
        000035a50010
        bytes @3
        000035a5001000000002000c6d656d62657269642d38c3a9000d67726f7570696e732d3733c3a90004000d6d656d62657269
        642d3139c3a9000d67726f7570696e732d3834c3a9000f
        bytes @4-5
        000035a50010030d6d656d62657269642d38c3a90e67726f7570696e732d3733c3a90004000e6d656d62657269642d3139c3
        a90e67726f7570696e732d3834c3a9000f0000
        """
    )

    private static let syncGroupResponse = Response(
        SyncGroupResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator,
            protocolType: "protocol-37é",
            protocolName: "protocol-44é",
            assignment: ByteBuffer(hex: "7600ff07")
        ),
        """
        bytes @0
        0010000000047600ff07
        bytes @1-3
        000035a50010000000047600ff07
        bytes @4
        000035a50010057600ff0700
        bytes @5
        000035a500100e70726f746f636f6c2d3337c3a90e70726f746f636f6c2d3434c3a9057600ff0700
        """
    )

    private static let describeGroupsResponse = Response(
        DescribeGroupsResponse(
            throttleTimeMs: 13733,
            groups: [
                DescribeGroupsResponse.Group(
                    errorCode: .replicaNotAvailable,
                    groupID: "groupid-10é",
                    groupState: "groupsta-28é",
                    protocolType: "protocol-63é",
                    protocolData: "protocol-35é",
                    members: [
                        DescribeGroupsResponse.Member(
                            memberID: "memberid-74é",
                            groupInstanceID: "groupins-53é",
                            clientID: "clientid-82é",
                            clientHost: "clientho-47é",
                            memberMetadata: ByteBuffer(hex: "e800ff07"),
                            memberAssignment: ByteBuffer(hex: "a300ff07")
                        )
                    ],
                    authorizedOperations: 264
                ),
                DescribeGroupsResponse.Group(
                    errorCode: .notEnoughReplicas,
                    groupID: "groupid-20é",
                    groupState: "groupsta-38é",
                    protocolType: "protocol-73é",
                    protocolData: "protocol-45é",
                    members: [
                        DescribeGroupsResponse.Member(
                            memberID: "memberid-84é",
                            groupInstanceID: "groupins-63é",
                            clientID: "clientid-92é",
                            clientHost: "clientho-57é",
                            memberMetadata: ByteBuffer(hex: "f200ff07"),
                            memberAssignment: ByteBuffer(hex: "ad00ff07")
                        )
                    ],
                    authorizedOperations: 264
                ),
            ]
        ),
        """
        bytes @0
        000000020009000c67726f757069642d3130c3a9000d67726f75707374612d3238c3a9000d70726f746f636f6c2d3633c3a9
        000d70726f746f636f6c2d3335c3a900000001000d6d656d62657269642d3734c3a9000d636c69656e7469642d3832c3a900
        0d636c69656e74686f2d3437c3a900000004e800ff0700000004a300ff070013000c67726f757069642d3230c3a9000d6772
        6f75707374612d3338c3a9000d70726f746f636f6c2d3733c3a9000d70726f746f636f6c2d3435c3a900000001000d6d656d
        62657269642d3834c3a9000d636c69656e7469642d3932c3a9000d636c69656e74686f2d3537c3a900000004f200ff070000
        0004ad00ff07
        bytes @1-2
        000035a5000000020009000c67726f757069642d3130c3a9000d67726f75707374612d3238c3a9000d70726f746f636f6c2d
        3633c3a9000d70726f746f636f6c2d3335c3a900000001000d6d656d62657269642d3734c3a9000d636c69656e7469642d38
        32c3a9000d636c69656e74686f2d3437c3a900000004e800ff0700000004a300ff070013000c67726f757069642d3230c3a9
        000d67726f75707374612d3338c3a9000d70726f746f636f6c2d3733c3a9000d70726f746f636f6c2d3435c3a90000000100
        0d6d656d62657269642d3834c3a9000d636c69656e7469642d3932c3a9000d636c69656e74686f2d3537c3a900000004f200
        ff0700000004ad00ff07
        bytes @3
        000035a5000000020009000c67726f757069642d3130c3a9000d67726f75707374612d3238c3a9000d70726f746f636f6c2d
        3633c3a9000d70726f746f636f6c2d3335c3a900000001000d6d656d62657269642d3734c3a9000d636c69656e7469642d38
        32c3a9000d636c69656e74686f2d3437c3a900000004e800ff0700000004a300ff07000001080013000c67726f757069642d
        3230c3a9000d67726f75707374612d3338c3a9000d70726f746f636f6c2d3733c3a9000d70726f746f636f6c2d3435c3a900
        000001000d6d656d62657269642d3834c3a9000d636c69656e7469642d3932c3a9000d636c69656e74686f2d3537c3a90000
        0004f200ff0700000004ad00ff0700000108
        bytes @4
        000035a5000000020009000c67726f757069642d3130c3a9000d67726f75707374612d3238c3a9000d70726f746f636f6c2d
        3633c3a9000d70726f746f636f6c2d3335c3a900000001000d6d656d62657269642d3734c3a9000d67726f7570696e732d35
        33c3a9000d636c69656e7469642d3832c3a9000d636c69656e74686f2d3437c3a900000004e800ff0700000004a300ff0700
        0001080013000c67726f757069642d3230c3a9000d67726f75707374612d3338c3a9000d70726f746f636f6c2d3733c3a900
        0d70726f746f636f6c2d3435c3a900000001000d6d656d62657269642d3834c3a9000d67726f7570696e732d3633c3a9000d
        636c69656e7469642d3932c3a9000d636c69656e74686f2d3537c3a900000004f200ff0700000004ad00ff0700000108
        bytes @5
        000035a50300090d67726f757069642d3130c3a90e67726f75707374612d3238c3a90e70726f746f636f6c2d3633c3a90e70
        726f746f636f6c2d3335c3a9020e6d656d62657269642d3734c3a90e67726f7570696e732d3533c3a90e636c69656e746964
        2d3832c3a90e636c69656e74686f2d3437c3a905e800ff0705a300ff0700000001080000130d67726f757069642d3230c3a9
        0e67726f75707374612d3338c3a90e70726f746f636f6c2d3733c3a90e70726f746f636f6c2d3435c3a9020e6d656d626572
        69642d3834c3a90e67726f7570696e732d3633c3a90e636c69656e7469642d3932c3a90e636c69656e74686f2d3537c3a905
        f200ff0705ad00ff0700000001080000
        """
    )

    private static let listGroupsResponse = Response(
        ListGroupsResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator,
            groups: [
                ListGroupsResponse.Group(
                    groupID: "groupid-10é",
                    protocolType: "protocol-63é",
                    groupState: "groupsta-28é"
                ),
                ListGroupsResponse.Group(
                    groupID: "groupid-20é",
                    protocolType: "protocol-73é",
                    groupState: "groupsta-38é"
                ),
            ]
        ),
        """
        bytes @0
        001000000002000c67726f757069642d3130c3a9000d70726f746f636f6c2d3633c3a9000c67726f757069642d3230c3a900
        0d70726f746f636f6c2d3733c3a9
        bytes @1-2
        000035a5001000000002000c67726f757069642d3130c3a9000d70726f746f636f6c2d3633c3a9000c67726f757069642d32
        30c3a9000d70726f746f636f6c2d3733c3a9
        bytes @3
        000035a50010030d67726f757069642d3130c3a90e70726f746f636f6c2d3633c3a9000d67726f757069642d3230c3a90e70
        726f746f636f6c2d3733c3a90000
        bytes @4
        000035a50010030d67726f757069642d3130c3a90e70726f746f636f6c2d3633c3a90e67726f75707374612d3238c3a9000d
        67726f757069642d3230c3a90e70726f746f636f6c2d3733c3a90e67726f75707374612d3338c3a90000
        """
    )

    private static let deleteGroupsResponse = Response(
        DeleteGroupsResponse(
            throttleTimeMs: 13733,
            results: [
                DeleteGroupsResponse.Result(
                    groupID: "groupid-64é",
                    errorCode: .brokerNotAvailable
                ),
                DeleteGroupsResponse.Result(
                    groupID: "groupid-75é",
                    errorCode: .notEnoughReplicas
                ),
            ]
        ),
        """
        bytes @0-1
        000035a500000002000c67726f757069642d3634c3a90008000c67726f757069642d3735c3a90013
        bytes @2
        000035a5030d67726f757069642d3634c3a90008000d67726f757069642d3735c3a900130000
        """
    )

    private static let offsetDeleteResponse = Response(
        OffsetDeleteResponse(
            errorCode: .notCoordinator,
            throttleTimeMs: 13733,
            topics: [
                OffsetDeleteResponse.Topic(
                    name: "name-17é",
                    partitions: [
                        OffsetDeleteResponse.Partition(
                            partitionIndex: 73262,
                            errorCode: .notCoordinator
                        )
                    ]
                ),
                OffsetDeleteResponse.Topic(
                    name: "name-27é",
                    partitions: [
                        OffsetDeleteResponse.Partition(
                            partitionIndex: 73272,
                            errorCode: .invalidFetchSize
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @0
        0010000035a50000000200096e616d652d3137c3a90000000100011e2e001000096e616d652d3237c3a90000000100011e38
        0004
        """
    )

    static let responsesGroups = [
        offsetCommitResponse, offsetFetchResponse1, offsetFetchResponse8, joinGroupResponse, heartbeatResponse,
        leaveGroupResponse, syncGroupResponse, describeGroupsResponse, listGroupsResponse, deleteGroupsResponse,
        offsetDeleteResponse,
    ]
}
