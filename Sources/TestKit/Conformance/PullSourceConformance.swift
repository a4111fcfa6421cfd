package import ConnectorKit
internal import LogTesting

/// A pull source with what it reads, for ``PullSourceConformance``. Each check gets a fresh one.
package protocol PullSourceBench: Sendable {
    /// A source that ends when it has read everything. `reader` is the intake's ``RecordingIntake/reader``.
    func makeSource(for reader: String) async throws -> any Source
    /// A source that waits for more, reading the same.
    func makeFollowingSource(for reader: String) async throws -> any Source
    /// Adds events with these payloads, in order.
    func add(_ payloads: [String]) async throws
    /// Whether a restart would not begin at the start; by default what the intake has been handed. `nil` where nobody can
    /// look without disturbing the source: there, only the restarts of the other checks show it.
    func hasPosition(in intake: RecordingIntake) async throws -> Bool?
}

extension PullSourceBench {
    package func hasPosition(in intake: RecordingIntake) async throws -> Bool? { !intake.positions.isEmpty }
}

/// The rules of ``Source`` that every pull source is held to.
package enum PullSourceConformance: String, CaseIterable, Sendable {
    case handsOverEverythingOnceWithStableIDs
    case continuesAfterItsStoredPosition
    case storesNoPositionBeforeItsRecordsAreAccepted
    case repeatsAfterAStopWhatWasNotAccepted
    case repeatsAndLosesNothingWhenAnyCallFails
    case waitsWhenTheIntakeIsOverloaded
    case stopsPromptlyWhenCancelled

    private static let payloads = (0..<25).map { #"{"n":\#($0)}"# }

    /// Runs the check.
    /// - Throws: ``ConformanceFailure``, or what the bench throws.
    package func run(on bench: some PullSourceBench) async throws {
        try await bench.add(Self.payloads)
        let intake = RecordingIntake()
        switch self {
        case .handsOverEverythingOnceWithStableIDs: try await handsOver(bench, intake)
        case .continuesAfterItsStoredPosition: try await continues(bench, intake)
        case .storesNoPositionBeforeItsRecordsAreAccepted: try await storesNoPosition(bench, intake)
        case .repeatsAfterAStopWhatWasNotAccepted: try await repeats(bench, intake)
        case .repeatsAndLosesNothingWhenAnyCallFails: try await survivesFailures(bench)
        case .waitsWhenTheIntakeIsOverloaded: try await waits(bench, intake)
        case .stopsPromptlyWhenCancelled: try await stops(bench, intake)
        }
    }

    private func expectEverything(_ intake: RecordingIntake) throws {
        try expect(Self.payloads, in: intake)
    }

    private func expect(_ expected: [String], in intake: RecordingIntake) throws {
        let payloads = intake.records.map { String(decoding: $0.value.bytes() ?? [], as: UTF8.self) }
        try ConformanceFailure.require(
            payloads == expected,
            "not the \(expected.count) records in order, once each: \(payloads)"
        )
    }

    private func handsOver(_ bench: some PullSourceBench, _ intake: RecordingIntake) async throws {
        try await bench.makeSource(for: intake.reader).run(into: intake)
        try expectEverything(intake)
        try ConformanceFailure.require(!intake.current.ready.isEmpty, "ready was never called")
        let ids = intake.records.map(\.id)
        try ConformanceFailure.require(Set(ids).count == ids.count, "two records have one id")
        let fresh = RecordingIntake()
        try await bench.makeSource(for: fresh.reader).run(into: fresh)
        try ConformanceFailure.require(fresh.records.map(\.id) == ids, "reading the same again gives other ids")
    }

    private func continues(_ bench: some PullSourceBench, _ intake: RecordingIntake) async throws {
        try await bench.makeSource(for: intake.reader).run(into: intake)
        let again = intake.continued()
        try await bench.makeSource(for: again.reader).run(into: again)
        try expect([], in: again)
        let later = [#"{"n":"later"}"#, #"{"n":"last"}"#]
        try await bench.add(later)
        let next = again.continued()
        try await bench.makeSource(for: next.reader).run(into: next)
        try expect(later, in: next)
    }

    private func storesNoPosition(_ bench: some PullSourceBench, _ intake: RecordingIntake) async throws {
        intake.hold()
        let source = try await bench.makeSource(for: intake.reader)
        let run = Task { try await source.run(into: intake) }
        try await intake.state { $0.calls > 0 }
        let isEarly = try await bench.hasPosition(in: intake)
        intake.release()
        try await run.value
        let isLate = try await bench.hasPosition(in: intake)
        try ConformanceFailure.require(isEarly != true, "a position was stored before its records")
        try ConformanceFailure.require(isLate != false, "no position was stored")
        try expectEverything(intake)
    }

    private func repeats(_ bench: some PullSourceBench, _ intake: RecordingIntake) async throws {
        intake.hold()
        let source = try await bench.makeFollowingSource(for: intake.reader)
        let run = Task { try await source.run(into: intake) }
        try await intake.state { $0.calls > 0 }
        run.cancel()
        try await run.value
        try expect([], in: intake)
        let next = intake.continued()
        try await bench.makeSource(for: next.reader).run(into: next)
        try expectEverything(next)
    }

    private func survivesFailures(_ bench: some PullSourceBench) async throws {
        var call = 1
        while true {
            let intake = RecordingIntake()
            intake.fail(call: call, with: .unavailable(detail: "conformance"))
            var failures = 0
            do {
                try await bench.makeSource(for: intake.reader).run(into: intake)
            } catch is IntakeError {
                failures = 1
                try await bench.makeSource(for: intake.reader).run(into: intake)
            }
            try expectEverything(intake)
            if failures == 0, intake.current.calls < call { return }
            call += 1
        }
    }

    private func waits(_ bench: some PullSourceBench, _ intake: RecordingIntake) async throws {
        for call in 1...3 { intake.fail(call: call, with: .overloaded(retryAfter: .milliseconds(1))) }
        try await bench.makeSource(for: intake.reader).run(into: intake)
        try expectEverything(intake)
    }

    private func stops(_ bench: some PullSourceBench, _ intake: RecordingIntake) async throws {
        let source = try await bench.makeFollowingSource(for: intake.reader)
        let run = Task { try await source.run(into: intake) }
        try await intake.state { $0.records.count == Self.payloads.count }
        run.cancel()
        try await run.value
        try expectEverything(intake)
    }
}
