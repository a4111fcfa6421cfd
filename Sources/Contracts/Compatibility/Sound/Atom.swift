import JSON

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
    case pattern(JSONName)
    case format(JSONName)
    /// `contentEncoding` or `contentMediaType`.
    case content(JSONName)
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
    case required(JSONName)
    /// The member of a name, if it is there.
    case property(JSONName, node: Int)
    /// Every member whose name the pattern matches.
    case patternProperty(JSONName, node: Int)
    /// Every member whose name is not listed and that no listed pattern matches; both lists are sorted.
    case additional(names: [JSONName], patterns: [JSONName], node: Int)
    case propertyNames(node: Int)
    /// The whole object, if it has the member.
    case dependent(JSONName, node: Int)
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
