import Foundation
import JSON
import Log
import Registry
import Testing

/// An instance that only reads, beside one that takes changes.
@Suite struct ReadOnlyTests {
    private static func refuses(_ registry: RunningRegistry) async throws {
        let new = RunningRegistry.schema(#"{"type":"number"}"#)
        let requests: [(method: String, path: String, body: String?)] = [
            ("POST", "/subjects/s/versions", new), ("POST", "/subjects/new/versions", new),
            ("PUT", "/config", #"{"compatibility":"NONE"}"#), ("DELETE", "/config/s", nil),
            ("PUT", "/mode", #"{"mode":"READWRITE"}"#), ("DELETE", "/mode/s", nil), ("DELETE", "/subjects/s", nil),
            ("DELETE", "/subjects/s/versions/1", nil), ("DELETE", "/contexts/.c", nil),
        ]
        for (method, path, body) in requests {
            let answer = try await registry.send(method, path, body)
            #expect(answer.status == 422 && answer.code == 42205, "\(method) \(path): \(answer.text)")
            #expect(answer.message.contains("--read-only"), "\(method) \(path): \(answer.text)")
        }
        #expect(try await registry.get("/mode").text == #"{"mode":"READONLY"}"#)
        #expect(try await registry.get("/mode/s?defaultToGlobal=true").text == #"{"mode":"READONLY"}"#)
    }

    @Test(.timeLimit(.minutes(1))) func besideAnotherInstanceOnATopicItFollowsAndShutsNobodyOut() async throws {
        let log = InMemoryLog()
        try await RunningRegistry.with(TopicStorage.open(log)) { writer async throws in
            #expect(try await writer.register("s", #"{"type":"string"}"#) == 1)
            let storage = try await TopicStorage.open(log, isReadOnly: true)
            try await RunningRegistry.with(storage) { reader async throws in
                try await Self.refuses(reader)
                #expect(try await reader.register("s", #"{"type":"string"}"#) == 1, "what is there is found")
                #expect(try await writer.register("s", "true") == 2)
                try await reader.registry?.refresh()
                #expect(try await reader.get("/subjects/s/versions").text == "[1,2]")
                let check = try await reader.post("/compatibility/subjects/s/versions/latest", #"{"type":"null"}"#)
                #expect(check.json["is_compatible"] == false)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aTopicThatIsNotThereIsNotMade() async throws {
        let log = InMemoryLog()
        let error = await #expect(throws: RegistryError.self) { try await TopicStorage.open(log, isReadOnly: true) }
        #expect(error?.code == .store)
        // Who takes changes makes it.
        let storage = try await TopicStorage.open(log)
        await storage.close()
    }

    @Test(.timeLimit(.minutes(1))) func aFileIsServedAsItIs() async throws {
        let file = StoreFile()
        try await RunningRegistry.with(SQLiteStorage.open(path: file.path)) { writer async throws in
            _ = try await writer.register("s", #"{"type":"string"}"#)
        }
        try await RunningRegistry.with(SQLiteStorage.open(path: file.path, isReadOnly: true)) { reader async throws in
            try await Self.refuses(reader)
            #expect(try await reader.get("/subjects/s/versions").text == "[1]")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aFileThatIsNotThereIsNotMade() async throws {
        let file = StoreFile()
        let error = await #expect(throws: RegistryError.self) {
            try await SQLiteStorage.open(path: file.path, isReadOnly: true)
        }
        #expect(error?.code == .store)
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }
}
