internal import JSON

/// What a request would change: decided from a catalogue, without I/O, and not yet done.
struct PlannedChange: Sendable {
    /// Stored together or not at all, in this order; empty when everything is as it was asked for.
    var records: [RegistryRecord] = []
    /// What is answered once they are stored.
    var answer: RegistryAnswer
    /// For the audit's log line: what is done to what.
    var audit: AuditEntry?

    init(_ records: [RegistryRecord] = [], audit: AuditEntry? = nil, _ write: (inout JSONWriter) -> Void) {
        self.records = records
        self.audit = audit
        var writer = JSONWriter(reservingCapacity: 256)
        write(&writer)
        answer = RegistryAnswer(status: 200, body: writer.bytes)
    }
}

/// What the audit says of one change, beside who asked for it.
struct AuditEntry: Sendable, Equatable {
    /// A closed set of words.
    enum Action: String, Sendable {
        case register, delete, purge
        case setLevel = "set_level"
        case resetLevel = "reset_level"
        case setMode = "set_mode"
        case resetMode = "reset_mode"
        case deleteContext = "delete_context"
    }

    let action: Action
    /// Nil for the whole registry.
    var subject: String?
    var versions: [Int] = []
    var id: Int32?
    /// The new level or mode.
    var value: String?
}
