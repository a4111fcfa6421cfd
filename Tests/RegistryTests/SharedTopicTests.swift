import JSON
import Log
import Registry
import Testing

/// Several instances over one topic, and a topic that fails.
@Suite struct SharedTopicTests {
    @Test(.timeLimit(.minutes(1))) func instancesThatWriteInTurnNeverGiveOutAnIDTwice() async throws {
        let log = InMemoryLog()
        try await RunningRegistry.with(TopicStorage.open(log)) { one async throws in
            try await RunningRegistry.with(TopicStorage.open(log)) { other async throws in
                for round in 0..<6 {
                    let instance = round % 2 == 0 ? one : other
                    #expect(try await instance.register("s\(round)", #"{"title":"\#(round)"}"#) == round + 1)
                }
                #expect(try await other.get("/subjects/s4/versions/1").json["id"] == 5)
                try await one.registry?.refresh()
                let seen = try await one.get("/subjects").text
                #expect(try await other.get("/subjects").text == seen)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func instancesThatWriteAtOnceShutEachOtherOutAndLoseNothing() async throws {
        let log = InMemoryLog()
        try await RunningRegistry.with(TopicStorage.open(log)) { one async throws in
            try await RunningRegistry.with(TopicStorage.open(log)) { other async throws in
                let ids = try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<24 {
                        let instance = number % 2 == 0 ? one : other
                        group.addTask { try await instance.register("s\(number)", #"{"title":"\#(number)"}"#) }
                    }
                    return try await group.reduce(into: [Int]()) { $0.append($1) }
                }
                #expect(ids.sorted() == Array(1...24))
            }
        }
        try await RunningRegistry.with(TopicStorage.open(log)) { registry async throws in
            #expect(try await registry.get("/subjects").json.elements?.count == 24)
        }
    }

    @Test(.timeLimit(.minutes(1))) func whatTheTopicDoesNotTakeIsNotThere() async throws {
        let log = InMemoryLog()
        try await RunningRegistry.with(TopicStorage.open(log)) { registry async throws in
            let broken = LogError(.other, name: "TEST", message: "the disk is full")
            log.failSends(to: "_schemas", with: broken, times: 1)
            let refused = try await registry.post("/subjects/s/versions", "{}")
            #expect(refused.code == 50001)
            #expect(refused.message.contains("the disk is full"))
            #expect(try await registry.get("/subjects").text == "[]")
            #expect(try await registry.register("s", "true") == 1)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aTopicThatWouldLoseSchemasIsRefused() async throws {
        for (partitions, settings) in [(1, ["cleanup.policy": "delete"]), (2, ["cleanup.policy": "compact"])] {
            let log = InMemoryLog()
            try await log.createTopics([TopicSpecification("_schemas", partitions: partitions, settings: settings)])
            let error = await #expect(throws: RegistryError.self) { try await TopicStorage.open(log) }
            #expect(error?.code == .store)
        }
    }
}
