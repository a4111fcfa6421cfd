internal import CLibrdkafka
public import Log

/// What became of each item of an admin call.
///
/// Every item that was asked about has an entry, whatever became of the others; the failure names the item. A call
/// throws only when nothing at all was answered.
public typealias AdminResults<Item: Hashable, Value> = [Item: Result<Value, LogError>]

extension Dictionary {
    /// The items that failed, with their errors; empty when everything succeeded.
    public func failures<Success>() -> [Key: LogError] where Value == Result<Success, LogError> {
        compactMapValues { result in
            if case .failure(let error) = result { error } else { nil }
        }
    }

    /// The items that succeeded, with their values.
    public func successes<Success>() -> [Key: Success] where Value == Result<Success, LogError> {
        compactMapValues { result in
            if case .success(let value) = result { value } else { nil }
        }
    }
}

extension Result where Failure == LogError {
    /// `value`, or what `code` says instead.
    init(
        _ code: rd_kafka_resp_err_t,
        cannot action: String,
        detail: String? = nil,
        _ value: @autoclosure () -> Success
    ) {
        self =
            code == RD_KAFKA_RESP_ERR_NO_ERROR
            ? .success(value()) : .failure(LogError(code, cannot: action, detail: detail))
    }

    /// `value`, or what `error` says instead, which belongs to somebody else's result.
    init(_ error: OpaquePointer?, cannot action: String, _ value: @autoclosure () -> Success) {
        if let error = unsafe LogError(ifAny: error, cannot: action) {
            self = .failure(error)
        } else {
            self = .success(value())
        }
    }
}

extension PartitionList.Element {
    /// `value`, or the element's error, in which the partition follows `action`.
    func result<Value>(cannot action: String, _ value: @autoclosure () -> Value) -> Result<Value, LogError> {
        Result(error, cannot: "\(action) \(partition)", value())
    }
}

extension Admin {
    /// Asks about each of `items` once: those that `refuse` rejects are failures and are not asked about, nor is anybody
    /// when none is left. An item that the answer lacks is a failure too; so is each of them where the broker refuses the
    /// request as a whole. Where a refused login kept an answer away, the failure says so.
    /// - Throws: what kept all of them from being answered.
    func each<Item: Hashable & Sendable, Value: Sendable>(
        of items: some Sequence<Item>,
        cannot action: String,
        refuse: (Item) -> String?,
        ask: ([Item]) async throws(LogError) -> AdminResults<Item, Value>
    ) async throws(LogError) -> AdminResults<Item, Value> {
        let start = ContinuousClock.now
        var results: AdminResults<Item, Value> = [:]
        var accepted: [Item] = []
        for item in items where results[item] == nil {
            if let reason = refuse(item) {
                results[item] = .failure(.configuration("cannot \(action) \(item): \(reason)"))
            } else {
                results[item] = .failure(.unanswered("\(action) \(item)"))
                accepted.append(item)
            }
        }
        guard !accepted.isEmpty else { return results }
        do throws(LogError) {
            for (item, result) in try await ask(accepted) {
                results[item] = result.mapError { loop.handle.explained($0, since: start) }
            }
        } catch {
            guard !error.isOurs else { throw error }
            for item in accepted {
                var error = error
                error.message = "cannot \(action) \(item): \(error.message)"
                results[item] = .failure(error)
            }
        }
        let errors = accepted.compactMap { item in
            if case .failure(let error) = results[item], error.isSilence { error } else { nil }
        }
        // Some requests go out per item: then their errors are the items' own.
        if errors.count == accepted.count, let first = errors.first { throw first }
        return results
    }

    /// The results of objects that say themselves which item they are about; those without one are left out.
    static func results<Item, Value>(
        _ objects: [OpaquePointer],
        _ entry: (OpaquePointer) -> (Item, Result<Value, LogError>)?
    ) -> AdminResults<Item, Value> {
        unsafe Dictionary(objects.compactMap(entry)) { _, last in last }
    }

    /// Why a topic's name cannot be sent.
    static func refusal(of topic: TopicName) -> String? {
        topic.isValid ? nil : "it is not a name that Kafka accepts; use 1 to 249 of a-z A-Z 0-9 . _ -"
    }

    /// Why librdkafka makes no object of an item, found out by making one, which does not leave this function.
    static func refusal(
        destroy: (OpaquePointer) -> Void,
        _ make: () throws(LogError) -> OpaquePointer
    ) -> String? {
        do throws(LogError) {
            unsafe destroy(try make())
            return nil
        } catch {
            return error.message
        }
    }

    /// Why a text cannot be sent: C would end it at its first zero.
    static func refusal(of text: String) -> String? {
        text.utf8.contains(0) ? "it contains a NUL character" : nil
    }
}

extension LogError {
    /// The awaiting task was cancelled.
    static func cancelled(_ action: String) -> LogError {
        LogError(
            .other,
            name: "CANCELLED",
            message: "cannot \(action): the task was cancelled; whether it took effect is unknown",
            isRetriable: true
        )
    }

    /// Whether it was made on this side: no broker has answered. librdkafka's own errors begin with `_`.
    var isOurs: Bool {
        name.hasPrefix("_") || code == .closed || name == "CANCELLED"
    }

    /// Whether no answer came, whatever it would have been.
    var isSilence: Bool {
        isOurs && [.timedOut, .unreachable, .authentication, .closed].contains(code) || name == "CANCELLED"
    }

    /// The broker's answer says nothing of an item.
    static func unanswered(_ action: String) -> LogError {
        LogError(
            .other,
            name: "UNANSWERED",
            message: "cannot \(action): the broker's answer says nothing of it",
            isRetriable: true
        )
    }

    /// Translates an error that belongs to somebody else's result, who destroys it.
    init(reading error: OpaquePointer, cannot action: String) {
        unsafe self.init(
            rd_kafka_error_code(error),
            cannot: action,
            detail: String(cString: rd_kafka_error_string(error))
        )
    }

    /// `nil` for no error, or for one that says that there is none.
    init?(ifAny error: OpaquePointer?, cannot action: String) {
        guard let error = unsafe error, unsafe rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR else {
            return nil
        }
        unsafe self.init(reading: error, cannot: action)
    }
}
