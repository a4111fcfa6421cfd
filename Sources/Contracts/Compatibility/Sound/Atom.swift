import JSON

/// A text that is compared byte by byte, as JSON does; `String` would unite canonically equivalent ones.
struct Name: Hashable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: Name, right: Name) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(0xFF as UInt8)
    }
}

/// One condition of a schema, the smallest thing that is asserted or denied.
///
/// A schema is the conjunction of its atoms; a keyword becomes as many of them as it has independent parts, so that
/// what did not change is the same atom on both sides. Conditions on one kind hold of every value of another kind.
/// Numbers in the payloads that are called `node` are indices into ``SchemaSets/nodes``.
enum Atom: Hashable, Sendable {
    case kinds(Kinds)
    /// `enum` and `const`: indices into ``SchemaSets/values``, ascending.
    case values([Int])
    case minimum(ExactDecimal, isExclusive: Bool)
    case maximum(ExactDecimal, isExclusive: Bool)
    case multipleOf(ExactDecimal)
    case minLength(Int)
    case maxLength(Int)
    case pattern(Name)
    case format(Name)
    /// `contentEncoding` or `contentMediaType`.
    case content(Name)
    case minItems(Int)
    case maxItems(Int)
    case uniqueItems
    /// The element at an index, if it is there.
    case item(Int, node: Int)
    /// Every element from an index on.
    case itemsFrom(Int, node: Int)
    case containsAtLeast(Int, node: Int)
    case containsAtMost(Int, node: Int)
    case minProperties(Int)
    case maxProperties(Int)
    case required(Name)
    /// The member of a name, if it is there.
    case property(Name, node: Int)
    /// Every member whose name the pattern matches.
    case patternProperty(Name, node: Int)
    /// Every member whose name is not listed and that no listed pattern matches; both lists are sorted.
    case additional(names: [Name], patterns: [Name], node: Int)
    case propertyNames(node: Int)
    /// The whole object, if it has the member.
    case dependent(Name, node: Int)
    /// Index into ``SchemaSets/classes``.
    case reference(Int)
    case anyOf([Int])
    case oneOf([Int])
    case not(node: Int)
    case conditional(test: Int, then: Int, otherwise: Int)
    /// What this comparison does not understand: an index into ``SchemaSets/opaque``. True and false are both possible.
    case opaque(Int)

    /// The kinds of values that the atom can be false for.
    var kinds: Kinds {
        switch self {
        case .kinds, .values, .reference, .anyOf, .oneOf, .not, .conditional, .opaque: .all
        case .minimum, .maximum, .multipleOf: .number
        case .minLength, .maxLength, .pattern, .format, .content: .string
        case .minItems, .maxItems, .uniqueItems, .item, .itemsFrom, .containsAtLeast, .containsAtMost: .array
        case .minProperties, .maxProperties, .required, .property, .patternProperty, .additional, .propertyNames,
            .dependent:
            .object
        }
    }
}
