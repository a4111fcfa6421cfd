internal import ArgumentParser

/// Which connector files, and which contracts they use.
struct FileOptions: ParsableArguments {
    @Option(help: "Folder of the contracts.")
    var schemas = "schemas"

    @Argument(help: ArgumentHelp("Connector files, or folders of them; default connectors.", valueName: "path"))
    var paths: [String] = []

    var connectors: ConnectorFiles {
        ConnectorFiles(paths: paths.isEmpty ? ["connectors"] : paths, schemas: schemas)
    }
}
