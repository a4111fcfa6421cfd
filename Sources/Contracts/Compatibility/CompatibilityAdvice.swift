/// What could be done instead of a change that a policy refuses.
package enum CompatibilityAdvice {
    /// Sentences for a rule of ``SchemaDifference``, the best first; never empty. For `forward` they speak of the
    /// comparison with the sides exchanged: a rule that says "added" is then something that the new version took away.
    package static func sentences(
        for rule: String,
        direction: CompatibilityLevel.Direction = .backward
    ) -> [String] {
        var sentences: [String] = []
        if let row = rows[rule] { sentences += direction == .backward ? row.backward : row.forward }
        if let confluent = ConfluentRule(rawValue: rule) {
            if confluent.tolerance == .lenient {
                sentences.append(
                    "Policy lenient allows it; that old data carries nothing that contradicts is then assumed."
                )
            }
            if confluent.mirrored?.tolerance == .always {
                let (level, first) = direction == .backward ? ("forward", "writers") : ("backward", "readers")
                sentences.append("Level \(level) allows it, if the \(first) can be changed first.")
            }
        }
        return sentences + [newSubject]
    }

    private static let newSubject =
        "Start a new subject, or a new major version in a compatibility group of its own, and move the readers over."

    /// Whether the table has something to say of a rule beyond what holds for all.
    package static func isKnown(_ rule: String) -> Bool { rows[rule] != nil }

    private struct Row {
        let rules: [String]
        let backward: [String]
        let forward: [String]
    }

    private static let rows: [String: Row] = {
        var rows: [String: Row] = [:]
        for row in table { for rule in row.rules { rows[rule] = row } }
        return rows
    }()

    private static let table = [
        Row(
            rules: ["REQUIRED_ATTRIBUTE_ADDED", "REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL"],
            backward: ["Keep the property optional.", "Give the property a default that readers fill in."],
            forward: ["Keep the property required: readers of the old version rely on it."]
        ),
        Row(
            rules: ["REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL"],
            backward: [
                "Add the property as an optional one, and close the object (additionalProperties: false) in a version before.",
                "Give the property a default that readers fill in.",
            ],
            forward: ["Keep the property required: readers of the old version rely on it."]
        ),
        Row(
            rules: [
                "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",
                "REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL",
            ],
            backward: [
                "Close the object (additionalProperties: false) in a version before: then no old data can carry the name.",
                "Accept any value for the property at first (true in place of a schema).",
            ],
            forward: [
                "Keep the property in the schema, marked deprecated.",
                "Close the object (additionalProperties: false), so that the name cannot come back with other values.",
            ]
        ),
        Row(
            rules: [
                "PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
                "ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
            ],
            backward: ["Let the new schema accept all that the schema for unlisted ones accepted there before."],
            forward: ["Narrow the schema for unlisted ones to what the one that went away accepted."]
        ),
        Row(
            rules: [
                "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL",
                "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
            ],
            backward: [
                "Keep the property in the schema, marked deprecated.",
                "Open the object (no additionalProperties) in the same version: old data may then keep the member.",
            ],
            forward: ["Open the object in a version before, so that its readers accept members they do not know."]
        ),
        Row(
            rules: [
                "ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL", "ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
            ],
            backward: ["Keep the element's schema, or allow further elements."],
            forward: ["Allow further elements in a version before."]
        ),
        Row(
            rules: ["ITEM_ADDED_TO_OPEN_CONTENT_MODEL"],
            backward: ["Forbid further elements in a version before, or accept any value for the new element."],
            forward: ["Keep the element's schema."]
        ),
        Row(
            rules: [
                "ADDITIONAL_PROPERTIES_REMOVED", "ADDITIONAL_PROPERTIES_NARROWED", "UNEVALUATED_PROPERTIES_REMOVED",
                "UNEVALUATED_PROPERTIES_NARROWED", "ADDITIONAL_ITEMS_REMOVED", "ADDITIONAL_ITEMS_NARROWED",
                "UNEVALUATED_ITEMS_REMOVED", "UNEVALUATED_ITEMS_NARROWED",
            ],
            backward: ["Leave the content model as it is: decide on open or closed with the first version."],
            forward: ["Leave the content model as it is: readers of the old version accept nothing beyond it."]
        ),
        Row(
            rules: [
                "MAX_LENGTH_ADDED", "MAX_LENGTH_DECREASED", "MIN_LENGTH_ADDED", "MIN_LENGTH_INCREASED", "MAXIMUM_ADDED",
                "MAXIMUM_DECREASED", "MINIMUM_ADDED", "MINIMUM_INCREASED", "EXCLUSIVE_MAXIMUM_ADDED",
                "EXCLUSIVE_MAXIMUM_DECREASED", "EXCLUSIVE_MINIMUM_ADDED", "EXCLUSIVE_MINIMUM_INCREASED",
                "MAX_PROPERTIES_ADDED", "MAX_PROPERTIES_DECREASED", "MIN_PROPERTIES_ADDED", "MIN_PROPERTIES_INCREASED",
                "MAX_ITEMS_ADDED", "MAX_ITEMS_DECREASED", "MIN_ITEMS_ADDED", "MIN_ITEMS_INCREASED",
                "MAX_CONTAINS_ADDED",
                "MAX_CONTAINS_DECREASED", "MIN_CONTAINS_ADDED", "MIN_CONTAINS_INCREASED",
            ],
            backward: [
                "Keep the bound as wide as it was and have writers keep within the narrower one.",
                "Add a property with the narrower bound beside this one.",
            ],
            forward: ["Keep the bound as narrow as it was: readers of the old version refuse what lies beyond."]
        ),
        Row(
            rules: ["MULTIPLE_OF_ADDED", "MULTIPLE_OF_EXPANDED", "MULTIPLE_OF_CHANGED", "UNIQUE_ITEMS_ADDED"],
            backward: ["Leave the constraint out of the schema and have writers obey it."],
            forward: ["Keep the constraint: readers of the old version insist on it."]
        ),
        Row(
            rules: ["PATTERN_ADDED", "PATTERN_CHANGED", "FORMAT_ADDED", "FORMAT_CHANGED"],
            backward: [
                "Choose a pattern or format that still accepts all old texts, or add the new form beside the old in an anyOf."
            ],
            forward: ["Keep the pattern or format: readers of the old version insist on it."]
        ),
        Row(
            rules: ["ENUM_ARRAY_NARROWED", "ENUM_ARRAY_CHANGED"],
            backward: [
                "Keep the values that are there and add the new ones; say in the description which not to write."
            ],
            forward: [
                "Do not add values: readers of the old version refuse them. Next time list an open set as examples."
            ]
        ),
        Row(
            rules: ["TYPE_CHANGED", "TYPE_NARROWED", "COMBINED_TYPE_CHANGED", "SCHEMA_ADDED"],
            backward: [
                "Accept both: an anyOf of the old and the new schema.",
                "Add a property of another name with the new type.",
            ],
            forward: ["Add a property of another name with the new type and go on writing the old one."]
        ),
        Row(
            rules: ["SUM_TYPE_NARROWED", "COMBINED_TYPE_SUBSCHEMAS_CHANGED"],
            backward: [
                "Keep each branch as it was and add new ones; a const in each branch keeps apart which is which."
            ],
            forward: ["Add no branches and leave those that are there: readers of the old version know only these."]
        ),
        Row(
            rules: ["PRODUCT_TYPE_EXTENDED", "NOT_TYPE_EXTENDED"],
            backward: ["Leave the further condition out of the schema and have writers obey it."],
            forward: ["Keep the condition: readers of the old version insist on it."]
        ),
        Row(
            rules: [
                "DEPENDENCY_ARRAY_ADDED", "DEPENDENCY_ARRAY_EXTENDED", "DEPENDENCY_ARRAY_CHANGED",
                "DEPENDENCY_SCHEMA_ADDED",
            ],
            backward: ["Leave the dependency out of the schema and have writers obey it."],
            forward: ["Keep the dependency: readers of the old version insist on it."]
        ),
    ]
}

