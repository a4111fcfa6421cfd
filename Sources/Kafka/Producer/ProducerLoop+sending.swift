internal import CLibrdkafka
internal import Log
internal import Synchronization

/// The sender's side; runs on the caller's thread.
extension ProducerLoop {
    /// Keeps the client alive until ``leave()``.
    func enter(_ tracker: DeliveryTracker? = nil) throws(LogError) {
        let refusal: LogError? = state.withLock { state in
            if let fatal = state.fatal { return fatal }
            if state.isClosed { return .closedClient }
            state.senders += 1
            if let tracker { state.trackers[ObjectIdentifier(tracker)] = tracker }
            return nil
        }
        if let refusal { throw refusal }
    }

    func leave() {
        state.withLock { $0.senders -= 1 }
    }

    /// The tracker has all its reports.
    func forget(_ tracker: DeliveryTracker) {
        state.withLock { $0.trackers[ObjectIdentifier(tracker)] = nil }
    }

    /// Returns when reports were served, or read, since `generation`; throws when the producer was closed or the task
    /// cancelled meanwhile.
    func waitForRoom(since generation: Int) async throws(LogError) {
        await room.wait { self.generation.current != generation || self.state.withLock(\.isClosed) }
        if state.withLock(\.isClosed) { throw .closedClient }
        if Task.isCancelled { throw .cancelledSend }
    }

    /// The handle of a topic, `nil` where no broker would accept the name.
    func topicHandle(_ name: TopicName) -> OpaquePointer? {
        unsafe state.withLock { state in
            if let topic = unsafe state.topics[name] { return unsafe topic }
            guard name.isValid else { return nil }
            let topic = unsafe rd_kafka_topic_new(handle.pointer, name.rawValue, nil)
            unsafe state.topics[name] = unsafe topic
            return unsafe topic
        }
    }

    /// Hands a record over. Its headers belong to librdkafka after success and are destroyed after failure.
    func enqueue(_ record: inout busbar_record) -> rd_kafka_resp_err_t {
        let code =
            if unsafe record.topic == nil { RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC } else {
                unsafe busbar_produce(handle.pointer, &record)
            }
        if code != RD_KAFKA_RESP_ERR_NO_ERROR, let headers = unsafe record.headers {
            unsafe rd_kafka_headers_destroy(headers)
        }
        return code
    }

    /// Hands records over from index `start` on until the queue is full; returns the first index that had no room.
    func enqueue(
        _ batch: ProduceBatch,
        from start: Int,
        to topics: [OpaquePointer?],
        _ tracker: DeliveryTracker
    ) -> Int {
        batch.scan(from: start) { index, record in
            var argument = unsafe busbar_record()
            unsafe argument.topic = unsafe topics[record.topicIndex]
            unsafe argument.partition = record.partition?.rawValue ?? RD_KAFKA_PARTITION_UA
            unsafe argument.timestamp = record.timestamp?.rawValue ?? 0
            unsafe argument.opaque = unsafe tracker.opaque(of: index)
            let (key, value) = unsafe (record.key, record.value)
            unsafe argument.key = unsafe key.map(nonNull)
            unsafe argument.key_size = unsafe key?.count ?? 0
            unsafe argument.value = unsafe value.map(nonNull)
            unsafe argument.value_size = unsafe value?.count ?? 0
            if record.headerCount > 0 { unsafe argument.headers = unsafe headers(of: record) }
            let code = unsafe enqueue(&argument)
            switch code {
            case RD_KAFKA_RESP_ERR_NO_ERROR:
                if index % Self.many == Self.many - 1 { serveBeside() }
                return true
            case RD_KAFKA_RESP_ERR__QUEUE_FULL: return false
            default:
                tracker.refuse(index, code)
                return true
            }
        }
    }

    private func headers(of record: ProduceRecord) -> OpaquePointer? {
        guard let headers = unsafe rd_kafka_headers_new(record.headerCount) else { return nil }
        unsafe record.forEachHeader { name, value in unsafe copyHeader(name, value, to: headers) }
        return unsafe headers
    }
}

extension LogError {
    /// What becomes of records whose sender was cancelled while it waited for room.
    static let cancelledSend = LogError(
        .queueFull,
        name: "_QUEUE_FULL",
        message: "the task was cancelled while it waited for room in the queue: the record was not handed over",
        isRetriable: true
    )
}
