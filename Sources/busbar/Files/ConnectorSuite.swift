internal import Application
internal import ArgumentParser
internal import ConnectorKit
internal import ConnectorTesting
internal import Connectors

/// The tests of some connector files, ready to run.
struct ConnectorSuite {
    /// One test and the connector it is about.
    struct Entry {
        let definition: ConnectorDefinition
        let test: ConnectorTest
    }

    let tests: [Entry]
    private let runner: ConnectorTestRunner

    /// - Parameters:
    ///   - files: where the connectors are.
    ///   - filter: text that connector or test name must hold; `nil` takes all.
    /// - Throws: ``CommandFailure`` when a file has errors, or the filter fits nothing.
    init(_ files: ConnectorFiles, filter: String?) throws {
        tests = try files.definitions().flatMap { definition in
            definition.tests.map { Entry(definition: definition, test: $0) }
        }
        .filter { entry in filter.map { "\(entry.definition.name): \(entry.test.name)".contains($0) } ?? true }
        if let filter, tests.isEmpty {
            throw CommandFailure(.usage, "--filter: no test's name holds “\(filter)”")
        }
        let contracts = ContractFolder(files.schemas)
        runner = ConnectorTestRunner(
            catalogue: .builtin,
            contract: { try contracts.find($0) },
            environment: files.environment()
        )
    }

    func run(_ entry: Entry) async -> TestReport {
        await runner.run(entry.test, of: entry.definition)
    }
}