extension ConfluentRule {
    /// The rule that the same change has with the sides exchanged, where that is one rule.
    var mirrored: ConfluentRule? {
        switch self {
        case .optionalPropertyAddedToOpenContentModel, .requiredPropertyAddedToOpenContentModel,
            .requiredPropertyWithDefaultAddedToOpenContentModel:
            return .propertyRemovedFromOpenContentModel
        case .propertyRemovedFromClosedContentModel: return .optionalPropertyAddedToUnopenContentModel
        case .itemAddedToOpenContentModel: return .itemRemovedFromOpenContentModel
        case .itemRemovedFromClosedContentModel: return .itemAddedToClosedContentModel
        default: break
        }
        let exchanged = rawValue.split(separator: "_").map { Self.opposites[String($0)] ?? String($0) }
        let name = exchanged.joined(separator: "_")
        return name == rawValue ? nil : ConfluentRule(rawValue: name)
    }

    private static let opposites: [String: String] = [
        "ADDED": "REMOVED", "REMOVED": "ADDED", "INCREASED": "DECREASED", "DECREASED": "INCREASED",
        "EXTENDED": "NARROWED", "NARROWED": "EXTENDED", "EXPANDED": "REDUCED", "REDUCED": "EXPANDED",
    ]
}

extension SchemaComparison {
    /// The same with the advice for a direction, where the table has some for the rule.
    package func advised(for direction: CompatibilityLevel.Direction) -> SchemaComparison {
        var advised = self
        for index in advised.differences.indices where advised.differences[index].effect == .incompatible {
            let rule = advised.differences[index].rule
            guard CompatibilityAdvice.isKnown(rule) else { continue }
            advised.differences[index].advice = CompatibilityAdvice.sentences(for: rule, direction: direction)
        }
        return advised
    }
}
