internal import CLibrdkafka
public import Log

/// Copies records from borrowed memory straight into librdkafka's queue; lent for the length of a closure by
/// ``Producer/produce(_:)``.
///
/// Nothing is allocated on the way but what librdkafka allocates itself. Buffers need to be valid during the call only.
@safe public struct RecordWriter: ~Copyable {
    private let loop: ProducerLoop
    private var name: TopicName?
    private var topic: OpaquePointer?
    /// Headers of the next record; given to librdkafka, or destroyed by `append` or ``dropHeaders()``.
    private var headers: OpaquePointer?
    /// Records that were taken.
    private(set) var count = 0
    /// A record had no room.
    var isFull = false

    init(_ loop: ProducerLoop) {
        self.loop = loop
    }

    /// Adds a header to the record that is appended next, after those that were added since the last `append`.
    ///
    /// Names may repeat; a `nil` value is a null. An append that finds the queue full drops them with the record: add them
    /// again before the next try.
    public mutating func addHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) {
        if unsafe headers == nil { unsafe headers = rd_kafka_headers_new(8) }
        guard let headers = unsafe headers else { return }
        unsafe copyHeader(name, value, to: headers)
    }

    /// Hands one record over, copied.
    ///
    /// - Parameters:
    ///   - topic: best the same as of the last call, whose handle is remembered.
    ///   - partition: `nil` lets the client choose: murmur2 of the key as the Java client does, any without a key.
    ///   - key: `nil` is a null key.
    ///   - value: `nil` is a tombstone.
    ///   - timestamp: `nil` is now.
    ///   - token: comes back with the record's ``DeliveryReport``; less than 2^63. It travels in librdkafka's own opaque
    ///     pointer, so that it costs nothing.
    /// - Returns: `false` when the queue is full: the record was not taken, no report follows, and the closure is to
    ///   return; it is called again when there is room. `true` otherwise: exactly one report with `token` follows, also
    ///   for a record that is refused at once (too large, no such partition).
    public mutating func append(
        topic: TopicName,
        partition: PartitionID? = nil,
        key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?,
        timestamp: Timestamp? = nil,
        token: UInt64
    ) -> Bool {
        if count > 0, count % ProducerLoop.many == 0, !loop.serveAndHasRoom() {
            dropHeaders()
            isFull = true
            return false
        }
        if topic != name {
            unsafe self.topic = loop.topicHandle(topic)
            name = topic
        }
        var argument = unsafe busbar_record()
        unsafe argument.opaque = DeliveryToken.opaque(of: token)
        unsafe argument.topic = self.topic
        unsafe argument.partition = partition?.rawValue ?? RD_KAFKA_PARTITION_UA
        unsafe argument.timestamp = timestamp?.rawValue ?? 0
        unsafe argument.key = key.map(nonNull)
        unsafe argument.key_size = key?.count ?? 0
        unsafe argument.value = value.map(nonNull)
        unsafe argument.value_size = value?.count ?? 0
        unsafe argument.headers = headers
        unsafe headers = nil
        let code = unsafe loop.enqueue(&argument)
        if code == RD_KAFKA_RESP_ERR__QUEUE_FULL {
            isFull = true
            return false
        }
        count += 1
        if code != RD_KAFKA_RESP_ERR_NO_ERROR {
            var refusal = [DeliveryReport(refused: code, token: token)]
            loop.reports.append(&refusal)
        }
        return true
    }

    /// Frees headers that no record came for.
    mutating func dropHeaders() {
        if let headers = unsafe headers { unsafe rd_kafka_headers_destroy(headers) }
        unsafe headers = nil
    }
}

/// Copies a header behind those that `headers`, librdkafka's list, has.
func copyHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?, to headers: OpaquePointer) {
    unsafe rd_kafka_header_add(
        headers,
        nonNull(name).assumingMemoryBound(to: CChar.self),
        name.count,
        value.map(nonNull),
        value?.count ?? 0
    )
}

/// An address for a buffer that is empty but not null; librdkafka reads no byte of it.
func nonNull(_ buffer: UnsafeRawBufferPointer) -> UnsafeRawPointer {
    unsafe buffer.baseAddress ?? busbar_empty()
}
