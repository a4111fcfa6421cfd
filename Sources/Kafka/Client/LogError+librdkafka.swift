internal import CLibrdkafka
internal import Log

extension LogError {
    /// Translates one of librdkafka's error codes (`rd_kafka_resp_err_t`, rdkafka.h).
    ///
    /// - Parameters:
    ///   - code: anything but `RD_KAFKA_RESP_ERR_NO_ERROR`.
    ///   - action: what was being done, to follow "cannot": `commit offsets`.
    ///   - detail: librdkafka's own sentence, where it gives a better one than the code's.
    init(_ code: rd_kafka_resp_err_t, cannot action: String, detail: String? = nil) {
        let sentence = unsafe detail ?? String(cString: rd_kafka_err2str(code))
        unsafe self.init(
            LogError.classify(code),
            name: String(cString: rd_kafka_err2name(code)),
            message: "cannot \(action): \(sentence)",
            isRetriable: LogError.isTransient(code),
            isFatal: LogError.endsTheClient(code)
        )
    }

    /// Translates an `rd_kafka_error_t *` and destroys it: the pointer is dead after this call.
    init(consuming error: OpaquePointer, cannot action: String) {
        defer { unsafe rd_kafka_error_destroy(error) }
        unsafe self.init(
            rd_kafka_error_code(error),
            cannot: action,
            detail: String(cString: rd_kafka_error_string(error))
        )
        isRetriable = unsafe rd_kafka_error_is_retriable(error) != 0
        isFatal = unsafe isFatal || rd_kafka_error_is_fatal(error) != 0
    }

    /// What has ended `client`. `RD_KAFKA_RESP_ERR__FATAL` says only that something has.
    init(fatalOf client: OpaquePointer) {
        var buffer = [CChar](repeating: 0, count: 512)
        let cause = unsafe rd_kafka_fatal_error(client, &buffer, buffer.count)
        self.init(cause, cannot: "use the client any more", detail: text(buffer))
        isRetriable = false
        isFatal = true
    }

    /// What every call on a closed client says.
    static let closedClient = LogError(
        .closed,
        name: "CLOSED",
        message: "the client is closed; open a new one"
    )

    static func timedOut(_ action: String, after wait: Duration) -> LogError {
        LogError(
            .timedOut,
            name: "_TIMED_OUT",
            message: "cannot \(action): no answer within \(wait); whether it took effect is unknown",
            isRetriable: true
        )
    }

    private static func classify(_ code: rd_kafka_resp_err_t) -> Code {
        switch code {
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
            .unreachable
        case RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
            RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
            .timedOut
        case RD_KAFKA_RESP_ERR__QUEUE_FULL:
            .queueFull
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
            .tooLarge
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
            .unknownTopicOrPartition
        case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET,
            RD_KAFKA_RESP_ERR__NO_OFFSET:
            .offsetOutOfRange
        default:
            classifyAuthority(code)
        }
    }

    private static func classifyAuthority(_ code: rd_kafka_resp_err_t) -> Code {
        switch code {
        case RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
            RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, RD_KAFKA_RESP_ERR_TRANSACTION_COORDINATOR_FENCED:
            .fenced
        case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
            RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST:
            .staleGeneration
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
            RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE,
            RD_KAFKA_RESP_ERR__SSL:
            .authentication
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_AUTHORIZATION_FAILED:
            .authorization
        case RD_KAFKA_RESP_ERR__BAD_MSG, RD_KAFKA_RESP_ERR__BAD_COMPRESSION, RD_KAFKA_RESP_ERR_INVALID_MSG:
            .corrupt
        case RD_KAFKA_RESP_ERR__INVALID_ARG, RD_KAFKA_RESP_ERR_INVALID_CONFIG:
            .configuration
        case RD_KAFKA_RESP_ERR__DESTROY:
            .closed
        default:
            .other
        }
    }

    /// The codes after which the same call may succeed, by the Java client's `RetriableException` and librdkafka's
    /// INTRODUCTION.md, "Error handling".
    private static func isTransient(_ code: rd_kafka_resp_err_t) -> Bool {
        switch code {
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
            RD_KAFKA_RESP_ERR__QUEUE_FULL, RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR__WAIT_CACHE,
            RD_KAFKA_RESP_ERR__IN_PROGRESS, RD_KAFKA_RESP_ERR__RETRY, RD_KAFKA_RESP_ERR__PURGE_QUEUE,
            RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
            RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR_NOT_CONTROLLER,
            RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS,
            RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH, RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH,
            RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT, RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED:
            true
        default:
            false
        }
    }

    private static func endsTheClient(_ code: rd_kafka_resp_err_t) -> Bool {
        switch code {
        case RD_KAFKA_RESP_ERR__FATAL, RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_PRODUCER_FENCED,
            RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
            true
        default:
            false
        }
    }
}
