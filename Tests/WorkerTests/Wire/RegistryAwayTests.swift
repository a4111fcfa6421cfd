import ConnectorKit
import Contracts
import Delivery
import Foundation
import Log
import Registry
import RegistryClient
import RegistryTesting
import Telemetry
import Testing

@testable import Worker

/// What becomes of records while the registry does not answer: they wait, and nothing is dead-lettered for it.
@Suite(.timeLimit(.minutes(2)))
struct RegistryAwayTests {
    enum Driver: CaseIterable { case delivering, transacting }

    /// A registry that has two schemas, the second one for the output, and is gone again.
    /// - Returns: the port where it may come back.
    private func registry(in folder: String) async throws -> Int {
        try await Schemas.with(in: folder) { registry in
            let client = try Schemas.client(registry.url)
            _ = try await client.register(SchemaSubmission(Schemas.number), under: "in-value")
            _ = try await client.register(SchemaSubmission(Schemas.text), under: "other-value")
            return registry.port
        }
    }

    @Test(arguments: Driver.allCases)
    func whatTheWorkerKnowsGoesOnAfterItsRestart(_ driver: Driver) async throws {
        let rig = Rig()
        try await rig.createInput()
        let url = try await Schemas.with(in: rig.directory) { registry in
            let client = try Schemas.client(registry.url)
            _ = try await client.register(SchemaSubmission(Schemas.number), under: "in-value")
            _ = try await Schemas.cache(registry.url, in: rig.directory).contract(.id(1))
            return registry.url
        }
        let cache = try Schemas.cache(url, in: rig.directory)
        try await rig.produce([Schemas.marked(1, #"{"n":1}"#)])
        let stop = try await run(driver, rig, cache)
        try await eventually("it is committed") { rig.committed()?.offset == 1 }
        try await stop()
        #expect(rig.log.records(in: "tickets.dlq").isEmpty)
    }

    @Test(arguments: Driver.allCases)
    func whatItDoesNotKnowWaitsUntilTheRegistryIsBack(_ driver: Driver) async throws {
        let rig = Rig()
        try await rig.createInput(partitions: 2)
        try await rig.log.createTopics([TopicSpecification("out", partitions: 2)])
        let port = try await registry(in: rig.directory)
        let url = "http://127.0.0.1:\(port)"
        let metrics = MetricsRegistry()
        let cache = try Schemas.cache(url, metrics: metrics)
        // The first partition waits at its second record, a tombstone before it passes, the other partition waits, too.
        try await rig.produce([nil, Schemas.marked(1, #"{"n":1}"#), Schemas.marked(2, #"{"t":"a"}"#)], to: 0)
        try await rig.produce([Schemas.marked(1, #"{"n":2}"#)], to: 1)
        let stop = try await run(driver, rig, cache)
        try await eventually("both partitions wait") { rig.waiting == "2" }
        try await eventually("what comes before is committed") { rig.committed(0)?.offset == 1 }
        try await eventually("the registry is asked again and again") {
            metrics.exposition().contains(#"busbar_contract_requests_total{result="error"} 3"#)
        }
        #expect(rig.log.records(in: "tickets.dlq").isEmpty)
        #expect(rig.board.detail(of: rig.name).contains("schema id 1"))
        try await Schemas.with(in: rig.directory, port: port) { _ in
            try await eventually("all is committed") {
                rig.committed(0)?.offset == 3 && rig.committed(1)?.offset == 1
            }
        }
        #expect(rig.waiting == "0")
        #expect(rig.board.detail(of: rig.name).isEmpty)
        try await stop()
        #expect(rig.log.records(in: "tickets.dlq").isEmpty)
        #expect(rig.accounting.settled[.delivered] == 4 && rig.accounting.residue == 0)
        await cache.close()
    }

    @Test func aPartitionThatNeedsNothingGoesOn() async throws {
        let rig = Rig()
        try await rig.createInput(partitions: 2)
        try await rig.log.createTopics([TopicSpecification("out", partitions: 2)])
        let port = try await registry(in: rig.directory)
        let cache = try Schemas.cache("http://127.0.0.1:\(port)")
        try await rig.produce([Schemas.marked(1, #"{"n":1}"#)], to: 0)
        let stop = try await run(.transacting, rig, cache)
        try await eventually("the partition waits") { rig.waiting == "1" }
        try await rig.produce([nil, nil], to: 1)
        try await eventually("the other one is committed") { rig.committed(1)?.offset == 2 }
        #expect(rig.committed(0) == nil || rig.committed(0)?.offset == 0)
        try await stop()
        await cache.close()
    }

    @Test func aRecordThatWaitsTakesNoDedupeKey() async throws {
        let rig = Rig()
        try await rig.createInput()
        let port = try await registry(in: rig.directory)
        let cache = try Schemas.cache("http://127.0.0.1:\(port)")
        var plan = ConnectorPlan.recoding(cache, nil)
        plan.dedupe = DedupePlan(key: .header("id"), window: .seconds(600))
        try await rig.produce([Schemas.marked(1, #"{"n":1}"#)], headers: [Header("id", "a")])
        try await rig.produce([Schemas.marked(1, #"{"n":1}"#)], headers: [Header("id", "a")])
        let running = try await rig.transact(plan)
        try await eventually("the partition waits") { rig.waiting == "1" }
        try await Schemas.with(in: rig.directory, port: port) { _ in
            try await eventually("all is committed") { rig.committed()?.offset == 2 }
        }
        try await running.stop()
        #expect(rig.accounting.settled[.delivered] == 1 && rig.accounting.settled[.duplicate] == 1)
        await cache.close()
    }

    /// Runs the connector; what is returned stops it.
    private func run(
        _ driver: Driver,
        _ rig: Rig,
        _ cache: ContractCache
    ) async throws -> @Sendable () async throws -> Void {
        switch driver {
        case .delivering:
            let running = try await rig.deliver(.unwrapping(to: ScriptedSink(), cache))
            return { try await running.stop() }
        case .transacting:
            let running = try await rig.transact(.recoding(cache, nil))
            return { try await running.stop() }
        }
    }
}
