import Foundation
import Registry
import RegistryTesting
import Telemetry
import TestKit
import Testing

@testable import RegistryClient

/// What a worker keeps of a registry, and for how long.
@Suite(.timeLimit(.minutes(1)))
struct ContractCacheTests {
    /// A registry's answers, as far as the cache asks for them.
    private func target(_ schemas: [Int: String]) async throws -> FakeTarget {
        let target = try await FakeTarget.start()
        target.on { request in
            guard let id = request.path.split(separator: "/").last.flatMap({ Int($0) }), let text = schemas[id] else {
                return .status(404, body: #"{"error_code":40403,"message":"Schema not found"}"#)
            }
            return .status(200, body: #"{"schemaType":"JSON","schema":"\#(text.replacing("\"", with: "\\\""))"}"#)
        }
        return target
    }

    @Test func aSchemaIsAskedForOnceHoweverManyWait() async throws {
        let target = try await FakeTarget.start()
        let gate = ResponseGate()
        let body = Array(#"{"schemaType":"JSON","schema":"{}"}"#.utf8)
        target.answer(TargetAnswer(body: body, gate: gate))
        let cache = try ContractCache(RegistryClient(to: target.url))
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await cache.contract(.id(7)).label } }
            try await target.requests(atLeast: 1)
            gate.open()
            for try await label in group { #expect(label == "schema id 7") }
        }
        #expect(target.requests.count == 1)
        #expect(cache.text(.id(7)) == "{}")
        try await target.stop()
    }

    @Test func theRegistryMayGoOnceAllIsKnown() async throws {
        let folder = ScratchFolder()
        let target = try await target([1: schema(of: "a"), 2: schema(of: "b")])
        let url = target.url
        let cache = try ContractCache(RegistryClient(to: url), in: folder)
        _ = try await cache.contract(.id(1))
        _ = try await cache.contract(.id(2))
        try await target.stop()
        #expect(try await cache.contract(.id(1)).schema.text == schema(of: "a"))
        // The next process starts while nobody answers.
        let next = try ContractCache(RegistryClient(to: url, rounds: 1), in: folder)
        #expect(next.text(.id(1)) == schema(of: "a"))
        #expect(try await next.contract(.id(2)).schema.text == schema(of: "b"))
        // Ids are a registry's own.
        let other = try ContractCache(RegistryClient(to: "http://127.0.0.1:1", rounds: 1), in: folder)
        #expect(other.text(.id(1)) == nil)
    }

    @Test func aFileThatIsDamagedCountsAsAbsent() async throws {
        let target = try await target([1: schema(of: "a"), 2: schema(of: "b"), 3: "{}"])
        let folder = ScratchFolder()
        let client = try RegistryClient(to: target.url)
        let cache = try ContractCache(client, in: folder)
        for id in 1...3 { _ = try await cache.contract(.id(Int32(id))) }
        let files = folder.files.sorted()
        #expect(files.count == 3)
        var changed = try Data(contentsOf: URL(filePath: files[0]))
        changed[changed.count - 3] ^= 1
        try changed.write(to: URL(filePath: files[0]))
        try Data(try Data(contentsOf: URL(filePath: files[1])).prefix(80)).write(to: URL(filePath: files[1]))
        try Data().write(to: URL(filePath: files[2]))
        let next = try ContractCache(client, in: folder)
        #expect(folder.files.isEmpty)
        #expect((1...3).allSatisfy { next.text(.id($0)) == nil })
        #expect(try await next.contract(.id(1)).schema.text == schema(of: "a"))
        #expect(folder.files.count == 1)
        try await target.stop()
    }

    @Test func whatTheRegistryDoesNotHaveIsBelievedForAWhile() async throws {
        let target = try await target([:])
        let clock = Observed(Duration.zero)
        let cache = try ContractCache(RegistryClient(to: target.url)) { clock.value }
        for _ in 0..<3 {
            await #expect(throws: ContractCacheError.self) { try await cache.contract(.id(9)) }
        }
        #expect(target.requests.count == 1)
        #expect(cache.refusal(.id(9))?.contains("Schema not found") == true)
        clock.update { $0 = .seconds(31) }
        guard case .unknown = cache.known(.id(9)) else {
            Issue.record("it is still believed")
            return
        }
        await #expect(throws: ContractCacheError.self) { try await cache.contract(.id(9)) }
        #expect(target.requests.count == 2)
        try await target.stop()
    }

    @Test func theLatestVersionGrowsOldAndStaysWhileNobodyAnswers() async throws {
        let clock = Observed(Duration.zero)
        let metrics = MetricsRegistry()
        let latest = ContractKey.latest(subject: "s")
        let target = try await FakeTarget.start()
        let text = Observed("{}")
        target.on { _ in
            .status(
                200,
                body: #"{"subject":"s","version":3,"id":5,"schemaType":"JSON","schema":"\#(text.value)"}"#
            )
        }
        let client = try RegistryClient(to: target.url, rounds: 1)
        let cache = try ContractCache(client, metrics: metrics) { clock.value }
        #expect(try await cache.contract(latest).label == "s@v3")
        text.update { $0 = "true" }
        #expect(try await cache.contract(latest).schema.text == "{}")
        clock.update { $0 = .seconds(61) }
        #expect(try await cache.contract(latest).schema.text == "true")
        try await target.stop()
        clock.update { $0 = .seconds(200) }
        #expect(try await cache.contract(latest).schema.text == "true")
        #expect(metrics.exposition().contains(#"busbar_contract_requests_total{result="error"} 1"#))
        #expect(metrics.exposition().contains(#"busbar_contract_requests_total{result="ok"} 2"#))
    }

    @Test func theOldestUseGoesWhenThereIsNoRoom() async throws {
        var limits = ContractCacheLimits()
        limits.entries = 2
        let folder = ScratchFolder()
        let target = try await target([1: "{}", 2: "true", 3: schema(of: "a")])
        let metrics = MetricsRegistry()
        let client = try RegistryClient(to: target.url)
        let cache = try ContractCache(client, in: folder, limits: limits, metrics: metrics)
        _ = try await cache.contract(.id(1))
        _ = try await cache.contract(.id(2))
        #expect(cache.text(.id(1)) == "{}")
        _ = try await cache.contract(.id(3))
        #expect(cache.text(.id(1)) != nil && cache.text(.id(2)) == nil && cache.text(.id(3)) != nil)
        #expect(folder.files.count == 2)
        #expect(metrics.exposition().contains("busbar_contract_cache_entries 2"))
        #expect(metrics.exposition().contains("busbar_contract_cache_evictions_total 1"))
        limits.bytes = 10
        let small = try ContractCache(client, limits: limits)
        _ = try await small.contract(.id(1))
        // What is larger than all the room is needed now.
        #expect(try await small.contract(.id(3)).schema.text == schema(of: "a"))
        #expect(small.text(.id(1)) == nil && small.text(.id(3)) != nil)
        try await target.stop()
    }

    @Test func aRegistryThatIsAwayIsAskedLessAndLessOften() async throws {
        let target = try await FakeTarget.start()
        target.answer(.status(503))
        let clock = Observed(Duration.zero)
        let cache = try ContractCache(RegistryClient(to: target.url, rounds: 1)) { clock.value }
        var asked: [Duration] = []
        // Every 5 ms of half a minute somebody needs it.
        for step in 0..<6000 {
            clock.update { $0 = .milliseconds(5 * step) }
            let before = target.requests.count
            cache.request(.id(1))
            await cache.waitForRequest(of: .id(1))
            if target.requests.count > before { asked.append(.milliseconds(5 * step)) }
        }
        #expect(Array(asked[..<5]) == [0, 125, 375, 875, 1875].map { .milliseconds($0) })
        #expect(asked.count == 9)
        #expect(cache.refusal(.id(1)) == nil, "nothing is known of the schema")
        try await target.stop()
    }

    @Test func aSchemaThatCannotBeUsedIsRefused() async throws {
        let target = try await FakeTarget.start()
        target.on { request in
            request.path.hasSuffix("/1")
                ? .status(200, body: #"{"schema":"\"string\""}"#)
                : .status(200, body: #"{"schemaType":"JSON","schema":"{\"$ref\":\"gone.json\"}"}"#)
        }
        let cache = try ContractCache(RegistryClient(to: target.url))
        for id: Int32 in 1...2 {
            await #expect(throws: ContractCacheError.self) { try await cache.contract(.id(id)) }
        }
        #expect(cache.refusal(.id(1))?.contains("AVRO") == true)
        #expect(cache.refusal(.id(2))?.contains("gone.json") == true)
        #expect(target.requests.count == 2)
        try await target.stop()
    }

    @Test func aSchemaIsRegisteredOnceInTheLifeOfTheFolder() async throws {
        let folder = ScratchFolder()
        try await withRegistry { registry in
            let cache = try ContractCache(RegistryClient(to: registry.url), in: folder)
            let known = try await cache.register(SchemaSubmission(schema(of: "a")), under: "out-value")
            #expect(known.schema.id == 1 && known.schema.guid != nil && known.label == "out-value@v1")
            // The registry is away from here on, for this cache.
            let url = registry.url
            let next = try ContractCache(RegistryClient(to: url, rounds: 1), in: folder)
            #expect(try await next.register(SchemaSubmission(schema(of: "a")), under: "out-value").schema.id == 1)
            await #expect(throws: ContractCacheError.self) {
                try await next.register(SchemaSubmission(schema(of: "a", type: "number")), under: "out-value")
            }
        }
    }
}
