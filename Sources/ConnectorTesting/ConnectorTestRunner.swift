package import ConnectorKit
package import Worker

/// Runs the `tests:` of connector files without a broker.
///
/// The connector's contract, steps, dedupe, routing, retries and dead letters are the real ones, over a log in memory; what
/// lies outside the log is played by the test: its input comes in as from the source, its faults meet the sinks, and
/// what the sinks accept is remembered. References have placeholder values (``PlaceholderValues``). Time jumps over waits.
package struct ConnectorTestRunner: Sendable {
    private let catalogue: ConnectorCatalogue
    private let contract: @Sendable (SubjectReference) throws -> PlanBuilder.FoundContract
    private let environment: LintEnvironment

    /// - Parameters:
    ///   - catalogue: what the definitions were decoded by.
    ///   - contract: finds contracts.
    ///   - environment: finds the files that tests read.
    package init(
        catalogue: ConnectorCatalogue,
        contract: @escaping @Sendable (SubjectReference) throws -> PlanBuilder.FoundContract,
        environment: LintEnvironment
    ) {
        self.catalogue = catalogue
        self.contract = contract
        self.environment = environment
    }

    /// Runs one test of `definition`. What keeps it from a verdict is a mismatch called `run`.
    package func run(_ test: ConnectorTest, of definition: ConnectorDefinition) async -> TestReport {
        let mismatches: [TestMismatch]
        do {
            let run = ConnectorTestRun(
                test,
                of: definition,
                catalogue: catalogue,
                contract: contract,
                environment: environment
            )
            mismatches = ExpectationCheck(expectation: test.expect, observation: try await run.observe()).mismatches()
        } catch {
            mismatches = [TestMismatch("run", "\(error)")]
        }
        return TestReport(
            connector: definition.name,
            test: test.name,
            location: test.location,
            mismatches: mismatches
        )
    }
}
