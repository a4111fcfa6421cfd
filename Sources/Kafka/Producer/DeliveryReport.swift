internal import CLibrdkafka
public import Log

/// What became of one record that ``Producer/produce(_:)`` handed over: 40 bytes without a reference.
public struct DeliveryReport: Sendable, Hashable {
    /// The number that the record was appended with; see ``RecordWriter/append(topic:partition:key:value:timestamp:token:)``.
    public let token: UInt64
    /// The record's offset; -1 when it failed.
    private let position: Int64
    /// Milliseconds since the epoch; -1 where unknown.
    private let time: Int64
    private let partition: Int32
    private let code: Int32
    /// Whether the record is in the log or may be (`rd_kafka_message_status`, rdkafka.h): producing it again may then write
    /// it twice. `true` for every acknowledged record.
    public let mayBeWritten: Bool
    /// The refused login that kept the record back, by its ``RefusalNumbers``; 0 for none.
    private var refusal: UInt32 = 0

    /// Takes librdkafka's report.
    init(_ message: UnsafePointer<rd_kafka_message_t>, token: UInt64) {
        self.token = token
        position = unsafe message.pointee.offset
        time = unsafe rd_kafka_message_timestamp(message, nil)
        partition = unsafe message.pointee.partition
        code = unsafe message.pointee.err.rawValue
        mayBeWritten = unsafe rd_kafka_message_status(message) != RD_KAFKA_MSG_STATUS_NOT_PERSISTED
    }

    /// A record that never got into the queue.
    init(refused code: rd_kafka_resp_err_t, token: UInt64) {
        self.token = token
        position = -1
        time = -1
        partition = -1
        self.code = code.rawValue
        mayBeWritten = false
    }

    /// Whether every in-sync replica has the record.
    public var isAcknowledged: Bool { code == 0 }

    /// Where the record is, or the classified error; made anew each time. A record that did not get through in its time
    /// because a broker refused the login or the certificate fails as ``Log/LogError/Code/authentication``.
    public var result: ProduceResult {
        let result = ProduceResult(code, partition: partition, offset: position, time: time, topic: nil)
        guard refusal != 0, case .failed(let error) = result else { return result }
        return .failed(error.explained(by: RefusalNumbers.shared[refusal]))
    }

    /// Names the refused login that is why the record was not acknowledged, if one is.
    mutating func explain(_ message: UnsafePointer<rd_kafka_message_t>, by handle: ClientHandle) {
        guard case .failed(let error) = result, error.isUnanswered else { return }
        // Microseconds since the record was handed over; -1 where unknown (rdkafka.h).
        let age = unsafe Duration.microseconds(max(0, rd_kafka_message_latency(message)))
        refusal = handle.refusal(since: .now - age)?.number ?? 0
    }
}

extension ProduceResult {
    /// An outcome in librdkafka's terms; `topic` is for the error's text.
    init(_ code: Int32, partition: Int32, offset: Int64, time: Int64, topic: TopicName?) {
        let code = rd_kafka_resp_err_t(rawValue: code)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            self = .failed(LogError(code, cannot: topic.map { "produce to \($0)" } ?? "produce the record"))
            return
        }
        self = .acknowledged(
            Acknowledgement(
                PartitionID(rawValue: partition),
                Offset(offset),
                timestamp: time < 0 ? nil : Timestamp(milliseconds: time)
            )
        )
    }
}

/// The reports of what ``Producer/produce(_:)`` handed over, in batches; see ``Producer/reports``.
public struct DeliveryReports: AsyncSequence, Sendable {
    let queue: ReportQueue

    /// Hands out what has come since the last batch, at least one report, in order for each partition.
    public struct Iterator: AsyncIteratorProtocol {
        let queue: ReportQueue

        /// Waits for reports; `nil` when the producer is closed and all have been handed out, or when the task is cancelled
        /// (what has not been handed out then stays for the next call).
        public mutating func next() async -> [DeliveryReport]? { await queue.next() }
    }

    /// An iterator over the one stream of reports: of several, each gets other batches.
    public func makeAsyncIterator() -> Iterator { Iterator(queue: queue) }
}
