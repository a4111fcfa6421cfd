import ConnectorKit
import Delivery
import JSON
import Log
import LogTesting
import TestFiles
import TestKit
import Testing

@testable import Connectors

@Suite(.timeLimit(.minutes(2)))
struct SinkConformanceTests {
    @Test(arguments: SinkConformance.allCases)
    func httpOneByOne(_ check: SinkConformance) async throws {
        let bench = HTTPSinkBench(target: try await FakeTarget.start(), batch: nil)
        try await check.run(on: bench)
        try await bench.target.stop()
    }

    @Test(arguments: SinkConformance.allCases, HTTPSinkSettings.Batch.Format.allCases)
    func httpInBatches(_ check: SinkConformance, _ format: HTTPSinkSettings.Batch.Format) async throws {
        let policy = BatchPolicy(max: 100, within: .zero)
        let bench = HTTPSinkBench(target: try await FakeTarget.start(), batch: .init(policy, format: format))
        try await check.run(on: bench)
        try await bench.target.stop()
    }

    @Test(arguments: SinkConformance.allCases, [false, true])
    func file(_ check: SinkConformance, _ envelope: Bool) async throws {
        try await check.run(on: FileSinkBench(envelope: envelope))
    }

    @Test func aSinkThatLosesARecordIsFound() async throws {
        await #expect(throws: ConformanceFailure.self) {
            try await SinkConformance.deliversInOrderWhatItSaysItDelivers.run(on: LosingBench())
        }
    }
}

private struct HTTPSinkBench: SinkBench {
    let target: FakeTarget
    let batch: HTTPSinkSettings.Batch?

    func makeSink() async throws -> any Sink {
        let settings = try HTTPSinkSettings(url: TargetURL(target.url), idempotencyKey: true, batch: batch)
        return HTTPSink(settings, now: { testTime })
    }

    /// A cancelled batch that is sent again in one piece repeats what the target has: its key is another one.
    func delivered() async throws -> [String] {
        try target.effects.flatMap { request in
            switch batch?.format {
            case nil: [request.text]
            case .ndjson: request.text.split(separator: "\n").map(String.init)
            case .jsonArray: try JSON(parsing: request.body).elements?.map(\.description) ?? []
            }
        }
    }

    func failNext(_ attempts: Int) async throws -> Bool {
        target.answer(.status(503), times: attempts)
        return true
    }
}

private struct FileSinkBench: SinkBench {
    let folder = TemporaryFolder()
    let envelope: Bool

    init(envelope: Bool) {
        self.envelope = envelope
    }

    func makeSink() async throws -> any Sink {
        FileSink(try FileSinkSettings(path: PathTemplate(folder.path("out.ndjson")), envelope: envelope))
    }

    /// A line that was written twice counts once, as for a reader who goes by topic, partition and offset.
    func delivered() async throws -> [String] {
        guard try folder.names().contains("out.ndjson") else { return [] }
        var seen: Set<String> = []
        return try folder.lines("out.ndjson").compactMap { line in
            guard envelope else { return seen.insert(line).inserted ? line : nil }
            let object = try JSON(parsing: line)
            guard let id = object["id"]?.string, seen.insert(id).inserted else { return nil }
            return object["value"]?.description ?? object["value_base64"]?.string ?? "tombstone"
        }
    }

    /// A directory cannot be made to fail for a while without ending the test's own rights; the errors have tests of their
    /// own.
    func failNext(_ attempts: Int) async throws -> Bool { false }
}

private struct LosingBench: SinkBench {
    struct LosingSink: Sink {
        var batching: BatchPolicy? { nil }
        func deliver(_ records: [Record]) async -> [SinkResult] { records.map { _ in .delivered } }
        func close() async {}
    }

    func makeSink() async throws -> any Sink { LosingSink() }
    func delivered() async throws -> [String] { [] }
    func failNext(_ attempts: Int) async throws -> Bool { false }
}
