internal import KafkaProtocol
internal import LogStorage

extension ErrorCode {
    /// What a client is told of a storage error.
    ///
    /// A full or failing disk is KAFKA_STORAGE_ERROR: clients refresh their metadata and try again, with their sequence
    /// numbers, until the disk has room or their delivery timeout ends. (NOT_ENOUGH_REPLICAS would be retried as well,
    /// and would blame replicas that do not exist.)
    init(_ error: StorageError) {
        self =
            switch error.code {
            case .diskFull, .io, .unavailable, .damaged: .kafkaStorageError
            case .closed, .notFound: .unknownTopicOrPartition
            case .offsetOutOfRange: .offsetOutOfRange
            case .corruptBatch: .corruptMessage
            case .invalidRecord: .invalidRecord
            case .invalidTimestamp: .invalidTimestamp
            case .unsupportedFormat: .unsupportedForMessageFormat
            case .batchTooLarge: .messageTooLarge
            case .outOfOrderSequence: .outOfOrderSequenceNumber
            case .duplicateSequence: .duplicateSequenceNumber
            case .invalidProducerEpoch: .invalidProducerEpoch
            case .invalidTransactionState: .invalidTxnState
            case .coordinatorFenced: .transactionCoordinatorFenced
            case .configuration, .newerFormat: .unknownServerError
            }
    }

    /// What a client is told of a coordinator's error; `nil` is no error.
    init(_ error: ErrorCode?) {
        self = error ?? .noError
    }
}
