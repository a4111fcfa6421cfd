package import Logging

/// Every metadata key that busbar logs. Messages are constants; what varies is under one of these.
///
/// Where OpenTelemetry has a name for the thing (semantic conventions 1.44) the key is that name. Payloads, record keys
/// and secrets have no key on purpose.
package enum LogKey: String, CaseIterable, Sendable {
    /// The connector's name.
    case connector = "busbar.connector"
    /// The worker's id.
    case worker = "busbar.worker"
    /// The number of the task within its connector.
    case task = "busbar.task"
    /// A step of a connector, by its position from 0.
    case step = "busbar.step"
    /// The number of the attempt, from 1.
    case attempt = "busbar.attempt"
    /// How a record ended.
    case outcome = "busbar.outcome"
    /// Why a record was dead-lettered, or a connector paused.
    case reason = "busbar.reason"
    /// The state of a connector, circuit or partition.
    case state = "busbar.state"
    /// The number of a rebalance.
    case generation = "busbar.generation"
    /// A number of records.
    case records = "busbar.records"
    /// What the accounting identity leaves over.
    case residue = "busbar.residue"
    /// A record's stable id.
    case record = "busbar.record"
    /// An entry of `to:`, by its position from 0.
    case route = "busbar.route"
    /// Where a source listens or reads.
    case source = "busbar.source"
    /// How long until the next try.
    case retryAfter = "busbar.retry_after"
    /// Rows of the dedupe journal whose checksum was wrong.
    case rowsDamaged = "busbar.rows_damaged"
    /// A contract's subject.
    case subject = "busbar.subject"
    /// Versions of a contract, with commas between them.
    case schemaVersions = "busbar.schema_versions"
    /// A schema's id in its context of the registry.
    case schemaID = "busbar.schema_id"
    /// What was done to the registry.
    case registryAction = "busbar.registry_action"
    /// The level or mode that was set.
    case registrySetting = "busbar.registry_setting"
    /// Who asked for it.
    case actor = "enduser.id"
    /// The CloudEvents id of an event.
    case eventID = "busbar.event_id"
    /// How long something took, in milliseconds.
    case durationMS = "busbar.duration_ms"
    /// How long something waits, in milliseconds.
    case delayMS = "busbar.delay_ms"
    /// Why a webhook request was refused.
    case refusal = "busbar.refusal"
    /// A topic.
    case topic = "kafka.topic"
    /// A partition's number.
    case partition = "kafka.partition"
    /// An offset.
    case offset = "kafka.offset"
    /// The offset that the group has committed.
    case offsetCommitted = "kafka.offset_committed"
    /// The first offset of a range, or of the partition.
    case offsetStart = "kafka.offset_start"
    /// The offset after the last of a range, or of the partition.
    case offsetEnd = "kafka.offset_end"
    /// What a rebalance does: assign, revoke or lose.
    case rebalance = "kafka.rebalance"
    /// The part of the Kafka client that speaks.
    case clientFacility = "kafka.client.facility"
    /// What the Kafka client says.
    case clientMessage = "kafka.client.message"
    /// A consumer group.
    case group = "kafka.group"
    /// A transactional id.
    case transactionalID = "kafka.transactional_id"
    /// The client library's error name.
    case kafkaError = "kafka.error"
    /// An HTTP method.
    case httpMethod = "http.method"
    /// An HTTP path, without its query.
    case httpPath = "http.path"
    /// An HTTP status.
    case httpStatus = "http.status"
    /// A peer's address.
    case peer = "net.peer"
    /// A port that is listened on.
    case port = "net.port"
    /// A path on disk.
    case file = "file.path"
    /// A line in a file, from 1.
    case line = "file.line"
    /// An error's code: a closed set.
    case errorCode = "error.type"
    /// An error in words, as its description gives it.
    case error = "error.message"
    /// The trace the log line belongs to.
    case traceID = "trace_id"
    /// The span the log line belongs to.
    case spanID = "span_id"
    /// A process id.
    case processID = "process.pid"
    /// A signal's name.
    case signal = "process.signal"
    /// busbar's version.
    case version = "service.version"
}

extension Dictionary where Key == String, Value == Logger.MetadataValue {
    /// Metadata from the table of keys; of a key given twice the last value stays.
    package init(_ pairs: KeyValuePairs<LogKey, Logger.MetadataValue>) {
        self.init(pairs.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { _, last in last })
    }

    /// The value under a key of the table.
    package subscript(key: LogKey) -> Logger.MetadataValue? {
        get { self[key.rawValue] }
        set { self[key.rawValue] = newValue }
    }
}

extension Logger {
    /// The value that every line of this logger carries under a key of the table.
    package subscript(key: LogKey) -> Logger.MetadataValue? {
        get { self[metadataKey: key.rawValue] }
        set { self[metadataKey: key.rawValue] = newValue }
    }
}
