import Foundation
import Testing

/// The connectors and contracts of this repository, as their users check them.
@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(5)))
struct ShippedConnectorTests {
    /// The folder of Package.swift and connectors/, above this file.
    private static let repository: URL? = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.appending(path: "connectors").path) { return folder }
            folder.deleteLastPathComponent()
        }
        return nil
    }()

    @Test func theyLintWithoutErrorsAndPassTheirTests() async throws {
        let busbar = Command(folder: try #require(Self.repository))
        let lint = try await busbar.run("lint")
        #expect(lint.status == 0, "\(lint.output)")
        let test = try await busbar.run("test")
        #expect(test.status == 0, "\(test.output)\(test.errors)")
        #expect(test.errors.hasSuffix(" passed, 0 failed\n"))
        #expect(!test.errors.hasPrefix("0 "))
    }
}
