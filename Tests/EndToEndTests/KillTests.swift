import Dev
import Foundation
import LocalStack
import LogTesting
import TestKit
import Testing

/// kill -9 of the worker while events flow. The seed of a run is printed; `E2E_SEED` repeats it.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct KillTests {
    private static let events = 20_000
    private static let kills = 10
    private let plan = EventPlan(count: Self.events, seed: TestSeed.value)

    @Test func afterTenKillsEveryEventReachedTheTargetOnceByItsKey() async throws {
        try await Bench.run { bench in
            let target = try await FakeTarget.start()
            try await bench.createTopics(["e2e.events"], partitions: 4)
            let connector = try bench.httpConnector("kill-http", from: "e2e.events", target: target)
            let worker = try await surviveKills(bench, "kill-http", connector)
            #expect(plan.differences(try await worker.settled("kill-http", consumed: Self.events)) == [])
            #expect(plan.differences(at: target) == [])
            let letters = try await bench.records(of: "kill-http.dlq").map(\.origin)
            #expect(Set(letters).count == plan.deadLetters)
            #expect(try await worker.stop() == 0)
            print(
                "kafka → http: \(target.requests.count) requests, of them \(target.repeats.count) repeats of a known key;",
                "\(letters.count) dead letters, of them \(letters.count - plan.deadLetters) repeats"
            )
            try await target.stop()
        }
    }

    @Test func afterTenKillsTheOutputTopicHoldsEveryEventExactlyOnce() async throws {
        try await Bench.run { bench in
            try await bench.createTopics(["e2e.events", "e2e.output"], partitions: 4)
            let connector = try bench.kafkaConnector("kill-kafka", from: "e2e.events", to: "e2e.output")
            let worker = try await surviveKills(bench, "kill-kafka", connector)
            #expect(plan.differences(try await worker.settled("kill-kafka", consumed: Self.events)) == [])
            let output = try await bench.records(of: "e2e.output")
            #expect(plan.differences(of: output.compactMap(\.eventNumber), what: "output") == [])
            let letters = try await bench.records(of: "kill-kafka.dlq").map(\.origin)
            #expect(letters.count == plan.deadLetters)
            #expect(Set(letters).count == plan.deadLetters)
            #expect(try await worker.stop() == 0)
        }
    }

    /// Produces in the background and kills the worker at random points of its progress.
    /// - Returns: the last worker, which runs.
    private func surviveKills(_ bench: Bench, _ name: String, _ connector: String) async throws -> RunningWorker {
        let setup = try bench.worker(connectors: [connector], isStatic: true)
        async let producing: Void = bench.produce(plan, to: "e2e.events")
        var worker = try await setup.start()
        try await worker.ready()
        var random = SeededRandom(seed: plan.seed ^ 0xdead)
        let points = (0..<Self.kills).map { _ in Int.random(in: 200..<Self.events * 95 / 100, using: &random) }.sorted()
        var recoveries: [Duration] = []
        for point in points {
            let progress = try await worker.progress(of: name, past: point)
            try await worker.kill()
            let killed = ContinuousClock.now
            worker = try await setup.start()
            // It may have finished everything by then.
            _ = try await worker.progress(of: name, past: min(progress, Self.events - 1))
            recoveries.append(killed.duration(to: .now))
        }
        try await producing
        print(
            "\(name), seed \(plan.seed): killed after \(points) records; past that point again after",
            recoveries.map { $0.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1))) }
        )
        return worker
    }
}
