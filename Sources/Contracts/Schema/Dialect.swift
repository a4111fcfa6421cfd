/// A published version of JSON Schema that contracts may be written in.
package enum SchemaDraft: String, Sendable, CaseIterable, Comparable {
    case draft4 = "draft-04"
    case draft6 = "draft-06"
    case draft7 = "draft-07"
    case draft201909 = "2019-09"
    case draft202012 = "2020-12"

    /// What `$schema` says for this draft, without an empty fragment.
    package var metaschemaURI: String {
        switch self {
        case .draft4, .draft6, .draft7: "http://json-schema.org/\(rawValue)/schema"
        case .draft201909, .draft202012: "https://json-schema.org/draft/\(rawValue)/schema"
        }
    }

    package static func < (left: SchemaDraft, right: SchemaDraft) -> Bool { left.order < right.order }

    private var order: Int {
        switch self {
        case .draft4: 4
        case .draft6: 6
        case .draft7: 7
        case .draft201909: 8
        case .draft202012: 9
        }
    }

    /// Recognises a draft by the value of `$schema`; `http` and `https` are taken for each other.
    init?(metaschemaURI uri: String) {
        let name = (uri.hasSuffix("#") ? uri.dropLast() : uri[...]).drop { $0 != ":" }
        guard let draft = Self.allCases.first(where: { $0.metaschemaURI.drop { $0 != ":" } == name }) else {
            return nil
        }
        self = draft
    }
}

/// The keywords that a schema is read with: a draft, and from 2019-09 on the vocabularies of its metaschema.
struct Dialect: Equatable {
    struct Vocabularies: OptionSet {
        let rawValue: Int
        static let applicator = Vocabularies(rawValue: 1)
        static let unevaluated = Vocabularies(rawValue: 2)
        static let validation = Vocabularies(rawValue: 4)
        /// Of 2020-12 only: `format` asserts.
        static let formatAssertion = Vocabularies(rawValue: 8)
        /// Those of every published metaschema.
        static let all: Vocabularies = [.applicator, .unevaluated, .validation]
    }

    let draft: SchemaDraft
    var vocabularies = Vocabularies.all

    /// The keyword that names a schema resource.
    var idKeyword: String { draft == .draft4 ? "id" : "$id" }
    /// Before 2019-09 a schema with `$ref` is that reference and nothing else.
    var referenceStandsAlone: Bool { draft < .draft201909 }

    func allows(_ vocabulary: Vocabularies) -> Bool { vocabularies.contains(vocabulary) }

    /// How a keyword holds subschemas.
    enum Shape {
        case schema, list, map
        /// One schema or a list of them.
        case schemaOrList
        /// Names mapped to a schema each, or to something else (`dependencies`).
        case mapOfSchemasOrLists
    }

    /// The keywords of this dialect that hold subschemas, and how.
    func shape(of keyword: String) -> Shape? {
        let since2019 = draft >= .draft201909
        switch keyword {
        case "definitions": return .map
        case "$defs": return since2019 ? .map : nil
        default: break
        }
        if keyword == "unevaluatedItems" || keyword == "unevaluatedProperties" {
            return since2019 && allows(.unevaluated) ? .schema : nil
        }
        guard allows(.applicator) else { return nil }
        switch keyword {
        case "additionalProperties", "not": return .schema
        case "allOf", "anyOf", "oneOf": return .list
        case "properties", "patternProperties": return .map
        case "dependencies": return .mapOfSchemasOrLists
        case "contains", "propertyNames": return draft >= .draft6 ? .schema : nil
        case "if", "then", "else": return draft >= .draft7 ? .schema : nil
        case "dependentSchemas": return since2019 ? .map : nil
        case "contentSchema": return since2019 ? .schema : nil
        case "additionalItems": return draft < .draft202012 ? .schema : nil
        case "prefixItems": return draft == .draft202012 ? .list : nil
        case "items": return draft == .draft202012 ? .schema : .schemaOrList
        default: return nil
        }
    }
}
