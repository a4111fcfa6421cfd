import KafkaProtocol
import NIOCore

/// What kafka-python 3.0.12 encodes from the same values.
extension Golden {
    private static let produceResponse = Response(
        ProduceResponse(
            responses: [
                ProduceResponse.Topic(
                    name: "name-53é",
                    partitionResponses: [
                        ProduceResponse.Partition(
                            index: 79746,
                            errorCode: .leaderNotAvailable,
                            baseOffset: 101017303051,
                            logAppendTimeMs: 124348373044,
                            logStartOffset: 121590364770,
                            recordErrors: [
                                ProduceResponse.RecordError(
                                    batchIndex: 85842,
                                    batchIndexErrorMessage: "batchind-93é"
                                )
                            ],
                            errorMessage: "errormes-85é"
                        )
                    ]
                ),
                ProduceResponse.Topic(
                    name: "name-66é",
                    partitionResponses: [
                        ProduceResponse.Partition(
                            index: 79759,
                            errorCode: .recordListTooLarge,
                            baseOffset: 101030303090,
                            logAppendTimeMs: 124361373083,
                            logStartOffset: 121603364809,
                            recordErrors: [
                                ProduceResponse.RecordError(
                                    batchIndex: 85855,
                                    batchIndexErrorMessage: "batchind-6é"
                                )
                            ],
                            errorMessage: "errormes-98é"
                        )
                    ]
                ),
            ],
            throttleTimeMs: 13733
        ),
        """
        bytes @3-4
        0000000200096e616d652d3533c3a900000001000137820005000000178519b80b0000001cf3bd983400096e616d652d3636
        c3a9000000010001378f00120000001785e015720000001cf483f59b000035a5
        bytes @5-7
        0000000200096e616d652d3533c3a900000001000137820005000000178519b80b0000001cf3bd98340000001c4f59ba6200
        096e616d652d3636c3a9000000010001378f00120000001785e015720000001cf483f59b0000001c502017c9000035a5
        bytes @8
        0000000200096e616d652d3533c3a900000001000137820005000000178519b80b0000001cf3bd98340000001c4f59ba6200
        00000100014f52000d6261746368696e642d3933c3a9000d6572726f726d65732d3835c3a900096e616d652d3636c3a90000
        00010001378f00120000001785e015720000001cf483f59b0000001c502017c90000000100014f5f000c6261746368696e64
        2d36c3a9000d6572726f726d65732d3938c3a9000035a5
        bytes @9-10
        030a6e616d652d3533c3a902000137820005000000178519b80b0000001cf3bd98340000001c4f59ba620200014f520e6261
        746368696e642d3933c3a9000e6572726f726d65732d3835c3a900000a6e616d652d3636c3a9020001378f00120000001785
        e015720000001cf483f59b0000001c502017c90200014f5f0d6261746368696e642d36c3a9000e6572726f726d65732d3938
        c3a90000000035a500
        """
    )

