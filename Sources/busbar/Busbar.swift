internal import Application
internal import ArgumentParser

/// `busbar`: connectors, contracts and topics from the command line.
@main
struct Busbar: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "busbar",
        abstract: "Connects tools through Kafka.",
        discussion: """
            Example: busbar lint connectors && busbar test connectors

            Data goes to standard output, everything else to standard error. --json gives one object a line. Colours \
            are used on a terminal only, and not where NO_COLOR is set.

            Exit codes: 0 done, 1 failed, 2 found what you asked about (lint findings, failed tests, invalid \
            instances), 64 usage, 78 configuration.
            """,
        version: WorkerApplication.version,
        subcommands: subcommands
    )

    /// In the order of the help.
    private static let subcommands: [any ParsableCommand.Type] = [
        DevCommand.self,
        RunCommand.self,
        LintCommand.self,
        TestCommand.self,
        ConnectorCommand.self,
        SchemaCommand.self,
        TapCommand.self,
        ProduceCommand.self,
        OffsetsCommand.self,
        TicketsCommand.self,
    ]
}
