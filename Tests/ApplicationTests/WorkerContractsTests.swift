import ConnectorKit
import Foundation
import Logging
import Telemetry
import TestKit
import Testing
import Worker

@testable import Application

/// Where a worker looks for a contract first, and what it says where there is none.
@Suite(.timeLimit(.minutes(1)))
struct WorkerContractsTests {
    private func contracts(_ folder: URL, registry: String?) throws -> WorkerContracts {
        let text = "schemas: \(folder.path)/schemas\nstate: \(folder.path)/state\n"
        let loaded = WorkerSettings.load(
            .init(text: text + (registry.map { "registry: '\($0)'\n" } ?? ""))
        ) { _ in nil }
        let settings = try #require(loaded.settings)
        return try WorkerContracts(
            settings,
            MetricsRegistry(),
            Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func folder(with subjects: [String]) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-contracts-\(UUID().uuidString)")
        for subject in subjects {
            let path = folder.appending(path: "schemas/\(subject)")
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
            try Data("owner: t\n".utf8).write(to: path.appending(path: "subject.yaml"))
            try Data("{}".utf8).write(to: path.appending(path: "v1.json"))
        }
        return folder
    }

    private func reference(_ text: String) throws -> SubjectReference { try #require(SubjectReference(text)) }

    @Test(arguments: [["orders"], []])
    func theRegistryIsAskedForWhatTheFolderDoesNotHave(_ subjects: [String]) async throws {
        let target = try await FakeTarget.start()
        target.answer(
            .status(200, body: #"{"subject":"s","version":4,"id":9,"schemaType":"JSON","schema":"true"}"#)
        )
        let folder = try folder(with: subjects)
        let contracts = try contracts(folder, registry: target.url)
        for subject in subjects {
            #expect(try await contracts.supply.contract(reference(subject)).label == "\(subject)@v1")
        }
        #expect(target.requests.isEmpty)
        #expect(try await contracts.supply.contract(reference("s@v4")).label == "s@v4")
        #expect(try await contracts.supply.contract(reference("s")).label == "s@v4")
        #expect(target.requests.map(\.path) == ["/subjects/s/versions/4", "/subjects/s/versions/latest"])
        await contracts.close()
        try await target.stop()
        try FileManager.default.removeItem(at: folder)
    }

    @Test func withoutARegistryTheFolderSaysWhatIsMissing() async throws {
        let folder = try folder(with: ["orders"])
        let contracts = try contracts(folder, registry: nil)
        let error = await #expect(throws: (any Error).self) {
            try await contracts.supply.contract(reference("order"))
        }
        #expect("\(try #require(error))".contains("did you mean 'orders'?"))
        #expect(try contracts.supply.text(reference("orders")) == "{}")
        try FileManager.default.removeItem(at: folder)
    }

    @Test func lintBelievesThatARegistryHasWhatTheFolderDoesNot() throws {
        let folder = try folder(with: ["orders"])
        let schemas = folder.path + "/schemas"
        let alone = LintEnvironment.offline(schemas: schemas)
        let with = LintEnvironment.offline(schemas: schemas, hasRegistry: true)
        #expect(alone.contract?(try reference("payments")) != nil)
        #expect(with.contract?(try reference("payments")) == nil)
        // What the folder has, it decides.
        #expect(with.contract?(try reference("orders@v2")) != nil)
        try FileManager.default.removeItem(at: folder)
    }
}
