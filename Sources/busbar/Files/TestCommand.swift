internal import ArgumentParser
internal import ConnectorTesting

/// `busbar test`: do the connectors what their files claim?
struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs the tests in connector files, without a broker.",
        discussion: """
            Example: busbar test connectors --filter ticket

            The connector's contract, steps, dedupe, retries and dead letters are the real ones. Its input and its \
            targets are played by the test, references have placeholder values, and time jumps over waits. With --json, \
            each test is a line: {"v":1, "connector", "test", "file", "line", "passed", "mismatches":[{"subject", \
            "message", "details"}]}.

            Exit codes: 0 all passed, 2 a test failed, 64 usage, 78 a file has errors.
            """
    )

    @OptionGroup var files: FileOptions

    @Option(help: ArgumentHelp("Run the tests whose connector or name holds this text.", valueName: "text"))
    var filter: String?

    @Flag(help: "Print results as JSON.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let suite = try ConnectorSuite(files.connectors, filter: filter)
            let style = Style()
            var failed = 0
            for test in suite.tests {
                let report = await suite.run(test)
                failed += report.hasPassed ? 0 : 1
                Output.line(json ? report.json : paint(report, style))
            }
            Output.note("\(suite.tests.count - failed) passed, \(failed) failed")
            if failed > 0 { throw ExitCode.found }
        }
    }

    private func paint(_ report: TestReport, _ style: Style) -> String {
        let text = report.rendered
        return report.hasPassed ? style.green("ok") + text.dropFirst(2) : style.red("FAIL") + text.dropFirst(4)
    }
}
