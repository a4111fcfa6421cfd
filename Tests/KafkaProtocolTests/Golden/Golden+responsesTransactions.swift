import KafkaProtocol
import NIOCore

/// What kafka-python 3.0.12 encodes from the same values.
extension Golden {
    private static let initProducerIDResponse = Response(
        InitProducerIDResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator,
            producerID: 7226021678,
            producerEpoch: 400
        ),
        """
        bytes @0-1
        000035a5001000000001aeb4572e0190
        bytes @2-4
        000035a5001000000001aeb4572e019000
        """
    )

    private static let addPartitionsToTxnResponse = Response(
        AddPartitionsToTxnResponse(
            throttleTimeMs: 13733,
            resultsByTopic: [
                AddPartitionsToTxnResponse.Topic(
                    name: "name-89é",
                    resultsByPartition: [
                        AddPartitionsToTxnResponse.Partition(
                            partitionIndex: 57471,
                            partitionErrorCode: .notLeaderOrFollower
                        )
                    ]
                ),
                AddPartitionsToTxnResponse.Topic(
                    name: "name-7é",
                    resultsByPartition: [
                        AddPartitionsToTxnResponse.Partition(
                            partitionIndex: 57489,
                            partitionErrorCode: .corruptMessage
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @0-2
        000035a50000000200096e616d652d3839c3a9000000010000e07f000600086e616d652d37c3a9000000010000e0910002
        bytes @3
        000035a5030a6e616d652d3839c3a9020000e07f00060000096e616d652d37c3a9020000e0910002000000
        """
    )

    private static let addOffsetsToTxnResponse = Response(
        AddOffsetsToTxnResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator
        ),
        """
        bytes @0-2
        000035a50010
        bytes @3
        000035a5001000
        """
    )

    private static let endTxnResponse = Response(
        EndTxnResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator
        ),
        """
        bytes @0-2
        000035a50010
        bytes @3
        000035a5001000
        """
    )

    private static let txnOffsetCommitResponse = Response(
        TxnOffsetCommitResponse(
            throttleTimeMs: 13733,
            topics: [
                TxnOffsetCommitResponse.Topic(
                    name: "name-17é",
                    partitions: [
                        TxnOffsetCommitResponse.Partition(
                            partitionIndex: 73262,
                            errorCode: .notCoordinator
                        )
                    ]
                ),
                TxnOffsetCommitResponse.Topic(
                    name: "name-27é",
                    partitions: [
                        TxnOffsetCommitResponse.Partition(
                            partitionIndex: 73272,
                            errorCode: .invalidFetchSize
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @0-2
        000035a50000000200096e616d652d3137c3a90000000100011e2e001000096e616d652d3237c3a90000000100011e380004
        bytes @3
        000035a5030a6e616d652d3137c3a90200011e2e001000000a6e616d652d3237c3a90200011e380004000000
        """
    )

    private static let describeProducersResponse = Response(
        DescribeProducersResponse(
            throttleTimeMs: 13733,
            topics: [
                DescribeProducersResponse.Topic(
                    name: "name-17é",
                    partitions: [
                        DescribeProducersResponse.Partition(
                            partitionIndex: 73262,
                            errorCode: .notCoordinator,
                            errorMessage: "errormes-58é",
                            activeProducers: [
                                DescribeProducersResponse.Producer(
                                    producerID: 130675392025,
                                    producerEpoch: 59709,
                                    lastSequence: 54221,
                                    lastTimestamp: 150975452925,
                                    coordinatorEpoch: 77957,
                                    currentTxnStartOffset: 200918602754
                                )
                            ]
                        )
                    ]
                ),
                DescribeProducersResponse.Topic(
                    name: "name-27é",
                    partitions: [
                        DescribeProducersResponse.Partition(
                            partitionIndex: 73272,
                            errorCode: .invalidFetchSize,
                            errorMessage: "errormes-68é",
                            activeProducers: [
                                DescribeProducersResponse.Producer(
                                    producerID: 130685392055,
                                    producerEpoch: 59719,
                                    lastSequence: 54231,
                                    lastTimestamp: 150985452955,
                                    coordinatorEpoch: 77967,
                                    currentTxnStartOffset: 200928602784
                                )
                            ]
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @0
        000035a5030a6e616d652d3137c3a90200011e2e00100e6572726f726d65732d3538c3a9020000001e6cdc3e190000e93d00
        00d3cd0000002326d696fd000130850000002ec7ae94020000000a6e616d652d3237c3a90200011e3800040e6572726f726d
        65732d3638c3a9020000001e6d74d4b70000e9470000d3d700000023276f2d9b0001308f0000002ec8472aa000000000
        """
    )

    private static let describeTransactionsResponse = Response(
        DescribeTransactionsResponse(
            throttleTimeMs: 13733,
            transactionStates: [
                DescribeTransactionsResponse.Transaction(
                    errorCode: .requestTimedOut,
                    transactionalID: "transact-87é",
                    transactionState: "transact-69é",
                    transactionTimeoutMs: 1766,
                    transactionStartTimeMs: 99723299169,
                    producerID: 50273150819,
                    producerEpoch: 127,
                    topics: [
                        DescribeTransactionsResponse.Topic(
                            topic: "topic-44é",
                            partitions: [88046, 88089]
                        )
                    ]
                ),
                DescribeTransactionsResponse.Transaction(
                    errorCode: .notLeaderOrFollower,
                    transactionalID: "transact-8é",
                    transactionState: "transact-90é",
                    transactionTimeoutMs: 1787,
                    transactionStartTimeMs: 99744299232,
                    producerID: 50294150882,
                    producerEpoch: 148,
                    topics: [
                        DescribeTransactionsResponse.Topic(
                            topic: "topic-65é",
                            partitions: [88067, 88110]
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @0
        000035a50300070e7472616e736163742d3837c3a90e7472616e736163742d3639c3a9000006e60000001737f8c961000000
        0bb4836763007f020b746f7069632d3434c3a903000157ee00015819000000060d7472616e736163742d38c3a90e7472616e
        736163742d3930c3a9000006fb00000017393938e00000000bb5c3d6e20094020b746f7069632d3635c3a903000158030001
        582e000000
        """
    )

    private static let listTransactionsResponse = Response(
        ListTransactionsResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator,
            unknownStateFilters: ["unknowns-81é", "unknowns-4é"],
            transactionStates: [
                ListTransactionsResponse.Transaction(
                    transactionalID: "transact-87é",
                    producerID: 50273150819,
                    transactionState: "transact-69é"
                ),
                ListTransactionsResponse.Transaction(
                    transactionalID: "transact-8é",
                    producerID: 50294150882,
                    transactionState: "transact-90é"
                ),
            ]
        ),
        """
        bytes @0-1
        000035a50010030e756e6b6e6f776e732d3831c3a90d756e6b6e6f776e732d34c3a9030e7472616e736163742d3837c3a900
        00000bb48367630e7472616e736163742d3639c3a9000d7472616e736163742d38c3a90000000bb5c3d6e20e7472616e7361
        63742d3930c3a90000
        """
    )

    static let responsesTransactions = [
        initProducerIDResponse, addPartitionsToTxnResponse, addOffsetsToTxnResponse, endTxnResponse,
        txnOffsetCommitResponse, describeProducersResponse, describeTransactionsResponse, listTransactionsResponse,
    ]
}
