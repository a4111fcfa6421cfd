package import ConnectorKit
internal import Delivery
internal import Foundation

/// An intake that keeps what it accepts, stores positions with it, and fails when it is told to.
package final class RecordingIntake: Intake {
    /// What the intake has seen.
    package struct Contents: Sendable {
        /// In the order of acceptance.
        package var records: [Record] = []
        /// What was stored, by partition of the source.
        package var positions: [String: [UInt8]] = [:]
        /// Calls of ``Intake/accept(_:positions:)`` that have begun.
        package var calls = 0
        /// The lag that the source reported last.
        package var lag: Int64?
        /// What the source said about itself.
        package var ready: [String] = []
        fileprivate var faults: [Int: IntakeError] = [:]
        fileprivate var outcome: @Sendable (Record) -> IntakeOutcome = { _ in .delivered }
        fileprivate var isHeld = false
    }

    /// Who reads. A source whose positions are kept elsewhere, as a consumer group's are, keeps them under this name.
    package let reader: String
    private let contents: Observed<Contents>

    /// - Parameters:
    ///   - positions: what an earlier run stored.
    ///   - reader: whose positions they are; by default a new one's.
    package init(positions: [String: [UInt8]] = [:], reader: String = UUID().uuidString) {
        self.reader = reader
        contents = Observed(Contents(positions: positions))
    }

    /// An empty intake of the same reader, with what is stored now: a restart.
    package func continued() -> RecordingIntake {
        RecordingIntake(positions: positions, reader: reader)
    }

    /// Everything, as it is now.
    package var current: Contents { contents.value }
    /// The accepted records, in order.
    package var records: [Record] { contents.value.records }
    /// What is stored now; goes into a second run's intake.
    package var positions: [String: [UInt8]] { contents.value.positions }

    /// Fails the call with this number, from 1, before anything of it is taken.
    package func fail(call: Int, with error: IntakeError) {
        contents.update { $0.faults[call] = error }
    }

    /// Says what becomes of each record from now on.
    package func decide(_ outcome: @escaping @Sendable (Record) -> IntakeOutcome) {
        contents.update { $0.outcome = outcome }
    }

    /// Lets calls wait until ``release()``.
    package func hold() {
        contents.update { $0.isHeld = true }
    }

    /// Lets waiting calls go on.
    package func release() {
        contents.update { $0.isHeld = false }
    }

    /// Waits for a state of the intake.
    /// - Throws: `CancellationError`.
    @discardableResult
    package func state(when condition: @escaping @Sendable (Contents) -> Bool) async throws -> Contents {
        try await contents.value(when: condition)
    }

    /// What was stored with the last accepted call.
    package func position(of partition: String) async throws -> [UInt8]? {
        contents.value.positions[partition]
    }

    /// Keeps records and position, unless it is told to fail or to hold.
    package func accept(
        _ records: [Record],
        positions: [SourcePosition]
    ) async throws(IntakeError) -> [IntakeOutcome] {
        let fault = contents.update { contents in
            contents.calls += 1
            return contents.faults[contents.calls]
        }
        if let fault { throw fault }
        do {
            try await contents.value(when: { !$0.isHeld })
        } catch {
            throw .stopping
        }
        return contents.update { contents in
            contents.records += records
            for position in positions { contents.positions[position.partition] = position.value }
            return records.map(contents.outcome)
        }
    }

    /// Keeps the figure.
    package func report(lag: Int64) {
        contents.update { $0.lag = lag }
    }

    /// Keeps the sentence.
    package func ready(_ detail: String) {
        contents.update { $0.ready.append(detail) }
    }
}
