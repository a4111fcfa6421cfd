/// The metrics of the embedded log, with their meaning and when to alert.
extension Metric {
    /// Requests answered.
    package static let brokerRequests = Metric(
        "busbar_broker_requests_total",
        .counter,
        "Requests of Kafka's protocol, by API.",
        labels: [.api],
        alert: "none; explains the load"
    )
    /// Time to answer.
    package static let brokerRequestSeconds = Metric(
        "busbar_broker_request_seconds",
        .histogram,
        "Time from a request's start to its answer, waiting included (Fetch and JoinGroup wait on purpose).",
        labels: [.api],
        alert: "0.99 quantile of api=\"Produce\" above 1 s for 10m: the disk is slow",
        buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    )
    /// Errors answered.
    package static let brokerErrors = Metric(
        "busbar_broker_produce_errors_total",
        .counter,
        "Partitions of Produce requests that were answered with an error, by Kafka's code.",
        labels: [.code],
        alert: "code=\"56\" (storage) increase over 5m > 0: the disk is full or failing"
    )
    /// Bytes taken.
    package static let brokerBytesIn = Metric(
        "busbar_broker_in_bytes_total",
        .counter,
        "Bytes of record batches appended.",
        alert: "none; explains the load"
    )
    /// Bytes served.
    package static let brokerBytesOut = Metric(
        "busbar_broker_out_bytes_total",
        .counter,
        "Bytes of record batches served.",
        alert: "none; explains the load"
    )
    /// Connections.
    package static let brokerConnections = Metric(
        "busbar_broker_connections",
        .gauge,
        "Connections open.",
        alert: "above 0.9 of limits.connections for 5m"
    )
    /// Connections refused.
    package static let brokerRefusedConnections = Metric(
        "busbar_broker_refused_connections_total",
        .counter,
        "Connections closed at once because there were too many.",
        alert: "increase over 5m > 0"
    )
    /// Frames refused.
    package static let brokerRefusedFrames = Metric(
        "busbar_broker_refused_requests_total",
        .counter,
        "Connections closed because what they sent is no request of Kafka's protocol, or too large a one.",
        alert: "increase over 15m > 0: a client is misconfigured or hostile"
    )
    /// Waits for memory.
    package static let brokerMemoryWaits = Metric(
        "busbar_broker_memory_waits_total",
        .counter,
        "Times a connection stopped reading because limits.total_memory was used up.",
        alert: "rate over 15m above 1 a second: clients outrun the disk"
    )
    /// Memory of requests.
    package static let brokerRequestBytes = Metric(
        "busbar_broker_request_bytes",
        .gauge,
        "Bytes of requests held.",
        alert: "none; compare with limits.total_memory"
    )
    /// Failed logins.
    package static let brokerAuthenticationFailures = Metric(
        "busbar_broker_authentication_failures_total",
        .counter,
        "SASL exchanges that failed.",
        alert: "rate over 15m above what wrong passwords explain"
    )
    /// Partitions.
    package static let brokerPartitions = Metric(
        "busbar_broker_partitions",
        .gauge,
        "Partitions of all topics.",
        alert: "above 0.9 of topics.partition_limit"
    )
    /// Storage state.
    package static let brokerStorageFailures = Metric(
        "busbar_broker_storage_failures_total",
        .counter,
        "Appends, syncs and clean-ups that the disk failed, by kind.",
        labels: [.reason],
        alert: "increase over 5m > 0"
    )

    /// All of the above.
    package static let ofBroker: [Metric] = [
        brokerRequests, brokerRequestSeconds, brokerErrors, brokerBytesIn, brokerBytesOut, brokerConnections,
        brokerRefusedConnections, brokerRefusedFrames, brokerMemoryWaits, brokerRequestBytes,
        brokerAuthenticationFailures, brokerPartitions, brokerStorageFailures,
    ]
}
