/// What one client measured of itself: librdkafka's report (its STATISTICS.md), as far as it helps to operate a client.
///
/// Counters count from the client's start and only go up.
public struct ClientStatistics: Sendable, Decodable {
    /// Whether the report is a producer's or a consumer's; readers and admin clients are consumers.
    public enum Role: String, Sendable, Decodable {
        /// What the client was opened as.
        case producer, consumer
    }

    /// `rdkafka#consumer-1`: unique in the process.
    public let name: String
    /// ``ClientConfiguration/clientID``.
    public let clientID: String
    /// What kind of client it is.
    public let role: Role
    /// Seconds since 1970 by this machine's clock.
    public let time: Int64
    /// Microseconds since the client was opened.
    public let age: Int64
    /// Events that wait for the client's thread.
    public let waitingEvents: Int64
    /// Records in the producer's queue and in flight.
    public let queuedMessages: Int64
    /// Bytes of the records in the producer's queue and in flight.
    public let queuedBytes: Int64
    /// Most records that the producer's queue takes.
    public let queueLimitMessages: Int64
    /// Requests sent.
    public let requests: Int64
    /// Bytes of the requests sent.
    public let requestBytes: Int64
    /// Responses received.
    public let responses: Int64
    /// Bytes of the responses received.
    public let responseBytes: Int64
    /// Messages produced.
    public let sentMessages: Int64
    /// Bytes of the messages produced, with the frames of messages and batches.
    public let sentBytes: Int64
    /// Messages fetched, without those that were dropped for their offset or their transaction.
    public let receivedMessages: Int64
    /// Bytes of the messages fetched, with the frames of messages and batches.
    public let receivedBytes: Int64
    /// By librdkafka's name, `host:port/id`; `bootstrap` in place of the id of a broker that has not said who it is.
    public let brokers: [String: BrokerStatistics]
    /// By name, those that the client reads or writes.
    public let topics: [String: TopicStatistics]
    /// Of a member of a group.
    public let group: GroupStatistics?
    /// Of an idempotent or transactional producer.
    public let transactions: TransactionStatistics?
    /// Reports since the client was opened that the handler did not see, because it was busy with an older one while a newer one came.
    public internal(set) var missedReports = 0

    enum CodingKeys: String, CodingKey {
        case name, time, age, brokers, topics
        case clientID = "client_id"
        case role = "type"
        case waitingEvents = "replyq"
        case queuedMessages = "msg_cnt"
        case queuedBytes = "msg_size"
        case queueLimitMessages = "msg_max"
        case requests = "tx"
        case requestBytes = "tx_bytes"
        case responses = "rx"
        case responseBytes = "rx_bytes"
        case sentMessages = "txmsgs"
        case sentBytes = "txmsg_bytes"
        case receivedMessages = "rxmsgs"
        case receivedBytes = "rxmsg_bytes"
        case group = "cgrp"
        case transactions = "eos"
    }
}

/// One broker as a client sees it.
public struct BrokerStatistics: Sendable, Decodable {
    /// `-1` for a broker that has not said who it is.
    public let id: Int32
    /// `host:port`; empty for the logical connection to a group's coordinator while there is none.
    public let address: String
    /// `learned`, `configured`, `internal` or `logical`.
    public let source: String
    /// `INIT`, `DOWN`, `CONNECT`, `SSL_HANDSHAKE`, `AUTH_REQ`, `UP` and others; `UP` serves.
    public let state: String
    /// Microseconds in this state.
    public let stateAge: Int64
    /// Requests that wait to be sent.
    public let waitingRequests: Int64
    /// Messages in the requests that wait to be sent.
    public let waitingMessages: Int64
    /// Requests in flight, whose responses have not come yet.
    public let unansweredRequests: Int64
    /// Requests sent to this broker.
    public let requests: Int64
    /// Bytes of the requests sent.
    public let requestBytes: Int64
    /// Requests that could not be sent.
    public let requestErrors: Int64
    /// Requests that were sent again.
    public let requestRetries: Int64
    /// Requests that were not answered in time.
    public let requestTimeouts: Int64
    /// Responses received from this broker.
    public let responses: Int64
    /// Bytes of the responses received.
    public let responseBytes: Int64
    /// Responses that could not be read.
    public let responseErrors: Int64
    /// Attempts to connect, failed ones included.
    public let connects: Int64
    /// Connections that ended, for whatever reason.
    public let disconnects: Int64
    /// From request to answer, in microseconds.
    public let roundTrip: LatencyWindow
    /// From the queue to the socket, in microseconds.
    public let queueTime: LatencyWindow
    /// How long the broker asked the client to wait; milliseconds, not microseconds.
    public let throttling: LatencyWindow

    enum CodingKeys: String, CodingKey {
        case source, state, connects, disconnects
        case id = "nodeid"
        case address = "nodename"
        case stateAge = "stateage"
        case waitingRequests = "outbuf_cnt"
        case waitingMessages = "outbuf_msg_cnt"
        case unansweredRequests = "waitresp_cnt"
        case requests = "tx"
        case requestBytes = "txbytes"
        case requestErrors = "txerrs"
        case requestRetries = "txretries"
        case requestTimeouts = "req_timeouts"
        case responses = "rx"
        case responseBytes = "rxbytes"
        case responseErrors = "rxerrs"
        case roundTrip = "rtt"
        case queueTime = "outbuf_latency"
        case throttling = "throttle"
    }
}

/// What was measured in the last interval, in the unit that the property of this type names; all 0 where nothing was.
public struct LatencyWindow: Sendable, Decodable {
    /// The smallest value, in the window's unit.
    public let min: Int64
    /// The largest value.
    public let max: Int64
    /// The mean.
    public let avg: Int64
    /// The median.
    public let p50: Int64
    /// 95 % of the values are not above it.
    public let p95: Int64
    /// 99 % of the values are not above it.
    public let p99: Int64
    /// Values in the window.
    public let count: Int64

    enum CodingKeys: String, CodingKey {
        case min, max, avg, p50, p95, p99
        case count = "cnt"
    }
}
