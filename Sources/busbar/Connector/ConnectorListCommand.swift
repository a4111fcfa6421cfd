internal import ArgumentParser
internal import ConnectorKit
internal import Connectors
internal import JSON

/// `busbar connector list`: the sources and sinks there are.
struct ConnectorListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the sources and sinks that connector files can name.",
        discussion: """
            Example: busbar connector list

            With --json, each is a line: {"v":1, "role", "name", "summary"}.

            Exit codes: 0 done, 64 usage.
            """
    )

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
        let catalogue = ConnectorCatalogue.builtin
        for source in catalogue.sources { show("source", source.name, source.doc) }
        for sink in catalogue.sinks { show("sink", sink.name, sink.doc) }
    }

    private func show(_ role: String, _ name: String, _ doc: String) {
        let summary = Self.summary(of: doc)
        guard json else {
            let padded = role + String(repeating: " ", count: 8 - role.count) + name
            return Output.line(padded + String(repeating: " ", count: max(1, 22 - padded.count)) + summary)
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("v", 1)
            writer.member("role", role)
            writer.member("name", name)
            writer.member("summary", summary)
        }
        Output.line(writer.text)
    }

    /// The first sentence.
    private static func summary(of doc: String) -> String {
        let line = doc.replacing("\n", with: " ")
        return line.firstRange(of: ". ").map { String(line[..<$0.lowerBound]) + "." } ?? line
    }
}
