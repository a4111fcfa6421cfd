internal import ConnectorKit
internal import Contracts
internal import Delivery
internal import Expressions
internal import Kafka
internal import Log
internal import Worker

/// The events of the pipeline bench, and the connector that handles them.
struct PipelineEvents {
    let count: Int

    /// Records that reach the output: every tenth event repeats the one before, and of the others the even ones pass.
    var passing: Int {
        (0..<count).count { !isDuplicate($0) && $0.isMultiple(of: 2) }
    }

    private func isDuplicate(_ number: Int) -> Bool { number % 10 == 9 }

    /// An event of about 300 bytes.
    private func event(_ number: Int) -> String {
        let identity = isDuplicate(number) ? number - 1 : number
        let state = identity.isMultiple(of: 2) ? "failed" : "passed"
        return """
            {"id":"evt-\(identity)","type":"build","state":"\(state)","at":"2026-03-10T08:15:30Z","repository":\
            {"name":"acme/service-\(identity % 97)","id":\(100_000 + identity % 97)},"run":{"number":\(identity),\
            "attempt":1,"duration":\(identity % 3600)},"labels":["ci","linux","x86"],"url":\
            "https://ci.example.com/acme/runs/\(identity)"}
            """
    }

    /// Produces all events; those of one identity lie in one partition, as a key would have it.
    func produce(to topic: BenchTopic) async throws {
        let producer = try await Producer.open(ProducerConfiguration(), client: topic.client, logger: BenchTopic.silent)
        for start in stride(from: 0, to: count, by: 5000) {
            var batch = ProduceBatch()
            for number in start..<min(start + 5000, count) {
                let identity = isDuplicate(number) ? number - 1 : number
                batch.append(
                    topic: topic.name,
                    partition: PartitionID(rawValue: Int32(identity % topic.partitions)),
                    key: Array("evt-\(identity)".utf8),
                    value: Array(event(number).utf8)
                )
            }
            for case .failed(let error) in try await producer.send(batch) { throw error }
        }
        await producer.close(within: .seconds(30))
    }

    /// Contract, dedupe by key over a day, one filter, one topic.
    static func plan(_ name: String) throws -> ConnectorPlan {
        ConnectorPlan(
            name: name,
            contract: try Contract(compiling: Array(schema.utf8)),
            contractVersion: "bench@v1",
            dedupe: DedupePlan(key: .key, window: .seconds(86_400)),
            steps: [.filter(try Program(#".state == "failed""#))],
            routes: [PlannedRoute(target: .log(FixedTopic(topic: "out")))],
            delivery: DeliveryPolicy(deadLetter: "out")
        )
    }

    private struct FixedTopic: LogSink {
        let topic: TopicName
        var topics: [TopicName] { [topic] }
        func route(_ record: Record) -> LogRoute { LogRoute(topic: topic, keyOf: record) }
    }

    private static let schema = """
        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
         "required":["id","type","state","repository","run"],
         "properties":{"id":{"type":"string","minLength":1},"type":{"enum":["build","deploy"]},
          "state":{"enum":["failed","passed"]},"at":{"type":"string"},
          "repository":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},
           "id":{"type":"integer"}}},
          "run":{"type":"object","required":["number"],"properties":{"number":{"type":"integer","minimum":0}}},
          "labels":{"type":"array","items":{"type":"string"}},"url":{"type":"string"}}}
        """
}
