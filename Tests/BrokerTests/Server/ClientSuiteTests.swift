import Foundation
import Logging
import Testing

@testable import Broker

/// The clients' suite (`Tests/BrokerClients`) against a broker in this process.
@Suite(.timeLimit(.minutes(30))) struct ClientSuiteTests {
    private static let root = #filePath.split(separator: "/Tests/BrokerTests/").first.map(String.init) ?? "."
    private static let script = root + "/Tests/BrokerClients/run.py"
    private static let environment = root + "/.venv-clients/bin/python"

    private static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private let folder = TemporaryFolder()

    @Test(
        .enabled(if: isThere(script) && isThere(environment), "needs Tests/BrokerClients and .venv-clients")
    )
    func theProtocolIsSpokenAsTheSuiteSays() async throws {
        try await run(["--client", "wire"])
    }

    @Test(
        .enabled(
            if: isThere(script) && isThere(environment)
                && ProcessInfo.processInfo.environment["BUSBAR_CLIENT_SUITES"] == "1",
            "takes minutes: set BUSBAR_CLIENT_SUITES=1, with the clients installed in .venv-clients"
        )
    )
    func everyClientIsServedAsTheSuiteSays() async throws {
        try await run(["--rebalances", "100"])
    }

    private func run(_ options: [String]) async throws {
        let broker = try await Broker.start(BrokerConfiguration(dataDirectory: folder.path), logger: .quiet)
        let log = folder.path + "/suite.log"
        let bootstrap = broker.bootstrap
        let status = try await blocking {
            try Data().write(to: URL(filePath: log))
            let process = Process()
            process.executableURL = URL(filePath: Self.environment)
            process.arguments = [Self.script, "--bootstrap", bootstrap] + options
            let output = try FileHandle(forWritingTo: URL(filePath: log))
            process.standardOutput = output
            process.standardError = output
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus
        }
        await broker.shutdown()
        let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        let failures = lines.filter { !$0.hasPrefix("ok ") && !$0.hasPrefix("skip ") }.joined(separator: "\n")
        #expect(status == 0, "\(failures)")
        #expect(lines.contains { $0.hasPrefix("ok ") }, "no case ran:\n\(failures)")
    }
}
