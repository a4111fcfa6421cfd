import Foundation
import Testing

/// What `.ci/steps.sh` makes of commands that are not the real ones.
@Suite struct StepsTests {
    private static let passes = "✔ Test fine() passed after 0.001 seconds."
    private static let fails = """
        ✘ Test broken() recorded an issue at A.swift:1:2: Expectation failed: 1 == 2
        ↳ one is not two
        ✘ Test broken() failed after 0.001 seconds with 1 issue.
        """

    /// What stands between a step's first line and `mark`, behind the last empty line.
    private func end(of output: String, before mark: String) throws -> String {
        let step = output[..<(try #require(output.range(of: mark)).lowerBound)]
        return String(step[(step.range(of: "\n\n", options: .backwards)?.upperBound ?? step.startIndex)...])
    }

    /// Runs lines of bash behind the functions.
    /// - Returns: the exit code and all output.
    private func run(_ script: String, _ environment: [String: String] = [:]) throws -> (code: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["bash", "-uc", "set -o pipefail; . .ci/steps.sh\n" + script]
        process.currentDirectoryURL = Repository.root
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test func aStepOfTestsNamesWhatFailedRightBeforeItSaysSo() throws {
        let (code, output) = try run(
            """
            fake() { printf '%s\\n' "$REPORT"; return 1; }
            step unit run_tests fake; step more run_tests echo; finish
            """,
            ["REPORT": Self.passes + "\n" + Self.fails]
        )
        #expect(code == 1)
        #expect(try end(of: output, before: "== unit: FAILED") == "Failed tests:\n" + Self.fails + "\n")
        #expect(
            try end(of: output, before: "\nCI took") == "Failed tests:\n" + Self.fails + "\n",
            "and again at the end"
        )
        #expect(output.hasSuffix("\n1 passed, 3 failed\n"), "two steps and a test; \(output)")
    }

    @Test func ofTestsThatEndWithoutAFailureTheLastLinesAreShown() throws {
        let (_, output) = try run("fake() { echo Illegal instruction; return 132; }; step unit run_tests fake; finish")
        let shown = "It failed, and names no failure. Its last lines:\nIllegal instruction\n"
        #expect(try end(of: output, before: "== unit: FAILED") == shown)
    }

    @Test func aStepOfCasesNamesWhatFailed() throws {
        let (code, output) = try run(
            "fake() { printf 'ok a\\nFAIL b: why\\nok c\\n'; return 1; }; step peers run_cases fake; finish"
        )
        #expect(code == 1)
        #expect(try end(of: output, before: "== peers: FAILED") == "Failed cases:\nFAIL b: why\n")
        #expect(output.hasSuffix("\n2 passed, 2 failed\n"), "\(output)")
    }

    @Test func whatPassesSaysNoMore() throws {
        let (code, output) = try run(
            #"step unit run_tests echo "$REPORT"; step peers run_cases echo ok a; finish"#,
            ["REPORT": Self.passes]
        )
        #expect(code == 0)
        #expect(!output.contains("Failed") && !output.contains("FAILED"))
        #expect(output.hasSuffix("\n4 passed, 0 failed\n"), "\(output)")
    }
}
