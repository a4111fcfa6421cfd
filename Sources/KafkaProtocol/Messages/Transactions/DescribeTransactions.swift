/// Asks for the state of transactions (KIP-664). Version 0, flexible.
package struct DescribeTransactionsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.describeTransactions

    package var transactionalIDs: [String]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        transactionalIDs = try reader.stringArray()
        try reader.taggedFields()
    }
}

/// Answers `DescribeTransactionsRequest`.
package struct DescribeTransactionsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.describeTransactions

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var transactionStates: [Transaction]

    package init(throttleTimeMs: Int32 = 0, transactionStates: [Transaction]) {
        self.throttleTimeMs = throttleTimeMs
        self.transactionStates = transactionStates
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.array(transactionStates, version)
        writer.taggedFields()
    }
}

extension DescribeTransactionsResponse {
    package struct Transaction: WireWritable, Equatable {
        package var errorCode: ErrorCode
        package var transactionalID: String
        package var transactionState: String
        /// Milliseconds after which a transaction is aborted.
        package var transactionTimeoutMs: Int32
        /// Milliseconds since 1970; -1 without an open transaction.
        package var transactionStartTimeMs: Int64
        package var producerID: Int64
        package var producerEpoch: Int16
        package var topics: [Topic]

        package init(
            errorCode: ErrorCode = .noError,
            transactionalID: String,
            transactionState: String,
            transactionTimeoutMs: Int32,
            transactionStartTimeMs: Int64,
            producerID: Int64,
            producerEpoch: Int16,
            topics: [Topic]
        ) {
            self.errorCode = errorCode
            self.transactionalID = transactionalID
            self.transactionState = transactionState
            self.transactionTimeoutMs = transactionTimeoutMs
            self.transactionStartTimeMs = transactionStartTimeMs
            self.producerID = producerID
            self.producerEpoch = producerEpoch
            self.topics = topics
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.error(errorCode)
            writer.string(transactionalID)
            writer.string(transactionState)
            writer.int32(transactionTimeoutMs)
            writer.int64(transactionStartTimeMs)
            writer.int64(producerID)
            writer.int16(producerEpoch)
            writer.array(topics, version)
            writer.taggedFields()
        }
    }

    package struct Topic: WireWritable, Equatable {
        package var topic: String
        package var partitions: [Int32]

        package init(topic: String, partitions: [Int32]) {
            self.topic = topic
            self.partitions = partitions
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(topic)
            writer.int32Array(partitions)
            writer.taggedFields()
        }
    }
}
