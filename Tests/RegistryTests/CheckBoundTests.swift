import Contracts
import Foundation
import JSON
import Logging
import Testing

@testable import Registry

/// What one schema may cost: size, time, and nobody else's answers.
@Suite struct CheckBoundTests {
    /// A registry over a file, whose comparisons may take `time`.
    private static func with(
        _ time: Duration,
        _ body: @Sendable (RunningRegistry) async throws -> Void
    ) async throws {
        let file = StoreFile()
        let limits = RegistryLimits(schemaBytes: 30_000, checkTime: time)
        try await RunningRegistry.with(SQLiteStorage.open(path: file.path), limits: limits, body)
    }

    @Test(.timeLimit(.minutes(1))) func whileSchemasAreComparedEverythingElseIsAnswered() async throws {
        try await Self.with(.seconds(10)) { registry async throws in
            _ = try await registry.register("s", #"{"type":"string"}"#)
            let served = try #require(registry.registry)
            let gate = DispatchSemaphore(value: 0)
            let (starts, started) = AsyncStream.makeStream(of: Void.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                // As long as somebody's schemas take: every thread for them is busy, and more of them wait.
                for _ in 0..<RegistryLimits().checkThreads {
                    group.addTask {
                        try await served.compute { _, _ in
                            started.yield()
                            gate.wait()
                        }
                    }
                }
                var iterator = starts.makeAsyncIterator()
                for _ in 0..<RegistryLimits().checkThreads { await iterator.next() }
                // With the connections for questions, as many as a client opens to one server.
                for _ in 0..<6 {
                    group.addTask {
                        let path = "/compatibility/subjects/s/versions/latest"
                        let answer = try await registry.post(path, #"{"type":"number"}"#)
                        #expect(answer.json["is_compatible"] == false)
                    }
                }
                while try await !registry.get("/metrics").text.contains("busbar_registry_checks 8\n") {
                    await Task.yield()
                }
                #expect(try await registry.get("/healthz").status == 200)
                #expect(try await registry.get("/subjects/s/versions/latest").status == 200)
                #expect(try await registry.put("/config/s", #"{"compatibility":"FULL"}"#).status == 200)
                #expect(served.checksUnderWay == 8)
                for _ in 0..<RegistryLimits().checkThreads { gate.signal() }
                try await group.waitForAll()
            }
            #expect(served.checksUnderWay == 0)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aComparisonThatTakesTooLongIsARefusalThatSaysSo() async throws {
        try await Self.with(.milliseconds(1)) { registry async throws in
            for (policy, subject) in [("SOUND", "s"), ("STRICT", "t")] {
                _ = try await registry.put("/config/\(subject)", #"{"compatibilityPolicy":"\#(policy)"}"#)
                let wide = (0..<400).map { #""p\#($0)":{"anyOf":[{"minimum":\#($0)},{"multipleOf":3}]}"# }
                let schema = #"{"type":"object","properties":{\#(wide.joined(separator: ","))}}"#
                _ = try await registry.register(subject, schema)
                let next = schema.replacing(#""multipleOf":3"#, with: #""multipleOf":7"#)
                let path = "/compatibility/subjects/\(subject)/versions/latest?verbose=true"
                let answer = try await registry.post(path, next)
                #expect(answer.json["is_compatible"] == false)
                #expect(answer.text.contains("more time"), "\(policy): \(answer.text.prefix(500))")
                #expect(try await registry.post("/subjects/\(subject)/versions", next).code == 40901)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aSchemaAboveTheBoundIsRefused() async throws {
        try await Self.with(.seconds(5)) { registry async throws in
            let large = #"{"title":"\#(String(repeating: "t", count: 30_000))"}"#
            let refused = try await registry.post("/subjects/s/versions", large)
            #expect(refused.status == 422 && refused.code == 42209)
            #expect(refused.message.contains("--max-schema-bytes"))
            #expect(try await registry.post("/compatibility/subjects/s/versions", large).code == 42209)
            #expect(try await registry.post("/subjects/s/versions", large + " ").code == 42209)
            #expect(try await registry.get("/subjects").text == "[]")
            #expect(try await registry.register("s", "{" + String(repeating: " ", count: 30_000) + "}") == 1)
        }
    }

    @Test func whatIsRememberedIsAskedForByTextAndAnsweredByVersion() throws {
        let checks = SchemaChecks(RegistryLimits())
        let (text, number) = (#"{"type":"string"}"#, #"{"type":"number"}"#)
        let (old, new) = (SchemaChecks.Source(text: text), SchemaChecks.Source(text: number))
        for version in [1, 1, 7] {
            let earlier = [(version: version, source: old)]
            let findings = try checks.compare(new, after: earlier, level: .backward, policy: .confluent)
            #expect(findings.map(\.against) == [version])
            #expect(findings.map(\.comparison.verdict) == [.incompatible])
        }
        #expect(try checks.compile(old, version: 3).version == 3)
        // The same text with another document behind its reference is another schema.
        let refers = #"{"$ref":"d.json"}"#
        for (document, verdict) in [(text, SchemaComparison.Verdict.incompatible), (number, .compatible)] {
            let source = SchemaChecks.Source(text: refers, documents: ["d.json": document])
            let earlier = [(version: 1, source: source)]
            let findings = try checks.compare(new, after: earlier, level: .backward, policy: .confluent)
            #expect(findings.map(\.comparison.verdict) == [verdict])
        }
    }

    @Test func anAgingCacheKeepsWhatIsUsedAndItsBound() {
        var cache = AgingCache<Int, String>(bound: 10)
        for number in 0..<100 {
            cache.insert("\(number)", for: number, cost: 1)
            #expect(cache.value(for: 0) == "0", "what is used stays")
            #expect(cache.count <= 10)
        }
        #expect(cache.value(for: 99) == "99")
        #expect(cache.value(for: 1) == nil)
        cache.insert("large", for: 1_000, cost: 6)
        #expect(cache.value(for: 1_000) == nil, "more than half of the bound is not kept")
        for _ in 0..<100 { cache.insert("again", for: 7, cost: 5) }
        #expect(cache.value(for: 7) == "again")
    }

    @Test(.timeLimit(.minutes(1))) func whatIsMoreThanMayWaitIsRefused() async throws {
        let threads = CheckThreads(1)
        let gate = DispatchSemaphore(value: 0)
        let (starts, started) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await threads.run {
                    started.yield()
                    gate.wait()
                }
            }
            _ = await starts.first { _ in true }
            for _ in 0..<CheckThreads.maxWaiting { group.addTask { try await threads.run {} } }
            while threads.current <= CheckThreads.maxWaiting { await Task.yield() }
            let error = await #expect(throws: RegistryError.self) { try await threads.run {} }
            #expect(error?.code == .tooManyRequests)
            gate.signal()
            try await group.waitForAll()
        }
        #expect(threads.current == 0)
        await threads.stop(Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}
