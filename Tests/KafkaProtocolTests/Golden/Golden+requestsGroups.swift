import KafkaProtocol

extension Golden {
    /// Encoded by kafka-python 3.0.12 from the values listed, of which each names the versions that have it.
    static let requestsGroups: [APIKey: String] = [
        .offsetCommit: """
        groupID=groupid-2é @2-9
        generationIDOrMemberEpoch=37208 @2-9
        memberID=memberid-20é @2-9
        retentionTimeMs=15496046488 @2-4
        topics.0.name=name-17é @2-9
        topics.0.partitions.0.partitionIndex=73262 @2-9
        topics.0.partitions.0.committedOffset=76976230928 @2-9
        topics.0.partitions.0.committedMetadata=committe-49é @2-9
        topics.1.name=name-27é @2-9
        topics.1.partitions.0.partitionIndex=73272 @2-9
        topics.1.partitions.0.committedOffset=76986230958 @2-9
        topics.1.partitions.0.committedMetadata=committe-59é @2-9
        topics.0.partitions.0.committedLeaderEpoch=6874 @6-9
        topics.1.partitions.0.committedLeaderEpoch=6884 @6-9
        groupInstanceID=groupins-25é @7-9
        bytes @2-4
        000b67726f757069642d32c3a900009158000d6d656d62657269642d3230c3a9000000039ba2e7980000000200096e616d65
        2d3137c3a90000000100011e2e00000011ec241210000d636f6d6d697474652d3439c3a900096e616d652d3237c3a9000000
        0100011e3800000011ecbca8ae000d636f6d6d697474652d3539c3a9
        bytes @5
        000b67726f757069642d32c3a900009158000d6d656d62657269642d3230c3a90000000200096e616d652d3137c3a9000000
        0100011e2e00000011ec241210000d636f6d6d697474652d3439c3a900096e616d652d3237c3a90000000100011e38000000
        11ecbca8ae000d636f6d6d697474652d3539c3a9
        bytes @6
        000b67726f757069642d32c3a900009158000d6d656d62657269642d3230c3a90000000200096e616d652d3137c3a9000000
        0100011e2e00000011ec24121000001ada000d636f6d6d697474652d3439c3a900096e616d652d3237c3a90000000100011e
        3800000011ecbca8ae00001ae4000d636f6d6d697474652d3539c3a9
        bytes @7
        000b67726f757069642d32c3a900009158000d6d656d62657269642d3230c3a9000d67726f7570696e732d3235c3a9000000
        0200096e616d652d3137c3a90000000100011e2e00000011ec24121000001ada000d636f6d6d697474652d3439c3a900096e
        616d652d3237c3a90000000100011e3800000011ecbca8ae00001ae4000d636f6d6d697474652d3539c3a9
        bytes @8-9
        0c67726f757069642d32c3a9000091580e6d656d62657269642d3230c3a90e67726f7570696e732d3235c3a9030a6e616d65
        2d3137c3a90200011e2e00000011ec24121000001ada0e636f6d6d697474652d3439c3a900000a6e616d652d3237c3a90200
        011e3800000011ecbca8ae00001ae40e636f6d6d697474652d3539c3a9000000
        """,
        .offsetFetch: """
        groups.0.groupID=groupid-2é @1-7
        groups.0.topics.0.name=name-17é @1-7
        groups.0.topics.0.partitionIndexes.0=40876 @1-7
        groups.0.topics.0.partitionIndexes.1=40905 @1-7
        groups.0.topics.1.name=name-27é @1-7
        groups.0.topics.1.partitionIndexes.0=40886 @1-7
        groups.0.topics.1.partitionIndexes.1=40915 @1-7
        requireStable=true @7-9
        groups.0.groupID=groupid-10é @8-9
        groups.0.topics.0.name=name-78é @8-9
        groups.0.topics.0.partitionIndexes.0=69384 @8-9
        groups.0.topics.0.partitionIndexes.1=69422 @8-9
        groups.1.groupID=groupid-20é @8-9
        groups.1.topics.0.name=name-88é @8-9
        groups.1.topics.0.partitionIndexes.0=69394 @8-9
        groups.1.topics.0.partitionIndexes.1=69432 @8-9
        groups.0.memberID=memberid-3é @9
        groups.0.memberEpoch=24255 @9
        groups.1.memberID=memberid-13é @9
        groups.1.memberEpoch=24265 @9
        bytes @1-5
        000b67726f757069642d32c3a90000000200096e616d652d3137c3a90000000200009fac00009fc900096e616d652d3237c3
        a90000000200009fb600009fd3
        bytes @6
        0c67726f757069642d32c3a9030a6e616d652d3137c3a90300009fac00009fc9000a6e616d652d3237c3a90300009fb60000
        9fd30000
        bytes @7
        0c67726f757069642d32c3a9030a6e616d652d3137c3a90300009fac00009fc9000a6e616d652d3237c3a90300009fb60000
        9fd3000100
        bytes @8
        030d67726f757069642d3130c3a9020a6e616d652d3738c3a90300010f0800010f2e00000d67726f757069642d3230c3a902
        0a6e616d652d3838c3a90300010f1200010f3800000100
        bytes @9
        030d67726f757069642d3130c3a90d6d656d62657269642d33c3a900005ebf020a6e616d652d3738c3a90300010f0800010f
        2e00000d67726f757069642d3230c3a90e6d656d62657269642d3133c3a900005ec9020a6e616d652d3838c3a90300010f12
        00010f3800000100
        """,
        .joinGroup: """
        groupID=groupid-2é @0-9
        sessionTimeoutMs=17788 @0-9
        memberID=memberid-20é @0-9
        protocolType=protocol-37é @0-9
        protocols.0.name=name-49é @0-9
        protocols.0.metadata=3b00ff07 @0-9
        protocols.1.name=name-62é @0-9
        protocols.1.metadata=4800ff07 @0-9
        rebalanceTimeoutMs=21472 @1-9
        groupInstanceID=groupins-25é @5-9
        reason=reason-78é @8-9
        bytes @0
        000b67726f757069642d32c3a90000457c000d6d656d62657269642d3230c3a9000d70726f746f636f6c2d3337c3a9000000
        0200096e616d652d3439c3a9000000043b00ff0700096e616d652d3632c3a9000000044800ff07
        bytes @1-4
        000b67726f757069642d32c3a90000457c000053e0000d6d656d62657269642d3230c3a9000d70726f746f636f6c2d3337c3
        a90000000200096e616d652d3439c3a9000000043b00ff0700096e616d652d3632c3a9000000044800ff07
        bytes @5
        000b67726f757069642d32c3a90000457c000053e0000d6d656d62657269642d3230c3a9000d67726f7570696e732d3235c3
        a9000d70726f746f636f6c2d3337c3a90000000200096e616d652d3439c3a9000000043b00ff0700096e616d652d3632c3a9
        000000044800ff07
        bytes @6-7
        0c67726f757069642d32c3a90000457c000053e00e6d656d62657269642d3230c3a90e67726f7570696e732d3235c3a90e70
        726f746f636f6c2d3337c3a9030a6e616d652d3439c3a9053b00ff07000a6e616d652d3632c3a9054800ff070000
        bytes @8-9
        0c67726f757069642d32c3a90000457c000053e00e6d656d62657269642d3230c3a90e67726f7570696e732d3235c3a90e70
        726f746f636f6c2d3337c3a9030a6e616d652d3439c3a9053b00ff07000a6e616d652d3632c3a9054800ff07000c72656173
        6f6e2d3738c3a900
        """,
        .heartbeat: """
        groupID=groupid-2é @0-4
        generationID=9980 @0-4
        memberID=memberid-20é @0-4
        groupInstanceID=groupins-25é @3-4
        bytes @0-2
        000b67726f757069642d32c3a9000026fc000d6d656d62657269642d3230c3a9
        bytes @3
        000b67726f757069642d32c3a9000026fc000d6d656d62657269642d3230c3a9000d67726f7570696e732d3235c3a9
        bytes @4
        0c67726f757069642d32c3a9000026fc0e6d656d62657269642d3230c3a90e67726f7570696e732d3235c3a900
        """,
        .leaveGroup: """
        groupID=groupid-2é @0-5
        members.0.memberID=memberid-20é @0-2
        members.0.memberID=memberid-8é @3-5
        members.0.groupInstanceID=groupins-73é @3-5
        members.1.memberID=memberid-19é @3-5
        members.1.groupInstanceID=groupins-84é @3-5
        members.0.reason=reason-16é @5
        members.1.reason=reason-27é @5
        bytes @0-2
        000b67726f757069642d32c3a9000d6d656d62657269642d3230c3a9
        bytes @3
        000b67726f757069642d32c3a900000002000c6d656d62657269642d38c3a9000d67726f7570696e732d3733c3a9000d6d65
        6d62657269642d3139c3a9000d67726f7570696e732d3834c3a9
        bytes @4
        0c67726f757069642d32c3a9030d6d656d62657269642d38c3a90e67726f7570696e732d3733c3a9000e6d656d6265726964
        2d3139c3a90e67726f7570696e732d3834c3a90000
        bytes @5
        0c67726f757069642d32c3a9030d6d656d62657269642d38c3a90e67726f7570696e732d3733c3a90c726561736f6e2d3136
        c3a9000e6d656d62657269642d3139c3a90e67726f7570696e732d3834c3a90c726561736f6e2d3237c3a90000
        """,
        .syncGroup: """
        groupID=groupid-2é @0-5
        generationID=9980 @0-5
        memberID=memberid-20é @0-5
        assignments.0.memberID=memberid-87é @0-5
        assignments.0.assignment=8c00ff07 @0-5
        assignments.1.memberID=memberid-2é @0-5
        assignments.1.assignment=9b00ff07 @0-5
        groupInstanceID=groupins-25é @3-5
        protocolType=protocol-37é @5
        protocolName=protocol-44é @5
        bytes @0-2
        000b67726f757069642d32c3a9000026fc000d6d656d62657269642d3230c3a900000002000d6d656d62657269642d3837c3
        a9000000048c00ff07000c6d656d62657269642d32c3a9000000049b00ff07
        bytes @3
        000b67726f757069642d32c3a9000026fc000d6d656d62657269642d3230c3a9000d67726f7570696e732d3235c3a9000000
        02000d6d656d62657269642d3837c3a9000000048c00ff07000c6d656d62657269642d32c3a9000000049b00ff07
        bytes @4
        0c67726f757069642d32c3a9000026fc0e6d656d62657269642d3230c3a90e67726f7570696e732d3235c3a9030e6d656d62
        657269642d3837c3a9058c00ff07000d6d656d62657269642d32c3a9059b00ff070000
        bytes @5
        0c67726f757069642d32c3a9000026fc0e6d656d62657269642d3230c3a90e67726f7570696e732d3235c3a90e70726f746f
        636f6c2d3337c3a90e70726f746f636f6c2d3434c3a9030e6d656d62657269642d3837c3a9058c00ff07000d6d656d626572
        69642d32c3a9059b00ff070000
        """,
        .describeGroups: """
        groups.0=groups-20é @0-5
        groups.1=groups-30é @0-5
        includeAuthorizedOperations=true @3-5
        bytes @0-2
        00000002000b67726f7570732d3230c3a9000b67726f7570732d3330c3a9
        bytes @3-4
        00000002000b67726f7570732d3230c3a9000b67726f7570732d3330c3a901
        bytes @5
        030c67726f7570732d3230c3a90c67726f7570732d3330c3a90100
        """,
        .listGroups: """
        statesFilter.0=statesfi-44é @4
        statesFilter.1=statesfi-60é @4
        bytes @0-2

        bytes @3
        00
        bytes @4
        030e73746174657366692d3434c3a90e73746174657366692d3630c3a900
        """,
        .deleteGroups: """
        groupsNames.0=groupsna-68é @0-2
        groupsNames.1=groupsna-83é @0-2
        bytes @0-1
        00000002000d67726f7570736e612d3638c3a9000d67726f7570736e612d3833c3a9
        bytes @2
        030e67726f7570736e612d3638c3a90e67726f7570736e612d3833c3a900
        """,
        .offsetDelete: """
        groupID=groupid-2é @0
        topics.0.name=name-17é @0
        topics.0.partitions.0.partitionIndex=73262 @0
        topics.1.name=name-27é @0
        topics.1.partitions.0.partitionIndex=73272 @0
        bytes @0
        000b67726f757069642d32c3a90000000200096e616d652d3137c3a90000000100011e2e00096e616d652d3237c3a9000000
        0100011e38
        """,
    ]
}
