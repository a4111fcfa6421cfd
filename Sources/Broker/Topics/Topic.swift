package import KafkaProtocol

/// A topic as the catalogue knows it.
package struct Topic: Sendable, Hashable {
    /// Unique among the topics that are not being deleted.
    package var name: String
    /// Never used again, also not for a topic of the same name.
    package var id: KafkaUUID
    /// 1 or more; never shrinks.
    package var partitions: Int32
    /// Only what was set; see ``TopicSetting`` for defaults.
    package var settings: [String: String]
    /// Deleted, and its files not yet gone.
    package var isDeleting = false

    /// Whether the broker itself writes it.
    package var isInternal: Bool { InternalTopic.contains(name) }

    /// What a setting of the topic is: as set, else by the broker's `defaults`, else by Kafka's.
    package func value(of setting: TopicSetting, defaults: [String: String]) -> String {
        settings[setting.rawValue] ?? (isInternal ? nil : defaults[setting.rawValue]) ?? setting.defaultValue
    }
}

/// As it stands in `topics.json`.
extension Topic: Codable {
    private enum Key: String, CodingKey {
        case name, id, partitions, settings, isDeleting
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        name = try values.decode(String.self, forKey: .name)
        guard let id = KafkaUUID(try values.decode(String.self, forKey: .id)) else {
            throw DecodingError.dataCorruptedError(forKey: .id, in: values, debugDescription: "not a topic's id")
        }
        self.id = id
        partitions = try values.decode(Int32.self, forKey: .partitions)
        settings = try values.decode([String: String].self, forKey: .settings)
        isDeleting = try values.decode(Bool.self, forKey: .isDeleting)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(name, forKey: .name)
        try values.encode(id.description, forKey: .id)
        try values.encode(partitions, forKey: .partitions)
        try values.encode(settings, forKey: .settings)
        try values.encode(isDeleting, forKey: .isDeleting)
    }
}
