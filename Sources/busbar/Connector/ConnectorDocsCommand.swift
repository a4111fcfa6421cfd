internal import ArgumentParser
internal import ConnectorKit
internal import Connectors

/// `busbar connector docs`: the keys of a connector file, a source or a sink.
struct ConnectorDocsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs",
        abstract: "Prints the documentation of a source or sink as Markdown, or all keys as JSON Schema.",
        discussion: """
            Example: busbar connector docs webhook

            Without a type, the keys that every connector file has. Editors read --schema: put \
            `# yaml-language-server: $schema=connector.schema.json` at the top of a connector file.

            Exit codes: 0 done, 64 usage.
            """
    )

    @Flag(help: "Print the JSON Schema of connector files, for editors.")
    var schema = false

    @Argument(help: "A source or sink; one that is both shows both.")
    var type: String?

    func run() async throws {
        try await reportingFailures {
            let catalogue = ConnectorCatalogue.builtin
            if schema { return Output.bytes(Array(catalogue.editorSchema.utf8)) }
            guard let type else { return Output.bytes(Array(catalogue.connectorDocumentation.utf8)) }
            let pages = [
                catalogue.source(type)?.documentation(in: catalogue),
                catalogue.sink(type)?.documentation(in: catalogue),
            ].compactMap { $0 }
            guard !pages.isEmpty else { throw CatalogueName.unknown(type, "source or sink", in: catalogue) }
            Output.bytes(Array(pages.joined(separator: "\n").utf8))
        }
    }
}
