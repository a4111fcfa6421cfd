import Testing

@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct HelpTests {
    @Test func theVersionIsANumber() async throws {
        try await Command.inFolder { busbar in
            let result = try await busbar.run("--version")
            #expect(result.output == "0.1.0\n")
            #expect(result.status == 0)
        }
    }

    @Test func theHelpStartsWithAnExampleAndEndsWithTheCommands() async throws {
        try await Command.inFolder { busbar in
            let result = try await busbar.run("--help")
            #expect(
                result.output.hasPrefix(
                    """
                    OVERVIEW: Connects tools through Kafka.

                    Example: busbar lint connectors && busbar test connectors

                    Data goes to standard output, everything else to standard error. --json gives
                    one object a line. Colours are used on a terminal only, and not where NO_COLOR
                    is set.

                    Exit codes: 0 done, 1 failed, 2 found what you asked about (lint findings,
                    failed tests, invalid instances), 64 usage, 78 configuration.

                    USAGE: busbar <subcommand>

                    """
                )
            )
            for command in ["run", "lint", "test", "connector", "schema", "tap", "produce", "offsets"] {
                #expect(result.output.contains("\n  \(command) "))
            }
            #expect(result.status == 0)
        }
    }

    @Test(arguments: [
        ["run"], ["lint"], ["test"], ["connector"], ["connector", "list"], ["connector", "docs"],
        ["connector", "describe"], ["connector", "new"], ["schema"], ["schema", "check"], ["schema", "validate"],
        ["schema", "diff"], ["schema", "list"], ["schema", "show"], ["schema", "lint"], ["schema", "traffic"],
        ["schema", "generate"], ["schema", "register"], ["schema", "pin"], ["tap"], ["produce"], ["offsets"],
        ["offsets", "move"],
    ])
    func everyHelpHasAnExampleAndTheExitCodes(_ command: [String]) async throws {
        try await Command.inFolder { busbar in
            let result = try await busbar.start(command + ["--help"]).result()
            let paragraphs = result.output.split(separator: "\n\n")
            #expect(paragraphs.first?.hasPrefix("OVERVIEW: ") == true)
            #expect(paragraphs.dropFirst().first?.hasPrefix("Example: ") == true)
            #expect(result.output.contains("\nExit codes: 0 "))
            #expect(result.status == 0)
        }
    }

    @Test func whatIsNoCommandIsAUsageError() async throws {
        try await Command.inFolder { busbar in
            let result = try await busbar.run("lnt")
            #expect(result.output == "")
            #expect(result.status == 64)
        }
    }
}
