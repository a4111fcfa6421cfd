internal import ArgumentParser

/// The command line of `busbar-worker` and `busbar run`.
package struct WorkerFlags: ParsableArguments {
    @Option(help: "Settings file; default busbar.yaml, if there is one.")
    var config: String?

    @Option(help: "Brokers, host:port, separated by commas.")
    var brokers: String?

    @Option(help: "Address of the health checks, host:port; port 0 takes a free one.")
    var http: String?

    @Option(help: "Folder of the local state.")
    var state: String?

    @Option(help: "Folder of the contracts.")
    var schemas: String?

    @Argument(help: ArgumentHelp("Connector files, or folders of them.", valueName: "path"))
    var connectors: [String]

    package init() {}

    /// What the command line says, for a worker.
    package var options: WorkerApplication.Options {
        let flags = ["brokers": brokers, "http": http, "state": state, "schemas": schemas].compactMapValues { $0 }
        return WorkerApplication.Options(config: config, flags: flags, connectors: connectors)
    }
}
