internal import ConnectorKit
internal import Delivery
internal import Synchronization

/// Stands in for a source outside the log: hands over the test's records, one after another, as the real one would after
/// it has checked where they come from.
final class ScriptedSource: Source {
    /// What the sender was told.
    struct Answers: Sendable {
        var rejected = 0
        /// Why a record was not accepted at all.
        var refusal: String?
    }

    /// A sender that is told to come back does so, this often.
    private static let attempts = 20

    private let records: [Record]
    private let keepsPosition: Bool
    private let clock: SteppingClock
    private let answers = Mutex(Answers())

    /// - Parameters:
    ///   - records: what comes in.
    ///   - keepsPosition: whether each record comes with the position after it, as from a file.
    ///   - clock: for the waits of a sender that comes back.
    init(_ records: [Record], keepsPosition: Bool, clock: SteppingClock) {
        self.records = records
        self.keepsPosition = keepsPosition
        self.clock = clock
    }

    var result: Answers { answers.withLock { $0 } }

    func run(into intake: any Intake) async throws {
        intake.ready("the test's input")
        for (index, record) in records.enumerated() {
            let position = SourcePosition(partition: "test", value: Array("\(index + 1)".utf8))
            await hand(record, keepsPosition ? position : nil, to: intake)
            if result.refusal != nil { return }
        }
    }

    private func hand(_ record: Record, _ position: SourcePosition?, to intake: any Intake) async {
        var reason = ""
        for _ in 0..<Self.attempts {
            do throws(IntakeError) {
                let outcomes = try await intake.accept([record], position: position)
                let rejected = outcomes.count { if case .rejected = $0 { true } else { false } }
                return answers.withLock { $0.rejected += rejected }
            } catch {
                reason = Self.reason(error)
            }
            do {
                try await clock.sleep(for: .seconds(1))
            } catch {
                break  // the run is over
            }
        }
        answers.withLock { $0.refusal = reason }
    }

    private static func reason(_ error: IntakeError) -> String {
        switch error {
        case .overloaded: "the connector's queue is full"
        case .unavailable(let detail): detail
        case .stopping: "the connector is stopping"
        }
    }
}
