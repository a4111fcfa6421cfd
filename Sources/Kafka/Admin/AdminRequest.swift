internal import CLibrdkafka
internal import Log

/// One request of librdkafka's Admin API that is about to be sent: lent to the closure that sends it, on the owner
/// thread. Its options are destroyed after that; librdkafka has copied them.
@safe final class AdminRequest {
    let client: OpaquePointer
    /// Where the result is to arrive.
    let results: OpaquePointer
    let options: OpaquePointer
    private let action: String

    /// Who answers a request.
    enum Addressee: Sendable {
        /// The controller, or the brokers that a request concerns.
        case brokers
        /// A group's coordinator. librdkafka aborts the process when such a request of its times out before the coordinator
        /// is found and the coordinator is found later (its issue 4605, which 2.16 still has). So librdkafka's own timeout
        /// is out of reach, and only ours counts.
        case coordinator
    }

    /// The longest timeout that librdkafka takes, in milliseconds.
    private static let longest: Int32 = 3_600_000

    /// `id` comes back as the result's opaque.
    init(
        client: OpaquePointer,
        results: OpaquePointer,
        id: PendingCalls.ID,
        deadline: Deadline,
        to addressee: Addressee,
        cannot action: String
    ) throws(LogError) {
        guard let options = unsafe rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_ANY) else {
            throw LogError(RD_KAFKA_RESP_ERR__INVALID_ARG, cannot: action, detail: "librdkafka gives no options")
        }
        unsafe self.client = unsafe client
        unsafe self.results = unsafe results
        unsafe self.options = unsafe options
        self.action = action
        unsafe rd_kafka_AdminOptions_set_opaque(options, UnsafeMutableRawPointer(bitPattern: id))
        let wait = deadline.milliseconds
        let patience = addressee == .coordinator ? Self.longest : wait
        try unsafe set { unsafe rd_kafka_AdminOptions_set_request_timeout(options, patience, $0, $1) }
        // How long the broker may work on it; its answer is to come before ours.
        try unsafe set { unsafe rd_kafka_AdminOptions_set_operation_timeout(options, wait, $0, $1) }
    }

    deinit {
        unsafe rd_kafka_AdminOptions_destroy(options)
    }

    /// Has librdkafka send `objects`. Every request that takes an array of objects is a function of this form.
    func send(
        _ objects: RequestObjects,
        by function: (
            _ client: OpaquePointer, _ objects: UnsafeMutablePointer<OpaquePointer?>, _ count: Int,
            _ options: OpaquePointer, _ results: OpaquePointer
        ) -> Void
    ) {
        unsafe objects.withArray { array, count in unsafe function(client, array, count, options, results) }
    }

    /// Has the broker check the request without doing it. For CreateTopics, CreatePartitions and AlterConfigs.
    func validateOnly() throws(LogError) {
        try unsafe set { unsafe rd_kafka_AdminOptions_set_validate_only(options, 1, $0, $1) }
    }

    /// What an open transaction may still change is an error, not a guess (KIP-447). For ListConsumerGroupOffsets.
    func requireStableOffsets() throws(LogError) {
        if let error = unsafe rd_kafka_AdminOptions_set_require_stable_offsets(options, 1) {
            throw unsafe LogError(consuming: error, cannot: action)
        }
    }

    /// Only groups in these states (KIP-518). For ListConsumerGroups.
    func match(_ states: [rd_kafka_consumer_group_state_t]) throws(LogError) {
        guard !states.isEmpty else { return }
        if let error = unsafe rd_kafka_AdminOptions_set_match_consumer_group_states(options, states, states.count) {
            throw unsafe LogError(consuming: error, cannot: action)
        }
    }

    private func set(
        _ body: (UnsafeMutablePointer<CChar>, Int) -> rd_kafka_resp_err_t
    ) throws(LogError) {
        var reason = [CChar](repeating: 0, count: 256)
        let code = unsafe body(&reason, reason.count)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: action, detail: text(reason)) }
    }
}

/// A result of the Admin API: lent to the closure that decodes it, on the owner thread, which destroys it afterwards.
@safe struct AdminEvent {
    let pointer: OpaquePointer
    let action: String

    init(_ pointer: OpaquePointer, of action: String) {
        unsafe self.pointer = unsafe pointer
        self.action = action
    }

    /// Throws the error of the request as a whole: nothing was answered then.
    func check() throws(LogError) {
        let code = unsafe rd_kafka_event_error(pointer)
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        let detail = unsafe string(rd_kafka_event_error_string(pointer))
        throw LogError(code, cannot: action, detail: detail)
    }

    /// The objects of the answer, which live as long as the event: `result` is its `rd_kafka_event_…_result`, `array` the
    /// function that lends the objects of that.
    /// - Throws: the error of the request as a whole.
    func items(
        _ result: (OpaquePointer) -> OpaquePointer?,
        _ array: (OpaquePointer, UnsafeMutablePointer<Int>) -> UnsafeMutablePointer<OpaquePointer?>?
    ) throws(LogError) -> [OpaquePointer] {
        try check()
        guard let result = unsafe result(pointer) else { throw .unanswered(action) }
        var count = 0
        let found = unsafe array(result, &count)
        return unsafe objects(found, count)
    }
}

/// The objects of an array that librdkafka lends.
func objects(_ array: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int) -> [OpaquePointer] {
    unsafe (0..<count).compactMap { unsafe array?[$0] }
}

/// A copy of a string that librdkafka lends; `nil` for none.
func string(_ pointer: UnsafePointer<CChar>?) -> String? {
    unsafe pointer.map { unsafe String(cString: $0) }
}

/// Objects made for one request and destroyed with this list: librdkafka copies what it needs.
@safe final class RequestObjects {
    private(set) var pointers: [OpaquePointer?] = unsafe []
    private let destroy: (OpaquePointer) -> Void

    init(destroy: @escaping (OpaquePointer) -> Void) {
        unsafe self.destroy = unsafe destroy
    }

    deinit {
        unsafe pointers.forEach { pointer in
            if let pointer = unsafe pointer { unsafe destroy(pointer) }
        }
    }

    func append(_ pointer: OpaquePointer) {
        unsafe pointers.append(pointer)
    }

    /// Lends the array, in the form that librdkafka's functions take.
    func withArray(_ body: (UnsafeMutablePointer<OpaquePointer?>, Int) -> Void) {
        unsafe pointers.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            unsafe body(start, buffer.count)
        }
    }
}
