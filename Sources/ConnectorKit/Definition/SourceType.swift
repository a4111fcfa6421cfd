public import Log

/// A kind of source that connector files can name under `from:`.
public struct SourceType: Sendable {
    /// How events get in, which decides what else a connector file may say.
    public enum Kind: Sendable, Hashable {
        /// Records are read from a topic: dedupe and consumer groups apply.
        case log
        /// A sender waits for an answer: `on_violation: reject` applies.
        case push
        /// The source fetches and keeps a position.
        case pull
    }

    /// What ``make`` gives the runtime.
    public enum Instance: Sendable {
        /// The log itself: the runtime reads it.
        case log(LogSourceSettings)
        /// Anything else.
        case external(any Source)
    }

    /// The key under `from:`, of `[a-z][a-z0-9_]*`.
    public let name: String
    /// How events get in.
    public let kind: Kind
    /// What it does, in Markdown; the first sentence is the summary in lists.
    public let doc: String
    /// The keys under ``name``.
    public let fields: [FieldSpec]
    /// Whether records come with the topic and the partition that they have in another cluster, so that a sink can put them
    /// into the same ones.
    public let keepsPlaces: Bool
    /// Findings that no single field can have, offline; the texts may hold unresolved references.
    public let check: @Sendable (Fields) -> [Diagnostic]
    /// Makes the source from resolved fields. Opens nothing yet: ``Source/run(into:)`` does.
    public let make: @Sendable (Fields, ConnectorContext) throws -> Instance

    /// A source for a ``ConnectorCatalogue``.
    public init(
        name: String,
        kind: Kind,
        doc: String,
        fields: [FieldSpec],
        keepsPlaces: Bool = false,
        check: @escaping @Sendable (Fields) -> [Diagnostic] = { _ in [] },
        make: @escaping @Sendable (Fields, ConnectorContext) throws -> Instance
    ) {
        self.name = name
        self.kind = kind
        self.doc = doc
        self.fields = fields
        self.keepsPlaces = keepsPlaces
        self.check = check
        self.make = make
    }
}

/// What a connector reads when its source is the log itself.
public struct LogSourceSettings: Sendable, Hashable {
    /// Where a connector without committed offsets starts.
    public enum Start: String, Sendable, Hashable, CaseIterable {
        /// With the oldest record that is there.
        case earliest
        /// With the next record that comes.
        case latest
    }

    /// One that starts with `^` is a regular expression over topic names.
    public var topics: [TopicName]
    /// For groups without a committed offset.
    public var start: Start
    /// How payloads lie in the topics.
    public var format: PayloadFormat

    /// Reads `topics` as one consumer group.
    public init(topics: [TopicName], start: Start = .earliest, format: PayloadFormat = .json) {
        self.topics = topics
        self.start = start
        self.format = format
    }
}
