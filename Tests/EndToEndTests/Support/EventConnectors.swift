import Dev
import JSON
import LocalStack
import TestKit

/// Connectors for the events of an ``EventPlan``: contract, dedupe, filter, map, and one of the sinks.
extension Bench {
    private static let contract = """
        {"type": "object", "required": ["n", "kind", "amount"],
         "properties": {"n": {"type": "integer"}, "amount": {"type": "number"}, "key": {"type": "string"}}}
        """

    /// Sends each event to `target` with its idempotency key, and waits for the target as long as it takes.
    func httpConnector(
        _ name: String,
        from topic: String,
        target: FakeTarget,
        rateLimit: String? = nil
    ) throws -> String {
        try eventConnector(
            name,
            from: topic,
            sink: "http: { url: \(target.url)/events, idempotency_key: true, timeout: 5s }",
            rateLimit: rateLimit
        )
    }

    /// Writes each event to a topic, exactly once.
    func kafkaConnector(_ name: String, from topic: String, to output: String) throws -> String {
        try eventConnector(name, from: topic, sink: "kafka: { topic: \(output) }")
    }

    private func eventConnector(
        _ name: String,
        from topic: String,
        sink: String,
        rateLimit: String? = nil
    ) throws -> String {
        try addContract("e2e.event", Self.contract)
        return try write(
            """
            connector: \(name)
            description: Of a test.
            owner: tests
            from:
              kafka: { topic: \(topic), start: earliest }
            contract: e2e.event
            dedupe: { key: header.ce_id, window: 1d }
            steps:
              - filter: '.kind == "order"'
              - map: '{n: .n, key: .key, id: $headers.ce_id}'
            to:
              \(sink)
            delivery:
              order: key
              in_flight: 32
              \(rateLimit.map { "rate_limit: \($0)" } ?? "")
              retry: { attempts: 1000, initial: 100ms, max: 1s, jitter: full, within: 1h }
              dead_letter: \(name).dlq
            """,
            to: "\(name).yaml"
        )
    }
}

extension RunningWorker {
    /// Waits until a connector has finished more than `count` records.
    /// - Returns: how many it has finished.
    func progress(of connector: String, past count: Int, within limit: Duration = .seconds(60)) async throws -> Int {
        try await poll("\(connector) has finished more than \(count) records", within: limit) {
            guard process.isRunning else { throw NotReached(description: "worker \(name) ended: \(try output())") }
            let report = await report(connector)
            return report.map { $0.consumed - $0.inFlight }.flatMap { $0 > count ? $0 : nil }
        }
    }
}

extension EventPlan {
    /// What the target's record of effects lacks, has twice, or has out of order within a key.
    func differences(at target: FakeTarget) -> [String] {
        let seen = target.effects.map { OutputEvent($0.body) }
        let order = Dictionary(grouping: seen.compactMap(\.self), by: \.key).mapValues { $0.map(\.number) }
        let disordered = deliveredByKey.filter { order[$0.key] != $0.value }.keys.sorted()
        let foreign = seen.count { $0 == nil }
        return differences(of: seen.compactMap { $0?.number }, what: "target")
            + (disordered.isEmpty ? [] : ["not in order: \(disordered)"])
            + (foreign == 0 ? [] : ["\(foreign) requests that are none of ours"])
    }

    /// What `numbers` lack or have twice.
    func differences(of numbers: [Int], what: String) -> [String] {
        let missing = Set(delivered).subtracting(numbers)
        let extra = Set(numbers).subtracting(delivered)
        let repeated = numbers.count - Set(numbers).count
        return (missing.isEmpty ? [] : ["\(what) lacks \(missing.count), for example \(missing.sorted().prefix(5))"])
            + (extra.isEmpty
                ? [] : ["\(what) has \(extra.count) that it must not, for example \(extra.sorted().prefix(5))"])
            + (repeated == 0 ? [] : ["\(what) has \(repeated) twice"])
    }
}

/// What the connectors make of an event.
struct OutputEvent {
    let number: Int
    let key: String

    /// `nil` for what no connector here sends.
    init?(_ body: [UInt8]) {
        do {
            let members = try JSONDocument(body).withRoot { root in
                (root["n"]?.number?.int64, root["key"]?.string)
            }
            guard let number = members.0, let key = members.1 else { return nil }
            self.number = Int(number)
            self.key = key
        } catch {
            return nil
        }
    }
}

extension StoredRecord {
    /// Of a mapped event.
    var eventNumber: Int? { value.flatMap(OutputEvent.init)?.number }
}
