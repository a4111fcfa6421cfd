/// A kind of sink that connector files can name under `to:`.
public struct SinkType: Sendable {
    /// What ``make`` gives the runtime.
    public enum Instance: Sendable {
        /// Delivered at least once.
        case external(any Sink)
        /// Delivered exactly once, in the transaction of the input's offsets.
        case log(any LogSink)
    }

    /// The key under `to:`, of `[a-z][a-z0-9_]*`.
    public let name: String
    /// What it does, in Markdown; the first sentence is the summary in lists.
    public let doc: String
    /// The keys under ``name``.
    public let fields: [FieldSpec]
    /// Whether records go where their source says that they were; see ``SourceType/keepsPlaces``.
    public let needsPlaces: Bool
    /// Findings that no single field can have, offline; the texts may hold unresolved references.
    public let check: @Sendable (Fields) -> [Diagnostic]
    /// Makes the sink from resolved fields.
    public let make: @Sendable (Fields, ConnectorContext) throws -> Instance

    /// A sink for a ``ConnectorCatalogue``.
    public init(
        name: String,
        doc: String,
        fields: [FieldSpec],
        needsPlaces: Bool = false,
        check: @escaping @Sendable (Fields) -> [Diagnostic] = { _ in [] },
        make: @escaping @Sendable (Fields, ConnectorContext) throws -> Instance
    ) {
        self.name = name
        self.doc = doc
        self.fields = fields
        self.needsPlaces = needsPlaces
        self.check = check
        self.make = make
    }
}
