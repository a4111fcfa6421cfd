package import Contracts
internal import JSON
package import Log

/// Holds a contract against records that are there: what would it refuse?
package struct TrafficCheck: Sendable {
    private let contract: Contract
    private let baseline: Contract?
    private let encoding: RecordEncoding

    /// - Parameters:
    ///   - contract: with formats asserted or not, as the readers of the topic do.
    ///   - baseline: the version that is in use; what it refuses too is counted apart.
    ///   - encoding: how the records carry their JSON.
    package init(_ contract: Contract, after baseline: Contract? = nil, encoding: RecordEncoding = .json) {
        self.contract = contract
        self.baseline = baseline
        self.encoding = encoding
    }

    /// Reads a sample and judges each record of it.
    /// - Throws: `LogError` when the topic cannot be read, `CancellationError`. What records are is no error.
    package func run(
        over sample: TopicSample,
        of log: any Log,
        partitions: [PartitionID]
    ) async throws -> TrafficReport {
        let judgement = TrafficJudgement(contract, after: baseline, encoding, topic: sample.topic)
        judgement.report.parts = try await sample.read(from: log, partitions: partitions) { judgement.add($0) }
        return judgement.report
    }
}

/// Judges records, one after the other. Used by one task.
private final class TrafficJudgement {
    var report: TrafficReport
    private let contract: Contract
    private let baseline: Contract?
    private let encoding: RecordEncoding
    private let parser = JSONParser()
    private let scratch = ValidationScratch()
    private static let maxIDs = 100

    init(_ contract: Contract, after baseline: Contract?, _ encoding: RecordEncoding, topic: TopicName) {
        self.contract = contract
        self.baseline = baseline
        self.encoding = encoding
        report = TrafficReport(topic: topic)
    }

    func add(_ message: MessageView) {
        report.records += 1
        switch encoding.content(of: message) {
        case .tombstone: report.tombstones += 1
        case .unprefixed:
            report.unprefixed.add(message) { ("", "the record has no prefix of byte 0 and a schema's id") }
        case .text(let text, let id):
            if let id { count(id) }
            judge(text, message)
        }
    }

    private func count(_ id: UInt32) {
        if report.schemaIDs[id] != nil || report.schemaIDs.count < Self.maxIDs {
            report.schemaIDs[id, default: 0] += 1
        }
    }

    private func judge(_ text: UnsafeRawBufferPointer, _ message: MessageView) {
        do {
            try parser.withDocument(text) { judge($0, message) }
        } catch {
            report.notJSON.add(message) { ("", "\(error)") }
            if RecordEncoding.isPrefixed(text) { report.looksPrefixed += 1 }
        }
    }

    private func judge(_ document: JSONValue, _ message: MessageView) {
        guard !contract.isValid(document, using: scratch) else { return }
        report.rejected += 1
        let isRejectedBefore = baseline.map { !$0.isValid(document, using: scratch) } ?? false
        if isRejectedBefore { report.rejectedBefore += 1 }
        let violations = contract.violations(of: document, limit: TrafficReport.maxViolations, using: scratch)
        var counted: Set<String> = []
        for violation in violations where counted.insert(violation.keyword).inserted {
            report.groups[violation.keyword, default: TrafficReport.Group()]
                .add(message, isRejectedBefore: isRejectedBefore) { (violation.instance, violation.message) }
        }
    }
}
