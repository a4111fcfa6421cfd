import Foundation
import JSON
import LocalStack
import LogTesting
import Testing

/// The real program, killed in the middle of registrations: over a SQLite file, and over a topic, alone and beside another.
@Suite(.serialized) struct CrashTests {
    @Test(.timeLimit(.minutes(3)), arguments: StoreKind.allCases)
    func nothingThatWasAcknowledgedIsLostAndNoIDIsGivenOutTwice(_ kind: StoreKind) async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededRandom(seed: seed)
        var ledger = Ledger(seed: seed)
        try await kind.withProcesses { storage in
            for round in 0..<4 {
                let enough = Int.random(in: 1...20, using: &generator)
                let process = try await RegistryProcess.start(storage)
                try await ledger.check(process.client)
                try await ledger.retireHighest(process.client)
                let (news, _) = await Self.register(round, at: { _ in process.client }) { count in
                    guard count == enough else { return false }
                    process.child.signal(SIGKILL)
                    return true
                }
                #expect(news.count >= enough, "seed \(seed)")
                ledger.note(news)
                try await process.child.exit()
            }
            let process = try await RegistryProcess.start(storage)
            try await ledger.check(process.client)
            try await process.child.end()
        }
    }

    @Test(.timeLimit(.minutes(3))) func anInstanceThatDiesWhileBothWriteTakesNothingWithIt() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededRandom(seed: seed)
        var ledger = Ledger(seed: seed)
        try await StoreKind.topic.withProcesses { storage in
            let survivor = try await RegistryProcess.start(storage)
            for round in 0..<2 {
                let enough = Int.random(in: 1...16, using: &generator)
                let victim = try await RegistryProcess.start(storage)
                let (news, failures) = await Self.register(
                    round,
                    at: { $0 % 2 == 0 ? survivor.client : victim.client },
                    onAcknowledged: { count in
                        if count == enough { victim.child.signal(SIGKILL) }
                        return false
                    }
                )
                for number in stride(from: 0, to: 24, by: 2) {
                    let failure = failures["s-\(round)-\(number)"]
                    #expect(failure == nil, "the survivor answers everything; seed \(seed)")
                }
                ledger.note(news)
                try await victim.child.exit()
                try await ledger.check(survivor.client)
            }
            let other = try await RegistryProcess.start(storage)
            try await ledger.check(other.client)
            try await ledger.retireHighest(other.client)
            ledger.note(["last": try await survivor.client.register("last", #"{"title":"last"}"#)])
            try await ledger.check(survivor.client)
            for process in [survivor, other] { try await process.child.end() }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aSecondProgramOnTheSameFileDoesNotStart() async throws {
        let file = StoreFile()
        let process = try await RegistryProcess.start(.file(file))
        let port = try LoopbackPort.free()
        let second = try await RegistryProcess.launch(.file(file), port: port)
        #expect(try await second.exit() == 78)
        #expect(
            try String(contentsOfFile: file.path + ".log", encoding: .utf8).contains("another registry holds the file")
        )
        try await process.child.end()
    }

    /// Registers 24 schemas at once; `onAcknowledged` is told how many were, and says whether to give up the others.
    private static func register(
        _ round: Int,
        at client: @escaping @Sendable (_ number: Int) -> RunningRegistry,
        onAcknowledged: (_ count: Int) -> Bool
    ) async -> (acknowledged: [String: Int], failures: [String: String]) {
        await withTaskGroup(of: (String, Result<Int, any Error>).self) { group in
            for number in 0..<24 {
                let subject = "s-\(round)-\(number)"
                group.addTask {
                    do {
                        let schema = #"{"title":"\#(subject)"}"#
                        return (subject, .success(try await client(number).register(subject, schema)))
                    } catch {
                        // In flight when the program died: it may be stored or not.
                        return (subject, .failure(error))
                    }
                }
            }
            var (acknowledged, failures): ([String: Int], [String: String]) = ([:], [:])
            for await (subject, outcome) in group {
                switch outcome {
                case .failure(let error): failures[subject] = "\(error)"
                case .success(let id):
                    acknowledged[subject] = id
                    if onAcknowledged(acknowledged.count) { group.cancelAll() }
                }
            }
            return (acknowledged, failures)
        }
    }
}

/// What clients know of a registry, against what it says.
private struct Ledger {
    let seed: UInt64
    /// Ids by subject, as they were answered.
    private var acknowledged: [String: Int] = [:]
    /// Ids of what was deleted for good: nobody may get them again.
    private var retired: Set<Int> = []

    init(seed: UInt64) {
        self.seed = seed
    }

    mutating func note(_ news: [String: Int]) {
        for (subject, id) in news {
            #expect(acknowledged.updateValue(id, forKey: subject) == nil)
            #expect(!retired.contains(id), "\(subject) got the id of a deleted schema; seed \(seed)")
        }
        #expect(Set(acknowledged.values).count == acknowledged.count, "an id was answered twice; seed \(seed)")
    }

    /// Deletes the schema with the highest id for good, which is the one whose id would come again.
    mutating func retireHighest(_ client: RunningRegistry) async throws {
        guard let (subject, id) = acknowledged.max(by: { $0.value < $1.value }) else { return }
        #expect(try await client.delete("/subjects/\(subject)").status == 200, "seed \(seed)")
        #expect(try await client.delete("/subjects/\(subject)?permanent=true").status == 200, "seed \(seed)")
        acknowledged[subject] = nil
        retired.insert(id)
    }

    /// Everything acknowledged is there under its id; each schema has another text, so another id.
    func check(_ client: RunningRegistry) async throws {
        let stored = try await client.get("/schemas").json.elements ?? []
        var ids: [String: Int] = [:]
        for schema in stored {
            let subject = try #require(schema["subject"]?.string)
            ids[subject] = try #require(schema["id"]?.number.flatMap { Int($0.text) })
        }
        for (subject, id) in acknowledged { #expect(ids[subject] == id, "\(subject), seed \(seed)") }
        #expect(Set(ids.values).count == ids.count, "two schemas have one id; seed \(seed)")
        #expect(retired.isDisjoint(with: ids.values), "the id of a deleted schema came again; seed \(seed)")
    }
}
