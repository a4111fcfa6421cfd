/// Every metric of busbar, with its meaning and when to alert.
extension Metric {
    /// Records that got their outcome.
    package static let records = Metric(
        "busbar_records_total",
        .counter,
        "Records that got their final outcome.",
        labels: [.connector, .outcome],
        alert: "rate of outcome=\"dead_lettered\" against the connector's slo"
    )
    /// Records taken from the source.
    package static let consumed = Metric(
        "busbar_consumed_total",
        .counter,
        "Records taken from the source.",
        labels: [.connector],
        alert: "none; the left side of the accounting identity"
    )
    /// Records without an outcome.
    package static let inFlight = Metric(
        "busbar_in_flight",
        .gauge,
        "Records consumed that have no outcome yet.",
        labels: [.connector],
        alert: "> 0 and rate(busbar_records_total[10m]) == 0 for 10m"
    )
    /// What the accounting identity leaves over.
    package static let accountingResidue = Metric(
        "busbar_accounting_residue",
        .gauge,
        "Consumed records minus outcomes minus in flight; anything but 0 is a bug or a loss.",
        labels: [.connector],
        alert: "!= 0 for 1m"
    )
    /// Attempts, retries included.
    package static let attempts = Metric(
        "busbar_attempts_total",
        .counter,
        "Single attempts at the sink, retries included.",
        labels: [.connector, .result],
        alert: "rate of result=\"retry\" above 0.1 of all for 15m"
    )
    /// Time of one attempt.
    package static let deliverySeconds = Metric(
        "busbar_delivery_seconds",
        .histogram,
        "Time in the sink, one attempt.",
        labels: [.connector],
        alert: "0.95 quantile above slo.latency_p95",
        buckets: attemptBuckets
    )
    /// Time from the event to its outcome.
    package static let endToEndSeconds = Metric(
        "busbar_end_to_end_seconds",
        .histogram,
        "Time from the record's timestamp to its outcome.",
        labels: [.connector],
        alert: "0.95 quantile above the route's objective",
        buckets: endToEndBuckets
    )
    /// Lag in messages.
    package static let consumerLagMessages = Metric(
        "busbar_consumer_lag_messages",
        .gauge,
        "Messages between the committed offset and the log end.",
        labels: [.group, .topic, .partition],
        alert: "none; alert on seconds"
    )
    /// Lag of a source outside the log.
    package static let sourceLagMessages = Metric(
        "busbar_source_lag_messages",
        .gauge,
        "Messages that the cluster of a `mirror` source holds and that are not mirrored.",
        labels: [.connector],
        alert: "> 0 and not falling for 15m"
    )
    /// Lag in seconds.
    package static let consumerLagSeconds = Metric(
        "busbar_consumer_lag_seconds",
        .gauge,
        "Age of the oldest message not yet committed; 0 when caught up.",
        labels: [.group, .topic, .partition],
        alert: "above the connector's limit for 5m"
    )
    /// The lag verdict.
    package static let consumerLagStatus = Metric(
        "busbar_consumer_lag_status",
        .gauge,
        "The lag verdict as a state set: 1 for the state that holds, 0 for the others.",
        labels: [.group, .topic, .partition, .state],
        alert: "state=\"stopped\" or state=\"stalled\" == 1 for 5m"
    )
    /// Dead letters.
    package static let deadLetters = Metric(
        "busbar_dlq_records_total",
        .counter,
        "Records written to a dead-letter topic and acknowledged.",
        labels: [.connector, .reason],
        alert: "increase over 5m above what the owner accepts"
    )
    /// Dead letters that could not be written.
    package static let deadLetterFailures = Metric(
        "busbar_dlq_write_failures_total",
        .counter,
        "Dead-letter writes that failed; each stops its partition.",
        labels: [.connector],
        alert: "increase over 5m > 0"
    )
    /// Keys remembered.
    package static let dedupeKeys = Metric(
        "busbar_dedupe_keys",
        .gauge,
        "Keys held in memory to recognise duplicates.",
        labels: [.connector],
        alert: "above the memory the worker was given, at 33 bytes a key"
    )
    /// Dedupe state rebuilt.
    package static let dedupeRebuilds = Metric(
        "busbar_dedupe_rebuilds_total",
        .counter,
        "Times a partition's dedupe state was rebuilt from the topic.",
        labels: [.connector],
        alert: "increase over 1h > 0 outside of deployments"
    )
    /// Contract failures.
    package static let contractFailures = Metric(
        "busbar_contract_failures_total",
        .counter,
        "Records that broke their contract.",
        labels: [.connector, .subject],
        alert: "increase over 5m > 0 for a contract without known offenders"
    )
    /// Answers of targets.
    package static let targetResponses = Metric(
        "busbar_target_responses_total",
        .counter,
        "Answers of targets by HTTP status, or error when there was none.",
        labels: [.connector, .code],
        alert: "code=\"401\" or code=\"403\" increase over 5m > 0"
    )
    /// Circuit breaker.
    package static let circuitState = Metric(
        "busbar_circuit_state",
        .gauge,
        "The target's circuit breaker as a state set: closed, open, half_open.",
        labels: [.connector, .state],
        alert: "state=\"open\" == 1 for 5m"
    )
    /// Time spent waiting for the rate limit.
    package static let rateLimitWaitSeconds = Metric(
        "busbar_rate_limit_wait_seconds_total",
        .counter,
        "Time deliveries waited for the connector's rate limit.",
        labels: [.connector],
        alert: "none; explains lag"
    )
    /// Connector state.
    package static let connectorState = Metric(
        "busbar_connector_state",
        .gauge,
        "The state of every desired connector as a state set.",
        labels: [.connector, .state],
        alert: "state=\"running\" == 0 for 5m"
    )
    /// Retries waiting.
    package static let retriesWaiting = Metric(
        "busbar_retries_waiting",
        .gauge,
        "Records that wait for their next attempt.",
        labels: [.connector],
        alert: "none; explains in_flight"
    )
    /// Filling of bounded queues.
    package static let queueRecords = Metric(
        "busbar_queue_records",
        .gauge,
        "Records in a bounded queue.",
        labels: [.connector, .queue],
        alert: "none; compare with busbar_queue_limit_records"
    )
    /// Bounds of queues.
    package static let queueLimitRecords = Metric(
        "busbar_queue_limit_records",
        .gauge,
        "Bound of a queue.",
        labels: [.connector, .queue],
        alert: "none"
    )
    /// Queues that were full.
    package static let queueFull = Metric(
        "busbar_queue_full_total",
        .counter,
        "Times a bounded queue was full and held back its producer.",
        labels: [.connector, .queue],
        alert: "none; explains lag"
    )
    /// Partitions paused.
    package static let partitionsPaused = Metric(
        "busbar_partitions_paused",
        .gauge,
        "Assigned partitions that are paused by back-pressure.",
        labels: [.connector],
        alert: "> 0 for 15m"
    )
    /// Partitions assigned.
    package static let partitionsAssigned = Metric(
        "busbar_partitions_assigned",
        .gauge,
        "Partitions this worker owns.",
        labels: [.connector],
        alert: "sum over workers below the topic's partitions for 5m"
    )
    /// Rebalances.
    package static let rebalances = Metric(
        "busbar_rebalances_total",
        .counter,
        "Rebalances answered.",
        labels: [.connector],
        alert: "rate over 15m above 1 a minute"
    )
    /// Offset commits.
    package static let commits = Metric(
        "busbar_commits_total",
        .counter,
        "Offset commits by result.",
        labels: [.connector, .result],
        alert: "result=\"error\" increase over 5m > 0"
    )
    /// Webhook requests.
    package static let webhookRequests = Metric(
        "busbar_webhook_requests_total",
        .counter,
        "Webhook requests answered, by HTTP status.",
        labels: [.connector, .code],
        alert: "code=\"401\" rate above the sender's usual; code=\"503\" > 0 for 5m"
    )
    /// Time of webhook requests.
    package static let webhookSeconds = Metric(
        "busbar_webhook_request_seconds",
        .histogram,
        "Time from a webhook request's head to its answer.",
        labels: [.connector],
        alert: "0.95 quantile above 1 s: senders give up at 10 s",
        buckets: attemptBuckets
    )
    /// Round trips of Kafka's requests.
    package static let kafkaRoundTripSeconds = Metric(
        "busbar_kafka_round_trip_seconds",
        .gauge,
        "Slowest 0.99 quantile that a client of this worker measured between a request and its answer.",
        labels: [.broker],
        alert: "above 1 for 15m: fetches wait up to 0.1 s by design"
    )
    /// Requests to Kafka that failed.
    package static let kafkaRequestFailures = Metric(
        "busbar_kafka_request_failures_total",
        .counter,
        "Kafka requests that failed, timed out or were answered by what could not be read.",
        labels: [.broker],
        alert: "increase over 15m > 0 while no broker is being restarted"
    )
    /// Records in librdkafka's queues.
    package static let kafkaQueuedBytes = Metric(
        "busbar_kafka_queued_bytes",
        .gauge,
        "Bytes that this worker's Kafka clients hold: fetched and not yet taken, or waiting to be sent.",
        labels: [.queue],
        alert: "none; explains memory"
    )

