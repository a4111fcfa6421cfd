internal import ArgumentParser

/// `busbar connector`: what connectors are made of.
struct ConnectorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connector",
        abstract: "Shows sources and sinks, and starts new connectors.",
        discussion: """
            Example: busbar connector new --from webhook --to http my-connector > connectors/my-connector.yaml

            Exit codes: 0 done, 64 usage, 78 configuration.
            """,
        subcommands: [
            ConnectorListCommand.self, ConnectorDocsCommand.self, ConnectorDescribeCommand.self,
            ConnectorNewCommand.self,
        ]
    )
}
