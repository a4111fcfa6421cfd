import Dev
import Foundation
import LocalStack
import TestKit
import Testing

/// Two workers share a connector while events flow; one is stopped, started, killed, started.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct RebalanceTests {
    private static let events = 12_000
    private static let name = "shared"
    private let plan = EventPlan(count: Self.events, seed: TestSeed.value)

    @Test func eventsStayInOrderAndOnceWhileWorkersComeAndGo() async throws {
        try await Bench.run { bench in
            let target = try await FakeTarget.start()
            try await bench.createTopics(["e2e.events"], partitions: 6)
            // So slow that there is still something to do for a member that comes last.
            let connector = try bench.httpConnector(Self.name, from: "e2e.events", target: target, rateLimit: "300/s")
            let setups = try ["a", "b"].map { name in
                try bench.worker(name, connectors: [connector])
            }
            async let producing: Void = bench.produce(plan, to: "e2e.events")
            let workers = try await comeAndGo(setups, target)
            try await producing
            let reports = try await settled(workers)
            let sum = Dictionary(reports.map { ("shared", $0) }) { $0.adding($1) }
            #expect(plan.differences(try #require(sum["shared"])) == [])
            #expect(plan.differences(at: target) == [])
            let letters = try await bench.records(of: "\(Self.name).dlq").map(\.origin)
            #expect(Set(letters).count == plan.deadLetters)
            for worker in workers { #expect(try await worker.stop() == 0) }
            print(
                "two workers, seed \(plan.seed): consumed \(reports.map(\.consumed)) at the end;",
                "\(target.requests.count) requests, \(target.repeats.count) repeats of a known key,",
                "\(letters.count - plan.deadLetters) repeated dead letters"
            )
            try await target.stop()
        }
    }

    /// Start b, stop a, start a, kill b, start b; each when both have work and some more events have passed.
    private func comeAndGo(_ setups: [WorkerSetup], _ target: FakeTarget) async throws -> [RunningWorker] {
        var a = try await setups[0].start()
        try await a.ready()
        try await pass(500, target)
        var b = try await setups[1].start()
        _ = try await b.progress(of: Self.name, past: 0)
        try await pass(500, target)
        #expect(try await a.stop() == 0)
        try await pass(500, target)
        a = try await setups[0].start()
        _ = try await a.progress(of: Self.name, past: 0)
        try await pass(500, target)
        try await b.kill()
        try await pass(500, target)
        b = try await setups[1].start()
        _ = try await b.progress(of: Self.name, past: 0)
        return [a, b]
    }

    /// Waits for some more events to reach the target.
    private func pass(_ count: Int, _ target: FakeTarget) async throws {
        let goal = target.effects.count + count
        try await poll("\(goal) events have reached the target", within: .seconds(60)) {
            target.effects.count >= goal ? () : nil
        }
    }

    /// Waits until the workers together have finished everything.
    private func settled(_ workers: [RunningWorker]) async throws -> [WorkerReport] {
        try await poll("both together have consumed \(Self.events)", within: .seconds(90)) {
            var reports: [WorkerReport] = []
            for worker in workers {
                guard let report = await worker.report(Self.name) else { return nil }
                reports.append(report)
            }
            let open = reports.reduce(0) { $0 + $1.inFlight }
            return open == 0 && reports.reduce(0, { $0 + $1.consumed }) >= Self.events ? reports : nil
        }
    }
}
