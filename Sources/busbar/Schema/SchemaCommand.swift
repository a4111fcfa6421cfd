internal import ArgumentParser

/// `busbar schema`: contracts.
struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Works with contracts.",
        discussion: """
            Example: busbar schema validate github.issues event.json

            Exit codes: 0 done, 2 an instance is invalid or a change is not compatible, 64 usage, 78 the contract cannot \
            be used.
            """,
        subcommands: [
            SchemaCheckCommand.self, SchemaValidateCommand.self, SchemaDiffCommand.self, SchemaListCommand.self,
            SchemaShowCommand.self, SchemaLintCommand.self, SchemaTrafficCommand.self, SchemaGenerateCommand.self,
            SchemaRegisterCommand.self, SchemaPinCommand.self,
        ]
    )
}
