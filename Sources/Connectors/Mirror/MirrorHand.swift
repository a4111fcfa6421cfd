internal import ConnectorKit
internal import Delivery
internal import Log

/// Hands what was read to the intake, in parts of bounded size, each with the positions after it.
struct MirrorHand {
    /// Bytes of keys and values at which a part ends.
    static let partBytes = 4 << 20

    private let settings: MirrorSettings
    private let connector: String
    private let cluster: String
    private let intake: any Intake
    private let sleep: @Sendable (Duration) async throws -> Void

    init(
        _ settings: MirrorSettings,
        connector: String,
        cluster: String,
        intake: any Intake,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.settings = settings
        self.connector = connector
        self.cluster = cluster
        self.intake = intake
        self.sleep = sleep
    }

    func ready(_ detail: String) { intake.ready(detail) }
    func report(lag: Int64) { intake.report(lag: lag) }

    /// What is stored of `partition`; `nil` before the first record of it.
    /// - Throws: ``ConnectorError/Code/positionUnreadable``; starting anywhere else would lose or repeat records silently.
    func position(of partition: TopicPartition) async throws -> MirrorPosition? {
        let name = MirrorPosition.name(of: partition)
        guard let bytes = try await intake.position(of: name) else { return nil }
        guard let position = MirrorPosition(bytes) else {
            throw ConnectorError(
                .positionUnreadable,
                "the stored position of \(partition) is not one that a mirror has written; give the connector another name."
            )
        }
        return position
    }

    /// Hands `batch` over and tells, part by part, how far each partition has come.
    func over(_ batch: MessageBatch, _ reached: (TopicPartition, Offset) -> Void) async throws {
        var part = Part()
        for index in 0..<batch.count {
            let message = batch[index]
            part.reached[message.topicPartition] = message.offset.next
            if !isOwnPosition(message) {
                part.records.append(Record(message))
                part.bytes += (message.key?.count ?? 0) + (message.value?.count ?? 0)
            }
            guard part.records.count >= settings.batch || part.bytes >= Self.partBytes else { continue }
            try await accept(part, reached)
            part = Part()
        }
        if !part.reached.isEmpty { try await accept(part, reached) }
    }

    private struct Part {
        var records: [Record] = []
        var bytes = 0
        var reached: [TopicPartition: Offset] = [:]
    }

    private func accept(_ part: Part, _ reached: (TopicPartition, Offset) -> Void) async throws {
        let positions = part.reached.sorted { $0.key < $1.key }.map { partition, next in
            SourcePosition(
                partition: MirrorPosition.name(of: partition),
                value: MirrorPosition(cluster: cluster, next: next).bytes
            )
        }
        while true {
            do {
                try refuse(zip(part.records, try await intake.accept(part.records, positions: positions)))
                break
            } catch IntakeError.overloaded(let retryAfter) {
                try await sleep(retryAfter)
            }
        }
        for (partition, next) in part.reached { reached(partition, next) }
    }

    private func refuse(_ outcomes: some Sequence<(Record, IntakeOutcome)>) throws(ConnectorError) {
        for case (let record, .rejected(let reason, let detail)) in outcomes {
            throw ConnectorError(
                .recordRefused,
                "\(record.id) was refused (\(reason.rawValue): \(detail)); a mirror has nobody to answer."
            )
        }
    }

    /// Whether `message` is a position of a connector that is called as this one is: this connector's own positions are
    /// about another cluster, and must not be replaced by it.
    private func isOwnPosition(_ message: MessageView) -> Bool {
        guard message.topicPartition.topic == PositionKey.topic, let key = message.key else { return false }
        return PositionKey([UInt8](key))?.connector == connector
    }
}
