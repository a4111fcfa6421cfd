internal import ArgumentParser

/// `busbar lint`: is everything in these files as it must be?
struct LintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Checks connector files and contracts, offline.",
        discussion: """
            Example: busbar lint connectors --check-references

            Every finding has its place, a code that never changes, and what to do. Warnings alone are no failure unless \
            --strict says so. With --json, each finding is a line: {"v":1, "code", "severity", "file", "line", \
            "column", "message", "fix"}.

            Exit codes: 0 nothing found, 2 findings, 64 usage, 78 configuration.
            """
    )

    @OptionGroup var files: FileOptions
    @OptionGroup var settings: SettingsOptions

    @Flag(help: "Also require that every ${env:…}, ${file:…} and ${secret:…} has a value here.")
    var checkReferences = false

    @Flag(help: "Take warnings for findings.")
    var strict = false

    @Flag(help: "Print findings as JSON.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let resolver = checkReferences ? try settings.load().resolver : nil
            let report = try files.connectors.lint(hasRegistry: settings.namesRegistry(), resolver: resolver)
            for finding in report.findings { Output.line(json ? finding.json : finding.rendered(Style())) }
            Output.note(report.summary)
            if report.errors > 0 || (strict && report.warnings > 0) { throw ExitCode.found }
        }
    }
}