    private static let fetchResponse = Response(
        FetchResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator,
            sessionID: 6106,
            responses: [
                FetchResponse.Topic(
                    topic: "topic-71é",
                    topicID: KafkaUUID("kistZroMQxeSKy1mugy86A") ?? .zero,
                    partitions: [
                        FetchResponse.Partition(
                            partitionIndex: 85240,
                            errorCode: .leaderNotAvailable,
                            highWatermark: 80214240642,
                            lastStableOffset: 92655277965,
                            logStartOffset: 84460253380,
                            abortedTransactions: [
                                FetchResponse.AbortedTransaction(
                                    producerID: 169914509742,
                                    firstOffset: 179467538401
                                )
                            ],
                            preferredReadReplica: 20235,
                            records: .inline(ByteBuffer(hex: "5c00ff07"))
                        )
                    ]
                ),
                FetchResponse.Topic(
                    topic: "topic-84é",
                    topicID: KafkaUUID("mvxb0jDUkCia_FvSMNRv1w") ?? .zero,
                    partitions: [
                        FetchResponse.Partition(
                            partitionIndex: 85253,
                            errorCode: .recordListTooLarge,
                            highWatermark: 80227240681,
                            lastStableOffset: 92668278004,
                            logStartOffset: 84473253419,
                            abortedTransactions: [
                                FetchResponse.AbortedTransaction(
                                    producerID: 169927509781,
                                    firstOffset: 179480538440
                                )
                            ],
                            preferredReadReplica: 20248,
                            records: .inline(ByteBuffer(hex: "6900ff07"))
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @4
        000035a500000002000a746f7069632d3731c3a90000000100014cf8000500000012ad242d820000001592af578d00000001
        000000278fb1a9ae00000029c9194fe1000000045c00ff07000a746f7069632d3834c3a90000000100014d05001200000012
        adea8ae9000000159375b4f400000001000000279078071500000029c9dfad48000000046900ff07
        bytes @5-6
        000035a500000002000a746f7069632d3731c3a90000000100014cf8000500000012ad242d820000001592af578d00000013
        aa3930c400000001000000278fb1a9ae00000029c9194fe1000000045c00ff07000a746f7069632d3834c3a9000000010001
        4d05001200000012adea8ae9000000159375b4f400000013aaff8e2b00000001000000279078071500000029c9dfad480000
        00046900ff07
        bytes @7-10
        000035a50010000017da00000002000a746f7069632d3731c3a90000000100014cf8000500000012ad242d820000001592af
        578d00000013aa3930c400000001000000278fb1a9ae00000029c9194fe1000000045c00ff07000a746f7069632d3834c3a9
        0000000100014d05001200000012adea8ae9000000159375b4f400000013aaff8e2b00000001000000279078071500000029
        c9dfad48000000046900ff07
        bytes @11
        000035a50010000017da00000002000a746f7069632d3731c3a90000000100014cf8000500000012ad242d820000001592af
        578d00000013aa3930c400000001000000278fb1a9ae00000029c9194fe100004f0b000000045c00ff07000a746f7069632d
        3834c3a90000000100014d05001200000012adea8ae9000000159375b4f400000013aaff8e2b000000010000002790780715
        00000029c9dfad4800004f18000000046900ff07
        bytes @12
        000035a50010000017da030b746f7069632d3731c3a90200014cf8000500000012ad242d820000001592af578d00000013aa
        3930c402000000278fb1a9ae00000029c9194fe10000004f0b055c00ff0700000b746f7069632d3834c3a90200014d050012
        00000012adea8ae9000000159375b4f400000013aaff8e2b02000000279078071500000029c9dfad480000004f18056900ff
        07000000
        bytes @13-16
        000035a50010000017da03922b2d66ba0c4317922b2d66ba0cbce80200014cf8000500000012ad242d820000001592af578d
        00000013aa3930c402000000278fb1a9ae00000029c9194fe10000004f0b055c00ff0700009afc5bd230d490289afc5bd230
        d46fd70200014d05001200000012adea8ae9000000159375b4f400000013aaff8e2b02000000279078071500000029c9dfad
        480000004f18056900ff07000000
        """
    )

    private static let listOffsetsResponse = Response(
        ListOffsetsResponse(
            throttleTimeMs: 13733,
            topics: [
                ListOffsetsResponse.Topic(
                    name: "name-17é",
                    partitions: [
                        ListOffsetsResponse.Partition(
                            partitionIndex: 73262,
                            errorCode: .notCoordinator,
                            timestamp: 54829164487,
                            offset: 44232132696,
                            leaderEpoch: 59909
                        )
                    ]
                ),
                ListOffsetsResponse.Topic(
                    name: "name-27é",
                    partitions: [
                        ListOffsetsResponse.Partition(
                            partitionIndex: 73272,
                            errorCode: .invalidFetchSize,
                            timestamp: 54839164517,
                            offset: 44242132726,
                            leaderEpoch: 59919
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @0
        0000000200096e616d652d3137c3a90000000100011e2e0010000000010000000a4c70c85800096e616d652d3237c3a90000
        000100011e380004000000010000000a4d095ef6
        bytes @1
        0000000200096e616d652d3137c3a90000000100011e2e00100000000cc412a7c70000000a4c70c85800096e616d652d3237
        c3a90000000100011e3800040000000cc4ab3e650000000a4d095ef6
        bytes @2-3
        000035a50000000200096e616d652d3137c3a90000000100011e2e00100000000cc412a7c70000000a4c70c85800096e616d
        652d3237c3a90000000100011e3800040000000cc4ab3e650000000a4d095ef6
        bytes @4-5
        000035a50000000200096e616d652d3137c3a90000000100011e2e00100000000cc412a7c70000000a4c70c8580000ea0500
        096e616d652d3237c3a90000000100011e3800040000000cc4ab3e650000000a4d095ef60000ea0f
        bytes @6-7
        000035a5030a6e616d652d3137c3a90200011e2e00100000000cc412a7c70000000a4c70c8580000ea0500000a6e616d652d
        3237c3a90200011e3800040000000cc4ab3e650000000a4d095ef60000ea0f000000
        """
    )

    private static let deleteRecordsResponse = Response(
        DeleteRecordsResponse(
            throttleTimeMs: 13733,
            topics: [
                DeleteRecordsResponse.Topic(
                    name: "name-17é",
                    partitions: [
                        DeleteRecordsResponse.Partition(
                            partitionIndex: 73262,
                            lowWatermark: 65466196398,
                            errorCode: .notCoordinator
                        )
                    ]
                ),
                DeleteRecordsResponse.Topic(
                    name: "name-27é",
                    partitions: [
                        DeleteRecordsResponse.Partition(
                            partitionIndex: 73272,
                            lowWatermark: 65476196428,
                            errorCode: .invalidFetchSize
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @0-1
        000035a50000000200096e616d652d3137c3a90000000100011e2e0000000f3e16e1ae001000096e616d652d3237c3a90000
        000100011e380000000f3eaf784c0004
        bytes @2
        000035a5030a6e616d652d3137c3a90200011e2e0000000f3e16e1ae001000000a6e616d652d3237c3a90200011e38000000
        0f3eaf784c0004000000
        """
    )

    private static let offsetForLeaderEpochResponse = Response(
        OffsetForLeaderEpochResponse(
            throttleTimeMs: 13733,
            topics: [
                OffsetForLeaderEpochResponse.Topic(
                    topic: "topic-57é",
                    partitions: [
                        OffsetForLeaderEpochResponse.Partition(
                            errorCode: .notCoordinator,
                            partition: 55033,
                            leaderEpoch: 59909,
                            endOffset: 53362160086
                        )
                    ]
                ),
                OffsetForLeaderEpochResponse.Topic(
                    topic: "topic-67é",
                    partitions: [
                        OffsetForLeaderEpochResponse.Partition(
                            errorCode: .invalidFetchSize,
                            partition: 55043,
                            leaderEpoch: 59919,
                            endOffset: 53372160116
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @2-3
        000035a500000002000a746f7069632d3537c3a90000000100100000d6f90000ea050000000c6ca1f1d6000a746f7069632d
        3637c3a90000000100040000d7030000ea0f0000000c6d3a8874
        bytes @4
        000035a5030b746f7069632d3537c3a90200100000d6f90000ea050000000c6ca1f1d600000b746f7069632d3637c3a90200
        040000d7030000ea0f0000000c6d3a8874000000
        """
    )

    static let responsesData = [
        produceResponse, fetchResponse, listOffsetsResponse, deleteRecordsResponse, offsetForLeaderEpochResponse,
    ]
}
