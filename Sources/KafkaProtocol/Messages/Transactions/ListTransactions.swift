/// Asks which transactions there are (KIP-664). Versions 0-1, flexible.
package struct ListTransactionsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.listTransactions

    /// Empty for all.
    package var stateFilters: [String]
    /// Empty for all.
    package var producerIDFilters: [Int64]
    /// Milliseconds that a transaction has been open at least; -1 for all.
    package var durationFilter: Int64

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        stateFilters = try reader.stringArray()
        producerIDFilters = try reader.int64Array()
        durationFilter = try version >= 1 ? reader.int64() : -1
        try reader.taggedFields()
    }
}

/// Answers `ListTransactionsRequest`.
package struct ListTransactionsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.listTransactions

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var errorCode: ErrorCode
    /// What of the request's filters is no state.
    package var unknownStateFilters: [String]
    package var transactionStates: [Transaction]

    package init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .noError,
        unknownStateFilters: [String],
        transactionStates: [Transaction]
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.unknownStateFilters = unknownStateFilters
        self.transactionStates = transactionStates
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.error(errorCode)
        writer.stringArray(unknownStateFilters)
        writer.array(transactionStates, version)
        writer.taggedFields()
    }
}

extension ListTransactionsResponse {
    package struct Transaction: WireWritable, Equatable {
        package var transactionalID: String
        package var producerID: Int64
        package var transactionState: String

        package init(transactionalID: String, producerID: Int64, transactionState: String) {
            self.transactionalID = transactionalID
            self.producerID = producerID
            self.transactionState = transactionState
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(transactionalID)
            writer.int64(producerID)
            writer.string(transactionState)
            writer.taggedFields()
        }
    }
}
