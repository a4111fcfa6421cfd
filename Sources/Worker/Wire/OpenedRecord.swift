internal import ConnectorKit
internal import Contracts
internal import RegistryClient

/// A record whose payload lies bare, with the contract it is held against.
struct OpenedRecord {
    let record: Record
    let contract: Contract?
    /// `subject@vN`, or the id of the schema, where it is the record's own.
    let label: String?
}

/// What lay in a message.
enum OpenedMessage {
    case record(OpenedRecord)
    /// Nothing can be made of it.
    case refused(DeadLetterCause)
}

/// What opening a message came to.
enum Opening {
    /// It is open, and can be processed.
    case ready(OpenedMessage)
    /// It has to wait: the registry has to be asked for this, and has not answered yet.
    case waiting(ContractKey)
}
