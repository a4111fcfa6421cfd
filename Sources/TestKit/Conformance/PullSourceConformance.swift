package import ConnectorKit

/// A pull source with what it reads, for ``PullSourceConformance``. Each check gets a fresh one.
package protocol PullSourceBench: Sendable {
    /// A source that ends when it has read everything.
    func makeSource() async throws -> any Source
    /// A source that waits for more, reading the same.
    func makeFollowingSource() async throws -> any Source
    /// Adds events with these payloads.
    func add(_ payloads: [String]) async throws
}

/// The rules of ``Source`` that every pull source is held to.
package enum PullSourceConformance: String, CaseIterable, Sendable {
    case handsOverEverythingOnceWithStableIDs
    case storesNoPositionBeforeItsRecordsAreAccepted
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
        case .storesNoPositionBeforeItsRecordsAreAccepted: try await storesNoPosition(bench, intake)
        case .repeatsAndLosesNothingWhenAnyCallFails: try await survivesFailures(bench)
        case .waitsWhenTheIntakeIsOverloaded: try await waits(bench, intake)
        case .stopsPromptlyWhenCancelled: try await stops(bench, intake)
        }
    }

    private func expectEverything(_ intake: RecordingIntake) throws {
        let payloads = intake.records.map { String(decoding: $0.value.bytes() ?? [], as: UTF8.self) }
        try ConformanceFailure.require(payloads == Self.payloads, "\(payloads.count) of 25 records, or another order")
    }

    private func handsOver(_ bench: some PullSourceBench, _ intake: RecordingIntake) async throws {
        try await bench.makeSource().run(into: intake)
        try expectEverything(intake)
        try ConformanceFailure.require(!intake.current.ready.isEmpty, "ready was never called")
        let ids = intake.records.map(\.id)
        try ConformanceFailure.require(Set(ids).count == ids.count, "two records have one id")
        let fresh = RecordingIntake()
        try await bench.makeSource().run(into: fresh)
        try ConformanceFailure.require(fresh.records.map(\.id) == ids, "reading the same again gives other ids")
        let again = RecordingIntake(positions: intake.positions)
        try await bench.makeSource().run(into: again)
        try ConformanceFailure.require(again.records.isEmpty, "records before the stored position came again")
    }

    private func storesNoPosition(_ bench: some PullSourceBench, _ intake: RecordingIntake) async throws {
        intake.hold()
        let source = try await bench.makeSource()
        let run = Task { try await source.run(into: intake) }
        try await intake.state { $0.calls == 1 }
        try ConformanceFailure.require(intake.positions.isEmpty, "a position was stored before its records")
        intake.release()
        try await run.value
        try expectEverything(intake)
    }

    private func survivesFailures(_ bench: some PullSourceBench) async throws {
        var call = 1
        while true {
            let intake = RecordingIntake()
            intake.fail(call: call, with: .unavailable(detail: "conformance"))
            var failures = 0
            do {
                try await bench.makeSource().run(into: intake)
            } catch is IntakeError {
                failures = 1
                try await bench.makeSource().run(into: intake)
            }
            try expectEverything(intake)
            if failures == 0, intake.current.calls < call { return }
            call += 1
        }
    }

    private func waits(_ bench: some PullSourceBench, _ intake: RecordingIntake) async throws {
        for call in 1...3 { intake.fail(call: call, with: .overloaded(retryAfter: .milliseconds(1))) }
        try await bench.makeSource().run(into: intake)
        try expectEverything(intake)
    }

    private func stops(_ bench: some PullSourceBench, _ intake: RecordingIntake) async throws {
        let source = try await bench.makeFollowingSource()
        let run = Task { try await source.run(into: intake) }
        try await intake.state { $0.records.count == Self.payloads.count }
        run.cancel()
        try await run.value
        try expectEverything(intake)
    }
}
