import Foundation
import Testing

/// The image's health check against a server that runs.
@Suite struct HealthcheckTests {
    @Test(.timeLimit(.minutes(1))) func passesWhereThePathAnswers200AndFailsWhereItDoesNot() async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            #expect(try await run([String(registry.port), "/healthz"]) == 0)
            #expect(try await run([String(registry.port), "/subjects/none/versions"]) == 1)
        }
    }

    @Test(.timeLimit(.minutes(1))) func failsWhereNothingListens() async throws {
        // Port 1 (tcpmux) is privileged and served nowhere.
        #expect(try await run(["1", "/healthz"]) != 0)
    }

    @Test(.timeLimit(.minutes(1))) func saysHowItIsUsed() async throws {
        #expect(try await run([]) == 64)
    }

    private func run(_ arguments: [String]) async throws -> Int32 {
        let process = Process()
        process.executableURL = try Self.script()
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        let (statuses, status) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: .bufferingNewest(1))
        process.terminationHandler = { ended in
            status.yield(ended.terminationStatus)
            status.finish()
        }
        try process.run()
        return try #require(await statuses.first { _ in true })
    }

    private static func script() throws -> URL {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let script = folder.appending(path: "deploy/busbar-healthcheck")
            if FileManager.default.isExecutableFile(atPath: script.path) { return script }
        }
        throw CocoaError(.fileNoSuchFile)
    }
}
