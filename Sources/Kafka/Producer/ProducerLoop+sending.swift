internal import CLibrdkafka
internal import Log
internal import Synchronization

/// The sender's side; runs on the caller's thread.
extension ProducerLoop {
    /// Keeps the client alive until ``leave()``.
    func enter() throws(LogError) {
        let refusal: LogError? = state.withLock { state in
            if let fatal = state.fatal { return fatal }
            if state.isClosed { return .closedClient }
            state.senders += 1
            return nil
        }
        if let refusal { throw refusal }
    }

    func leave() {
        state.withLock { $0.senders -= 1 }
    }

    /// Returns when reports have made room; `false` when the producer was closed meanwhile.
    func waitForRoom() async -> Bool {
        await withCheckedContinuation { continuation in
            let isClosed = state.withLock { state in
                if !state.isClosed { state.waiting.append(continuation) }
                return state.isClosed
            }
            if isClosed {
                continuation.resume()
            } else {
                // The reports may all have come before the continuation was there to be resumed.
                handle.wake()
            }
        }
        return state.withLock { !$0.isClosed }
    }

    /// One handle per topic of a batch, `nil` where no broker would accept the name.
    func topicHandles(_ names: [TopicName]) -> [OpaquePointer?] {
        unsafe state.withLock { state in
            unsafe names.map { name in
                if let topic = unsafe state.topics[name] { return unsafe topic }
                guard name.isValid else { return nil }
                let topic = unsafe rd_kafka_topic_new(handle.pointer, name.rawValue, nil)
                unsafe state.topics[name] = unsafe topic
                return unsafe topic
            }
        }
    }

    /// Hands records over from index `start` on until the queue is full; returns the first index that had no room.
    func enqueue(
        _ batch: ProduceBatch,
        from start: Int,
        to topics: [OpaquePointer?],
        _ tracker: DeliveryTracker
    ) -> Int {
        batch.scan(from: start) { index, record in
            let code = unsafe enqueue(record, to: topics[record.topicIndex], tracker.opaque(of: index))
            switch code {
            case RD_KAFKA_RESP_ERR_NO_ERROR: return true
            case RD_KAFKA_RESP_ERR__QUEUE_FULL: return false
            default:
                tracker.refuse(index, code)
                return true
            }
        }
    }

    private func enqueue(
        _ record: ProduceRecord,
        to topic: OpaquePointer?,
        _ opaque: UnsafeMutableRawPointer?
    ) -> rd_kafka_resp_err_t {
        guard let topic = unsafe topic else { return RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC }
        var argument = unsafe busbar_record()
        unsafe argument.topic = unsafe topic
        unsafe argument.partition = record.partition?.rawValue ?? -1  // RD_KAFKA_PARTITION_UA
        unsafe argument.timestamp = record.timestamp?.rawValue ?? 0
        unsafe argument.opaque = unsafe opaque
        unsafe argument.key = unsafe record.key.map(nonNull)
        unsafe argument.key_size = unsafe record.key?.count ?? 0
        unsafe argument.value = unsafe record.value.map(nonNull)
        unsafe argument.value_size = unsafe record.value?.count ?? 0
        unsafe argument.headers = unsafe headers(of: record)
        let code = unsafe busbar_produce(handle.pointer, &argument)
        // Headers belong to librdkafka only after success.
        if code != RD_KAFKA_RESP_ERR_NO_ERROR, let headers = unsafe argument.headers {
            unsafe rd_kafka_headers_destroy(headers)
        }
        return code
    }

    private func headers(of record: ProduceRecord) -> OpaquePointer? {
        guard record.headerCount > 0, let headers = unsafe rd_kafka_headers_new(record.headerCount) else { return nil }
        unsafe record.forEachHeader { name, value in
            unsafe rd_kafka_header_add(
                headers,
                nonNull(name).assumingMemoryBound(to: CChar.self),
                name.count,
                value.map(nonNull),
                value?.count ?? 0
            )
        }
        return unsafe headers
    }
}

/// An address for a buffer that is empty but not null; librdkafka reads no byte of it.
private func nonNull(_ buffer: UnsafeRawBufferPointer) -> UnsafeRawPointer {
    unsafe buffer.baseAddress ?? busbar_empty()
}
