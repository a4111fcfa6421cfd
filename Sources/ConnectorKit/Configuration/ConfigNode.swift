/// A YAML value with the place where it was written.
package struct ConfigNode: Sendable {
    /// What kind of value it is.
    package indirect enum Content: Sendable {
        /// Text as written; `isQuoted` tells `"5"` from `5`.
        case scalar(String, isQuoted: Bool)
        case sequence([ConfigNode])
        /// In the order of the file, keys unique, merge keys (`<<`) applied.
        case mapping([Entry])
    }

    /// One pair of a mapping.
    package struct Entry: Sendable {
        /// As text, without quotes.
        package var key: String
        /// Where the key starts.
        package var keyLocation: ConfigLocation
        /// What stands after the colon; nothing (``ConfigNode/isNull``) where there is none.
        package var value: ConfigNode
    }

    /// The value itself.
    package var content: Content
    /// Where the value starts; of an aliased value, where its anchor stands.
    package var location: ConfigLocation

    /// A value, for overlays and defaults too.
    package init(_ content: Content, at location: ConfigLocation) {
        self.content = content
        self.location = location
    }

    /// Nothing, `~` or `null`, as YAML 1.2's core schema has it (yaml.org/spec/1.2.2, 10.3.2).
    package var isNull: Bool {
        guard case .scalar(let text, isQuoted: false) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The value of `key` in a mapping.
    package func entry(_ key: String) -> Entry? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }
    }

    /// The kind in the words of error messages.
    package var kind: String {
        switch content {
        case .scalar where isNull: "nothing"
        case .scalar(_, isQuoted: true): "quoted text"
        case .scalar: "a value"
        case .sequence: "a sequence"
        case .mapping: "a mapping"
        }
    }
}
