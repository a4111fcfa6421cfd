internal import ConnectorKit
internal import Contracts
internal import Delivery
internal import Log
internal import RegistryClient

/// Takes records out of the form in which they lie in the log: from there on a payload is JSON text, wherever it came from.
///
/// Confined to the driver that owns it.
final class RecordOpener {
    private let contract: Contract?
    private let format: PayloadFormat
    private let cache: ContractCache?
    /// The schema of the last record, which is that of most.
    private var last: (key: ContractKey, known: KnownContract)?

    init(_ plan: ConnectorPlan) {
        contract = plan.contract
        format = plan.format
        cache = plan.schemas
    }

    /// Opens the record of a message.
    func open(_ message: MessageView) -> Opening {
        let record = Record(message)
        guard format == .confluentJSON, message.value != nil else {
            return .ready(.record(OpenedRecord(record: record, contract: contract, label: nil)))
        }
        switch SchemaMark.read(message) {
        case .failure(let unreadable):
            return .ready(.refused(DeadLetterCause(.decode, detail: "\(unreadable)", stage: .contract)))
        case .success(let mark):
            return open(record, message, mark)
        }
    }

    /// Bytes of a message's value before its payload; 0 where that cannot be told.
    static func payloadStart(of message: MessageView, in format: PayloadFormat) -> Int {
        guard format == .confluentJSON, case .success(let mark) = SchemaMark.read(message) else { return 0 }
        return mark.prefix
    }

    private func open(_ record: Record, _ message: MessageView, _ mark: SchemaMark) -> Opening {
        var bare = record
        if mark.prefix == 0 {
            // Whatever the steps make of the payload is of another schema.
            bare.headers = record.headers.filter { $0.name != SchemaMark.header }
        } else {
            bare.value = .suffix(message, from: mark.prefix)
        }
        if let contract { return .ready(.record(OpenedRecord(record: bare, contract: contract, label: nil))) }
        if let last, last.key == mark.key { return .ready(.record(OpenedRecord(bare, last.known))) }
        switch cache?.known(mark.key) ?? .refused("there is no registry to ask for \(mark.key)") {
        case .found(let known):
            last = (mark.key, known)
            return .ready(.record(OpenedRecord(bare, known)))
        case .refused(let message):
            let cause = DeadLetterCause(.schema, detail: message, stage: .contract, version: "\(mark.key)")
            return .ready(.refused(cause))
        case .unknown:
            cache?.request(mark.key)
            return .waiting(mark.key)
        }
    }
}

extension OpenedRecord {
    fileprivate init(_ record: Record, _ known: KnownContract) {
        self.init(record: record, contract: known.contract, label: known.label)
    }
}
