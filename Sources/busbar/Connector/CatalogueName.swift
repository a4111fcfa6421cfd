internal import ArgumentParser
internal import ConnectorKit

/// Names that the catalogue does not have.
enum CatalogueName {
    /// Says which there are, and which one was probably meant.
    static func unknown(_ name: String, _ noun: String, in catalogue: ConnectorCatalogue) -> CommandFailure {
        let names = Set(catalogue.sources.map(\.name) + catalogue.sinks.map(\.name)).sorted()
        let hint =
            Suggestion.nearest(to: name, among: names).map { "did you mean `\($0)`?" }
            ?? "there are \(names.joined(separator: ", "))"
        return CommandFailure(.usage, "there is no \(noun) `\(name)`; \(hint)")
    }
}
