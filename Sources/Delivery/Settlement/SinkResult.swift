/// What a sink says about one record. The set is closed because the runtime acts on it.
///
/// Details are for people (logs, the dead letter's message): they name statuses and limits, never payloads or secrets.
public enum SinkResult: Hashable, Sendable {
    /// The target has the record, durably as far as it can tell.
    case delivered
    /// It may work later. `reason` is the dead letter's, should the attempts run out; `after` is what the target asked
    /// for.
    case retry(DeadLetterReason, after: Duration? = nil, detail: String = "")
    /// It will never work for this record.
    case reject(DeadLetterReason, detail: String)
    /// It works for no record until someone or something acts: the record waits, nothing is dead-lettered.
    case pause(PauseReason, detail: String)
    /// The sink itself is broken: the connector stops.
    case fatal(detail: String)
}

/// Why a connector stands still although it should run.
public enum PauseReason: String, CaseIterable, Hashable, Sendable {
    /// Someone paused it.
    case `operator`
    /// The target refuses the credentials for every record.
    case credentials
    /// The target takes no record until somebody acts: a disk that may not be written, a certificate that is refused.
    case target
    /// The circuit breaker of its target is open.
    case circuitOpen = "circuit_open"
    /// Dead letters cannot be written.
    case deadLetters = "dead_letters"
}
