internal import ArgumentParser
internal import ConnectorKit
internal import Connectors

/// `busbar connector new`: a connector file to start from.
struct ConnectorNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Prints a connector file to start from; it lints clean.",
        discussion: """
            Example: busbar connector new --from webhook --to http my-connector > connectors/my-connector.yaml

            Exit codes: 0 done, 64 usage.
            """
    )

    @Option(help: ArgumentHelp("The source, see busbar connector list.", valueName: "source"))
    var from: String

    @Option(help: ArgumentHelp("The sink, see busbar connector list.", valueName: "sink"))
    var to: String

    @Argument(help: "Name of the connector: 1 to 63 of a-z, 0-9 and -.")
    var name: String?

    func run() async throws {
        try await reportingFailures {
            let catalogue = ConnectorCatalogue.builtin
            guard catalogue.source(from) != nil else { throw CatalogueName.unknown(from, "source", in: catalogue) }
            let file = StartingFile(catalogue: catalogue)
            guard let text = file.text(source: from, sink: to, name: try checked(name)) else {
                throw CatalogueName.unknown(to, "sink", in: catalogue)
            }
            Output.bytes(Array(text.utf8))
        }
    }

    private func checked(_ name: String?) throws -> String? {
        guard let name else { return nil }
        let isName = name.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0) }
        guard isName, (1...63).contains(name.utf8.count) else {
            throw CommandFailure(.usage, "`\(name)` is no name of a connector; use 1 to 63 of a-z, 0-9 and -")
        }
        return name
    }
}
