package import Log

extension ConnectorDefinition {
    /// What the source reads; one that starts with `^` is a pattern. Empty for sources outside the log.
    ///
    /// Of an unresolved definition, topics with references are left out.
    package var inputTopics: [TopicName] { namedInputs.map { TopicName($0.name) } }

    /// A mirror's topics are another cluster's: what they are called says nothing about this one's.
    var namedInputs: [NamedTopic] { source.type.kind == .log ? source.fields.topics : [] }

    /// Every topic that the sinks name, without dead letters; see ``inputTopics``.
    package var outputTopics: [TopicName] { routes.flatMap(\.fields.topics).map { TopicName($0.name) } }
}

/// A topic that a source or sink names.
struct NamedTopic {
    var name: String
    var location: ConfigLocation

    /// How the file names `topic`, where that is not its own name.
    func spelling(of topic: String) -> String { name == topic ? "" : " as `\(name)`" }

    /// Whether a source of this name or pattern would read `topic`.
    func reads(_ topic: String) -> Bool {
        guard name.hasPrefix("^") else { return name == topic }
        do {
            return try topic.firstMatch(of: Regex(name)) != nil
        } catch {
            return false  // The decoder has reported the pattern.
        }
    }
}

extension Fields {
    var topics: [NamedTopic] {
        leaves {
            switch $0 {
            case .topic, .topicPattern: true
            default: false
            }
        }
        .filter { !$0.text.contains("${") }
        .map { NamedTopic(name: $0.text, location: $0.location) }
    }
}
