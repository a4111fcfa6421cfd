import Foundation
import JSON
import LocalStack
import Testing

/// The real program over a SQLite file, killed in the middle of registrations.
@Suite struct CrashTests {
    @Test(.timeLimit(.minutes(2))) func nothingThatWasAcknowledgedIsLostAndNoIDIsGivenOutTwice() async throws {
        let file = try StoreFile()
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = Seeded(state: seed)
        var acknowledged: [String: Int] = [:]
        for round in 0..<4 {
            let enough = Int.random(in: 1...20, using: &generator)
            let process = try await RegistryProcess.start(file)
            for (subject, id) in acknowledged {
                let answer = try await process.client.get("/subjects/\(subject)/versions/1")
                #expect(answer.json["id"]?.number?.text == "\(id)", "\(subject), seed \(seed)")
            }
            let news = await Self.registerUntilKilled(process, round: round, after: enough)
            #expect(news.count >= enough, "seed \(seed)")
            acknowledged.merge(news) { old, _ in old }
            try await process.child.exit()
        }
        let process = try await RegistryProcess.start(file)
        let stored = try await process.client.get("/schemas").json.elements ?? []
        let ids = stored.compactMap { $0["id"]?.number?.text }
        #expect(ids.count >= acknowledged.count, "seed \(seed)")
        #expect(Set(ids).count == ids.count, "each schema has another text, so another id; seed \(seed)")
        #expect(Set(acknowledged.values).count == acknowledged.count, "seed \(seed)")
        try await process.child.end()
    }

    @Test(.timeLimit(.minutes(1))) func aSecondProgramOnTheSameFileDoesNotStart() async throws {
        let file = try StoreFile()
        let process = try await RegistryProcess.start(file)
        let port = try LoopbackPort.free()
        let second = try await RegistryProcess.launch(file, port: port)
        #expect(try await second.exit() == 78)
        #expect(
            try String(contentsOfFile: file.path + ".log", encoding: .utf8).contains("another registry holds the file")
        )
        try await process.child.end()
    }

    /// Registers 24 schemas at once and kills the program when `enough` of them were acknowledged.
    private static func registerUntilKilled(
        _ process: RegistryProcess,
        round: Int,
        after enough: Int
    ) async -> [String: Int] {
        await withTaskGroup(of: (String, Int)?.self) { group in
            for number in 0..<24 {
                let subject = "s-\(round)-\(number)"
                group.addTask {
                    do {
                        return (subject, try await process.client.register(subject, #"{"title":"\#(subject)"}"#))
                    } catch {
                        // In flight when the program died: it may be stored or not.
                        return nil
                    }
                }
            }
            var acknowledged: [String: Int] = [:]
            for await case (let subject, let id)? in group {
                acknowledged[subject] = id
                guard acknowledged.count == enough else { continue }
                process.child.signal(SIGKILL)
                // Nobody is there any more to connect to.
                group.cancelAll()
            }
            return acknowledged
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): randomness that a printed seed brings back.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}

/// `busbar-registry`, the program beside the tests, over a SQLite file.
struct RegistryProcess: Sendable {
    let child: ChildProcess
    let client: RunningRegistry

    /// Starts it and returns when it answers.
    static func start(_ file: StoreFile) async throws -> RegistryProcess {
        let port = try LoopbackPort.free()
        let child = try await launch(file, port: port)
        while try !LoopbackPort.answers(port) {
            try #require(child.isRunning, "busbar-registry ended: see \(file.path).log")
            await Task.yield()
        }
        return RegistryProcess(
            child: child,
            client: RunningRegistry(url: "http://127.0.0.1:\(port)", port: port, registry: nil)
        )
    }

    static func launch(_ file: StoreFile, port: Int) async throws -> ChildProcess {
        let running = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(filePath: running).deletingLastPathComponent().appending(path: "busbar-registry")
        return try await ChildProcess.start(
            program.path,
            ["--file", file.path, "--listen", "127.0.0.1:\(port)"],
            output: file.path + ".log"
        )
    }
}
