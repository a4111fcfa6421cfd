package import ConnectorKit
internal import LogTesting

/// A push source and one who sends to it, for ``PushSourceConformance``. Each check gets a fresh one.
package protocol PushSourceBench: Sendable {
    func makeSource() async throws -> any Source
    /// Sends an event while the source runs and waits for the answer.
    func send(_ payload: String, id: String) async throws -> PushAnswer
}

/// What a push source told its sender.
package enum PushAnswer: Sendable, Hashable {
    case accepted
    /// Send it again later.
    case later
    /// It will never be taken.
    case refused
}

/// The rules of ``Source`` that every push source is held to.
package enum PushSourceConformance: String, CaseIterable, Sendable {
    case handsOverWhatItAccepts
    case answersOnlyAfterTheIntakeHas
    case asksToSendAgainWhatCouldNotBeTaken
    case takesConcurrentEvents
    case finishesWhatIsUnderWayWhenCancelled

    /// Runs the check.
    /// - Throws: ``ConformanceFailure``, or what the bench throws.
    package func run(on bench: some PushSourceBench) async throws {
        let intake = RecordingIntake()
        let source = try await bench.makeSource()
        let run = Task { try await source.run(into: intake) }
        do {
            try await intake.state { !$0.ready.isEmpty }
            try await check(bench, intake, run)
        } catch {
            intake.release()
            run.cancel()
            throw error
        }
        run.cancel()
        try await run.value
    }

    private func check(_ bench: some PushSourceBench, _ intake: RecordingIntake, _ run: Task<Void, any Error>)
        async throws
    {
        switch self {
        case .handsOverWhatItAccepts: try await handsOver(bench, intake)
        case .answersOnlyAfterTheIntakeHas: try await answersAfter(bench, intake)
        case .asksToSendAgainWhatCouldNotBeTaken: try await asksAgain(bench, intake)
        case .takesConcurrentEvents: try await takesConcurrency(bench, intake)
        case .finishesWhatIsUnderWayWhenCancelled: try await finishes(bench, intake, run)
        }
    }

    private func handsOver(_ bench: some PushSourceBench, _ intake: RecordingIntake) async throws {
        for number in 0..<5 {
            let answer = try await bench.send(#"{"n":\#(number)}"#, id: "e-\(number)")
            try ConformanceFailure.require(answer == .accepted, "event \(number) was answered \(answer)")
        }
        let payloads = intake.records.map { String(decoding: $0.value.bytes() ?? [], as: UTF8.self) }
        try ConformanceFailure.require(
            payloads == (0..<5).map { #"{"n":\#($0)}"# },
            "the records are not what was sent"
        )
        try ConformanceFailure.require(
            intake.records.map(\.id) == (0..<5).map { "e-\($0)" },
            "the records do not carry the events' ids"
        )
    }

    private func answersAfter(_ bench: some PushSourceBench, _ intake: RecordingIntake) async throws {
        intake.hold()
        let answered = Observed(false)
        async let answer = {
            let answer = try await bench.send("{}", id: "e-1")
            answered.update { $0 = true }
            return answer
        }()
        try await intake.state { $0.calls == 1 }
        try ConformanceFailure.require(!answered.value, "the sender was answered before its event was taken")
        intake.release()
        let final = try await answer
        try ConformanceFailure.require(final == .accepted, "the event was answered \(final)")
    }

    private func asksAgain(_ bench: some PushSourceBench, _ intake: RecordingIntake) async throws {
        intake.fail(call: 1, with: .overloaded(retryAfter: .seconds(1)))
        intake.fail(call: 2, with: .unavailable(detail: "conformance"))
        for _ in 0..<2 {
            let answer = try await bench.send("{}", id: "e-1")
            try ConformanceFailure.require(answer == .later, "an event that was not taken was answered \(answer)")
        }
        try ConformanceFailure.require(intake.records.isEmpty, "an event that was not taken is there")
        let answer = try await bench.send("{}", id: "e-1")
        try ConformanceFailure.require(answer == .accepted, "the event was answered \(answer)")
    }

    private func takesConcurrency(_ bench: some PushSourceBench, _ intake: RecordingIntake) async throws {
        let accepted = try await withThrowingTaskGroup { group in
            for number in 0..<40 {
                group.addTask { try await bench.send("{}", id: "e-\(number)") == .accepted ? 1 : 0 }
            }
            return try await group.reduce(0, +)
        }
        try ConformanceFailure.require(accepted == 40, "\(accepted) of 40 events were accepted")
        try ConformanceFailure.require(Set(intake.records.map(\.id)).count == 40, "events are missing")
    }

    private func finishes(
        _ bench: some PushSourceBench,
        _ intake: RecordingIntake,
        _ run: Task<Void, any Error>
    ) async throws {
        intake.hold()
        async let answer = bench.send("{}", id: "e-1")
        try await intake.state { $0.calls == 1 }
        run.cancel()
        intake.release()
        let final = try await answer
        try ConformanceFailure.require(final == .accepted, "the event under way was answered \(final)")
        try ConformanceFailure.require(intake.records.count == 1, "the event under way is not there")
        try await run.value
    }
}
