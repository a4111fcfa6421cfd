/// The sources and sinks that connector files can name.
public struct ConnectorCatalogue: Sendable {
    /// In alphabetical order.
    public let sources: [SourceType]
    /// In alphabetical order.
    public let sinks: [SinkType]

    /// - Precondition: names are unique among sources and among sinks, and `when` is not one of them.
    public init(sources: [SourceType], sinks: [SinkType]) {
        precondition(Set(sources.map(\.name)).count == sources.count, "two sources of one name")
        precondition(Set(sinks.map(\.name)).count == sinks.count, "two sinks of one name")
        precondition(!sinks.contains { $0.name == "when" }, "`when` is the condition of a route")
        self.sources = sources.sorted { $0.name < $1.name }
        self.sinks = sinks.sorted { $0.name < $1.name }
    }

    /// The source that files call `name`; `nil` when there is none.
    public func source(_ name: String) -> SourceType? { sources.first { $0.name == name } }
    /// The sink that files call `name`; `nil` when there is none.
    public func sink(_ name: String) -> SinkType? { sinks.first { $0.name == name } }
}
