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

    /// One handle per topic of a batch, `nil` where librdkafka refuses the name.
    func topicHandles(_ names: [TopicName]) -> [OpaquePointer?] {
        state.withLock { state in
            names.map { name in
                if let topic = state.topics[name] { return topic }
                let topic = rd_kafka_topic_new(handle.pointer, name.rawValue, nil)
                state.topics[name] = topic
                return topic
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
        for index in start..<batch.count {
            let code = batch.withRecord(at: index) { record in
                enqueue(record, to: topics[record.topicIndex], tracker.opaque(of: index))
            }
            switch code {
            case RD_KAFKA_RESP_ERR_NO_ERROR: continue
            case RD_KAFKA_RESP_ERR__QUEUE_FULL: return index
            default: tracker.refuse(index, code)
            }
        }
        return batch.count
    }

    private func enqueue(
        _ record: ProduceRecord,
        to topic: OpaquePointer?,
        _ opaque: UnsafeMutableRawPointer?
    ) -> rd_kafka_resp_err_t {
        guard let topic else { return RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC }
        var argument = busbar_record()
        argument.topic = topic
        argument.partition = record.partition?.rawValue ?? -1  // RD_KAFKA_PARTITION_UA
        argument.timestamp = record.timestamp?.rawValue ?? 0
        argument.opaque = opaque
        argument.key = record.key.map(nonNull)
        argument.key_size = record.key?.count ?? 0
        argument.value = record.value.map(nonNull)
        argument.value_size = record.value?.count ?? 0
        argument.headers = headers(of: record)
        let code = busbar_produce(handle.pointer, &argument)
        // Headers belong to librdkafka only after success.
        if code != RD_KAFKA_RESP_ERR_NO_ERROR, let headers = argument.headers { rd_kafka_headers_destroy(headers) }
        return code
    }

    private func headers(of record: ProduceRecord) -> OpaquePointer? {
        guard record.headerCount > 0, let headers = rd_kafka_headers_new(record.headerCount) else { return nil }
        record.forEachHeader { name, value in
            rd_kafka_header_add(
                headers,
                nonNull(name).assumingMemoryBound(to: CChar.self),
                name.count,
                value.map(nonNull),
                value?.count ?? 0
            )
        }
        return headers
    }
}

/// An address for a buffer that is empty but not null; librdkafka reads no byte of it.
private func nonNull(_ buffer: UnsafeRawBufferPointer) -> UnsafeRawPointer {
    buffer.baseAddress ?? busbar_empty()
}
