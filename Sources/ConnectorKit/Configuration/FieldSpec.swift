/// One key of a configuration file: what it takes, and what it means.
///
/// The decoder, the linter's messages, `busbar connector docs`, the editors' JSON Schema and the scaffolds all come
/// from here and nowhere else.
public struct FieldSpec: Sendable {
    /// Whether a key may be left out.
    public enum Presence: Sendable, Hashable {
        case required
        case optional
        /// YAML text that stands in for the missing key, for example `10s`.
        case byDefault(String)
    }

    /// The key, of `[a-z][a-z0-9_]*`.
    public var name: String
    /// What the value may be.
    public var type: FieldType
    /// What happens when the key is left out.
    public var presence: Presence
    /// A sentence or two for people, without the type and the default.
    public var doc: String
    /// YAML text for documentation and scaffolds.
    public var example: String?
    /// What to use instead; the key still works and draws a warning.
    public var deprecated: String?

    /// `presence` is optional unless stated; `doc` is for people and required.
    public init(
        _ name: String,
        _ type: FieldType,
        _ presence: Presence = .optional,
        doc: String,
        example: String? = nil,
        deprecated: String? = nil
    ) {
        self.name = name
        self.type = type
        self.presence = presence
        self.doc = doc
        self.example = example
        self.deprecated = deprecated
    }

    /// A key whose value is one of an enumeration's words, `preset` when it is left out. ``Fields/choice(_:of:)`` reads it.
    public static func choice<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        _ preset: Word,
        doc: String
    ) -> FieldSpec where Word.RawValue == String {
        FieldSpec(name, .choice(Word.allCases.map(\.rawValue)), .byDefault(preset.rawValue), doc: doc)
    }

    /// Whether the value is never shown.
    public var isSecret: Bool {
        if case .secret = type { true } else { false }
    }
}
