/// The errors that the two coordinators answer with; the raw value is Kafka's error code on the wire.
///
/// "No error" is `nil` where one of these is optional.
package enum CoordinatorError: Int16, Error, Sendable, Hashable, CaseIterable {
    /// UNKNOWN_SERVER_ERROR
    case unknownServerError = -1
    /// UNKNOWN_TOPIC_OR_PARTITION
    case unknownTopicOrPartition = 3
    /// MESSAGE_TOO_LARGE
    case messageTooLarge = 10
    /// OFFSET_METADATA_TOO_LARGE
    case offsetMetadataTooLarge = 12
    /// COORDINATOR_LOAD_IN_PROGRESS
    case coordinatorLoadInProgress = 14
    /// COORDINATOR_NOT_AVAILABLE
    case coordinatorNotAvailable = 15
    /// NOT_COORDINATOR
    case notCoordinator = 16
    /// ILLEGAL_GENERATION
    case illegalGeneration = 22
    /// INCONSISTENT_GROUP_PROTOCOL
    case inconsistentGroupProtocol = 23
    /// INVALID_GROUP_ID
    case invalidGroupID = 24
    /// UNKNOWN_MEMBER_ID
    case unknownMemberID = 25
    /// INVALID_SESSION_TIMEOUT
    case invalidSessionTimeout = 26
    /// REBALANCE_IN_PROGRESS
    case rebalanceInProgress = 27
    /// INVALID_COMMIT_OFFSET_SIZE
    case invalidCommitOffsetSize = 28
    /// INVALID_REQUEST
    case invalidRequest = 42
    /// INVALID_PRODUCER_EPOCH
    case invalidProducerEpoch = 47
    /// INVALID_TXN_STATE
    case invalidTransactionState = 48
    /// INVALID_PRODUCER_ID_MAPPING
    case invalidProducerIDMapping = 49
    /// INVALID_TRANSACTION_TIMEOUT
    case invalidTransactionTimeout = 50
    /// CONCURRENT_TRANSACTIONS
    case concurrentTransactions = 51
    /// KAFKA_STORAGE_ERROR
    case storageError = 56
    /// NON_EMPTY_GROUP
    case nonEmptyGroup = 68
    /// GROUP_ID_NOT_FOUND
    case groupIDNotFound = 69
    /// MEMBER_ID_REQUIRED
    case memberIDRequired = 79
    /// GROUP_MAX_SIZE_REACHED
    case groupMaxSizeReached = 81
    /// FENCED_INSTANCE_ID
    case fencedInstanceID = 82
    /// GROUP_SUBSCRIBED_TO_TOPIC
    case groupSubscribedToTopic = 86
    /// UNSTABLE_OFFSET_COMMIT
    case unstableOffsetCommit = 88
    /// PRODUCER_FENCED
    case producerFenced = 90
    /// TRANSACTIONAL_ID_NOT_FOUND
    case transactionalIDNotFound = 105
}

extension CoordinatorError? {
    /// Kafka's error code for the wire: 0 without an error.
    package var wireCode: Int16 { self?.rawValue ?? 0 }
}
