import Dev
import Foundation
import LocalStack
import TestKit
import Testing

/// An installation whose log is its own: worker and broker are one process, and fall together.
@Suite(.timeLimit(.minutes(3)))
struct EmbeddedLogTests {
    private static let lines = 2000
    private static let kills = 5

    @Test func afterKillsOfTheWorkerWithItsLogEveryLineIsDeliveredOnce() async throws {
        try await Bench.run { bench in
            let target = try await FakeTarget.start()
            let setup = try installation(bench, target)
            var worker = try await setup.start()
            let part = Self.lines / Self.kills
            for kill in 0..<Self.kills {
                try append(kill * part..<(kill + 1) * part, to: bench)
                _ = try await worker.progress(of: "to-target", past: kill * part + part / 4)
                try await worker.kill()
                worker = try await setup.start()
                // Sessions last a minute: who waits for those of dead members is not here in time.
                _ = try await worker.progress(of: "to-target", past: kill * part + part / 2, within: .seconds(40))
            }
            let report = try await worker.settled("to-target", consumed: Self.lines)
            #expect(report.delivered == Self.lines && report.residue == 0)
            #expect(try await worker.settled("from-file", consumed: Self.lines).delivered == Self.lines)
            let numbers = target.effects.compactMap { OutputEvent($0.body)?.number }
            #expect(numbers.sorted() == Array(0..<Self.lines), "each once")
            #expect(try await worker.stop() == 0)
            try await target.stop()
        }
    }

    /// A file that is followed into a topic, and from there to HTTP.
    private func installation(_ bench: Bench, _ target: FakeTarget) throws -> WorkerSetup {
        let input = try bench.write("", to: "in.ndjson")
        let fromFile = """
            connector: from-file
            owner: tests
            from:
              file: { path: \(input), poll: 10ms }
            to:
              kafka: { topic: lines }
            """
        let toTarget = """
            connector: to-target
            owner: tests
            from:
              kafka: { topic: lines, start: earliest }
            to:
              http: { url: \(target.url)/lines, idempotency_key: true, timeout: 5s }
            delivery: { rate_limit: 400/s }
            """
        return try bench.worker(
            connectors: [
                try bench.write(fromFile, to: "from-file.yaml"), try bench.write(toTarget, to: "to-target.yaml"),
            ],
            log: "brokers: embedded\nembedded: { listen: 127.0.0.1:\(try LoopbackPort.free()) }",
            session: .seconds(60)
        )
    }

    private func append(_ numbers: Range<Int>, to bench: Bench) throws {
        let file = try FileHandle(forWritingTo: bench.folder.appending(path: "in.ndjson"))
        try file.seekToEnd()
        try file.write(contentsOf: Data(numbers.map { "{\"n\":\($0),\"key\":\"k\"}\n" }.joined().utf8))
        try file.close()
    }
}
