internal import CLibrdkafka
internal import Log
internal import Logging

/// What a client does with librdkafka's callbacks. Every call comes on the client's owner thread, inside a poll.
protocol ClientCallbackTarget: AnyObject {
    func rebalanced(_ code: rd_kafka_resp_err_t, _ partitions: [TopicPartition])
    func failed(_ error: LogError)
}

extension ClientCallbackTarget {
    func rebalanced(_ code: rd_kafka_resp_err_t, _ partitions: [TopicPartition]) {}
}

/// The context behind `rd_kafka_opaque`.
///
/// ``ClientHandle`` retains it when it is made and releases it after `rd_kafka_destroy`, so that it outlives every
/// callback. The log callback comes on any of librdkafka's threads and touches `logger` only; `target` is set by the
/// owner thread before its first poll and read inside its polls: hence `@unchecked Sendable`.
@safe final class ClientCallbacks: @unchecked Sendable {
    let logger: Logger
    var target: (any ClientCallbackTarget)? {
        didSet { unsafe producer = (target as? ProducerLoop).map { unsafe Unmanaged.passUnretained($0) } }
    }
    /// The target, where it is a producer's; for delivery reports, which are too many for a retain each.
    fileprivate var producer: Unmanaged<ProducerLoop>?

    init(logger: Logger) {
        self.logger = logger
    }

    func install(in configuration: OpaquePointer, for role: ClientSettings.Role) {
        unsafe rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(self).toOpaque())
        unsafe rd_kafka_conf_set_log_cb(configuration, logCallback)
        unsafe rd_kafka_conf_set_error_cb(configuration, errorCallback)
        switch role {
        case .consumer: unsafe rd_kafka_conf_set_rebalance_cb(configuration, rebalanceCallback)
        case .producer: unsafe rd_kafka_conf_set_dr_msg_cb(configuration, deliveryCallback)
        }
    }

    fileprivate static func of(_ client: OpaquePointer?) -> ClientCallbacks? {
        guard let client = unsafe client, let opaque = unsafe rd_kafka_opaque(client) else { return nil }
        return unsafe Unmanaged<ClientCallbacks>.fromOpaque(opaque).takeUnretainedValue()
    }
}

/// Levels are syslog's. The library never logs above `info`; what an operator must see leaves as an error.
private func logCallback(
    _ client: OpaquePointer?,
    _ level: Int32,
    _ facility: UnsafePointer<CChar>?,
    _ message: UnsafePointer<CChar>?
) {
    guard let callbacks = unsafe ClientCallbacks.of(client), let facility = unsafe facility,
        let message = unsafe message
    else { return }
    let severity: Logger.Level = level <= 4 ? .info : level <= 6 ? .debug : .trace
    callbacks.logger.log(
        level: severity,
        "librdkafka",
        metadata: [
            "kafka.client.facility": unsafe "\(String(cString: facility))",
            "kafka.client.message": unsafe "\(String(cString: message))",
        ]
    )
}

private func errorCallback(
    _ client: OpaquePointer?,
    _ code: Int32,
    _ reason: UnsafePointer<CChar>?,
    _ opaque: UnsafeMutableRawPointer?
) {
    guard let client = unsafe client, let callbacks = unsafe ClientCallbacks.of(client) else { return }
    var cause = rd_kafka_resp_err_t(rawValue: code)
    var sentence = unsafe reason.map { unsafe String(cString: $0) }
    let isFatal = cause == RD_KAFKA_RESP_ERR__FATAL
    if isFatal {
        // The code says only that there is a fatal error; the cause is asked for.
        var buffer = [CChar](repeating: 0, count: 512)
        cause = unsafe rd_kafka_fatal_error(client, &buffer, buffer.count)
        sentence = text(buffer)
    }
    var error = LogError(cause, cannot: "use the client", detail: sentence)
    error.isFatal = error.isFatal || isFatal
    callbacks.target?.failed(error)
}

private func rebalanceCallback(
    _ client: OpaquePointer?,
    _ code: rd_kafka_resp_err_t,
    _ partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?,
    _ opaque: UnsafeMutableRawPointer?
) {
    guard let target = unsafe ClientCallbacks.of(client)?.target else { return }
    unsafe target.rebalanced(code, partitions.map { unsafe PartitionList.partitions(of: $0) } ?? [])
}

private func deliveryCallback(
    _ client: OpaquePointer?,
    _ message: UnsafePointer<rd_kafka_message_t>?,
    _ opaque: UnsafeMutableRawPointer?
) {
    // `opaque` is the client's, as rd_kafka_opaque has it.
    guard let message = unsafe message, let opaque = unsafe opaque else { return }
    unsafe Unmanaged<ClientCallbacks>.fromOpaque(opaque)._withUnsafeGuaranteedRef { callbacks in
        unsafe callbacks.producer?._withUnsafeGuaranteedRef { unsafe $0.delivered(message) }
    }
}