    /// Series refused.
    package static let seriesRefused = Metric(
        "busbar_metric_series_refused_total",
        .counter,
        "Series not kept because their metric has reached its limit of series.",
        alert: "> 0: a label has unbounded values"
    )
    /// Build information.
    package static let buildInfo = Metric(
        "busbar_build_info",
        .gauge,
        "Build information, always 1.",
        labels: [.version, .librdkafka],
        alert: "count by (version) > 1 for 1h"
    )

    /// All of the above.
    package static let all: [Metric] = [
        records, consumed, inFlight, accountingResidue, attempts, deliverySeconds, endToEndSeconds,
        consumerLagMessages, consumerLagSeconds, consumerLagStatus, sourceLagMessages, deadLetters, deadLetterFailures,
        dedupeKeys, dedupeRebuilds, contractFailures, targetResponses, circuitState, rateLimitWaitSeconds,
        connectorState, retriesWaiting, queueRecords, queueLimitRecords, queueFull, partitionsPaused,
        partitionsAssigned, rebalances, commits, webhookRequests, webhookSeconds, kafkaRoundTripSeconds,
        kafkaRequestFailures, kafkaQueuedBytes, seriesRefused, buildInfo,
    ]

    /// OpenTelemetry's advice for messaging and HTTP durations (semantic conventions 1.44), with 30 s for slow targets.
    private static let attemptBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    /// Reaches to an hour, because retries may take `within`.
    private static let endToEndBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600, 3600]
}
