internal import CLibrdkafka
internal import Log
internal import Logging
internal import Synchronization

/// What a client does with librdkafka's callbacks. Every call comes inside a poll: on the client's owner thread, or on the
/// thread of a sender that serves beside it, and then on one thread at a time (``ProducerLoop/turn``).
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
/// callback. The log callback comes on any of librdkafka's threads and touches `logger` and `repeats` only, the token
/// callback on its background thread and touches `tokens`, which is set before there are threads; `target` is set by the
/// owner thread before the first poll, read inside polls and taken away after the last: hence `@unchecked Sendable`.
@safe final class ClientCallbacks: @unchecked Sendable {
    let logger: Logger
    var target: (any ClientCallbackTarget)? {
        didSet { unsafe producer = (target as? ProducerLoop).map { unsafe Unmanaged.passUnretained($0) } }
    }
    /// The target, where it is a producer's; for delivery reports, which are too many for a retain each.
    fileprivate var producer: Unmanaged<ProducerLoop>?
    /// Set when the client's settings are known, before the client exists.
    private(set) var tokens: OAuthRefresher?
    private var statistics: StatisticsDelivery?
    private let refusal = Mutex<RefusedLogin?>(nil)
    private let repeats = Mutex(LogRepeats())

    init(logger: Logger) {
        self.logger = logger
    }

    /// Takes up what the settings ask for; before ``install(in:for:)``.
    func prepare(_ settings: ClientSettings) {
        tokens = settings.tokenProvider.map { OAuthRefresher($0) }
        statistics = settings.statistics.map { StatisticsDelivery($0.handler, logger: logger) }
    }

    func install(in configuration: OpaquePointer, for role: ClientSettings.Role) {
        unsafe rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(self).toOpaque())
        unsafe rd_kafka_conf_set_log_cb(configuration, logCallback)
        unsafe rd_kafka_conf_set_error_cb(configuration, errorCallback)
        switch role {
        case .consumer: unsafe rd_kafka_conf_set_rebalance_cb(configuration, rebalanceCallback)
        case .producer: unsafe rd_kafka_conf_set_dr_msg_cb(configuration, deliveryCallback)
        }
        if statistics != nil { unsafe rd_kafka_conf_set_stats_cb(configuration, statisticsCallback) }
        guard tokens != nil else { return }
        unsafe rd_kafka_conf_set_oauthbearer_token_refresh_cb(configuration, tokenCallback)
        // Served by librdkafka's background thread, see OAuthRefresher; ClientHandle starts that.
        unsafe rd_kafka_conf_enable_sasl_queue(configuration, 1)
    }

    /// The login or the certificate that was refused last, if that explains what began at `time` and got no answer.
    func refusal(since time: ContinuousClock.Instant) -> RefusedLogin? {
        refusal.withLock { refusal in refusal.flatMap { $0.explains(since: time) ? $0 : nil } }
    }

    fileprivate func report(_ error: LogError) {
        if error.code == .authentication { refusal.withLock { $0 = RefusedLogin(error, at: .now) } }
        target?.failed(error)
    }

    fileprivate func report(_ statistics: [UInt8]) {
        self.statistics?.deliver(statistics)
    }

    fileprivate func log(_ level: Logger.Level, _ facility: String, _ message: String) {
        guard logger.logLevel <= level else { return }
        // What somebody asked for by property `debug` comes as it is.
        let times = level == .trace ? 1 : repeats.withLock { $0.admit(facility, message, at: .now) }
        guard let times else { return }
        var metadata: Logger.Metadata = ["kafka.client.facility": "\(facility)", "kafka.client.message": "\(message)"]
        if times > 1 { metadata["kafka.client.times"] = "\(times)" }
        logger.log(level: level, "librdkafka", metadata: metadata)
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
    unsafe callbacks.log(severity, String(cString: facility), String(cString: message))
}

private func errorCallback(
    _ client: OpaquePointer?,
    _ code: Int32,
    _ reason: UnsafePointer<CChar>?,
    _ opaque: UnsafeMutableRawPointer?
) {
    guard let client = unsafe client, let callbacks = unsafe ClientCallbacks.of(client) else { return }
    let cause = rd_kafka_resp_err_t(rawValue: code)
    guard cause != RD_KAFKA_RESP_ERR__FATAL else { return unsafe callbacks.report(LogError(fatalOf: client)) }
    let sentence = unsafe reason.map { unsafe String(cString: $0) }
    callbacks.report(LogError(cause, cannot: "use the client", detail: sentence))
}

/// On librdkafka's background thread.
private func tokenCallback(
    _ client: OpaquePointer?,
    _ configuration: UnsafePointer<CChar>?,
    _ opaque: UnsafeMutableRawPointer?
) {
    guard let client = unsafe client else { return }
    unsafe ClientCallbacks.of(client)?.tokens?.refresh(client)
}

/// - Returns: 0, which leaves the text to librdkafka.
private func statisticsCallback(
    _ client: OpaquePointer?,
    _ text: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ opaque: UnsafeMutableRawPointer?
) -> Int32 {
    guard let callbacks = unsafe ClientCallbacks.of(client), let text = unsafe text else { return 0 }
    unsafe callbacks.report([UInt8](UnsafeRawBufferPointer(start: text, count: size)))
    return 0
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
