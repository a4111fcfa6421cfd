import JSON
import Log
import Registry
import TestFiles

/// A path for a SQLite file in a folder that goes away with the last reference.
final class StoreFile {
    private let folder = TemporaryFolder()
    var path: String { folder.path("registry.db") }
}

/// The storages that take changes: what is true of one over HTTP must be true of each.
enum StoreKind: String, CaseIterable, Sendable {
    case sqlite, topic

    /// Runs `body` with a registry over an empty storage of this kind.
    func with<R: Sendable>(_ body: @Sendable (RunningRegistry) async throws -> R) async throws -> R {
        switch self {
        case .sqlite:
            let file = StoreFile()
            return try await RunningRegistry.with(SQLiteStorage.open(path: file.path), body)
        case .topic:
            return try await RunningRegistry.with(TopicStorage.open(InMemoryLog()), body)
        }
    }
}

extension RunningRegistry {
    func post(_ path: String, _ schema: String, references: String? = nil) async throws -> Answer {
        try await send("POST", path, Self.schema(schema, references: references))
    }

    /// Registers a schema and answers its id.
    func register(_ subject: String, _ schema: String, references: String? = nil) async throws -> Int {
        let answer = try await post("/subjects/\(subject)/versions", schema, references: references)
        guard answer.status == 200, let id = answer.json["id"]?.number.flatMap({ Int($0.text) }) else {
            throw RegistryError(.store, "registered as \(answer.status): \(answer.text)")
        }
        return id
    }

    func put(_ path: String, _ body: String) async throws -> Answer { try await send("PUT", path, body) }
    func delete(_ path: String) async throws -> Answer { try await send("DELETE", path) }
}
