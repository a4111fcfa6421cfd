import JSON

/// A schema as Confluent's registry sees it: of one kind, with what is compared of that kind.
///
/// The registry compares the model of the library that it validates with (everit), whatever the draft. A schema with
/// keywords of several kinds is an `allOf` of them there, a list of types an `anyOf`; what has no place in the model
/// (`format`, the content of `contains`, `propertyNames` and conditions) is never compared. Subschemas are numbers of
/// ``SchemaModel``.
struct ModelSchema: Sendable {
    /// The keyword that holds a list of alternatives or parts.
    enum Criterion: String, Sendable {
        case allOf, anyOf, oneOf
    }

    enum Kind: Sendable {
        /// `{}`: no keyword that is known.
        case empty
        /// `true`.
        case always
        /// `false`.
        case never
        case null, boolean
        case string(ModelString)
        case number(ModelNumber)
        case array(ModelArray)
        case object(ModelObject)
        /// `enum`, see ``ModelValue``.
        case values(Set<JSONName>)
        /// `const`, see ``ModelValue``.
        case constant(JSONName)
        case combined(Criterion, [Int])
        case not(Int)
        /// `if`, `then` and `else`.
        case conditional
        case reference(Int)
    }

    var kind: Kind
    /// Keywords that say something about the schema as a whole; absent from the parts of a combination that is none in
    /// the text.
    var id: String?
    var title: String?
    var summary: String?
    var defaultValue: JSON?
    /// `connect.type`, which Kafka Connect's converter writes.
    var connectType: String?

    /// Accepts everything and says so by being `{}` or `true`, not by a reference to such a schema.
    var isEmpty: Bool {
        switch kind {
        case .empty, .always: true
        default: false
        }
    }

    /// Is the schema `false`.
    var isNever: Bool { if case .never = kind { true } else { false } }

    /// The parts and how they are combined; nil for a schema that is no combination.
    var combination: (criterion: Criterion, parts: [Int])? {
        if case .combined(let criterion, let parts) = kind { (criterion, parts) } else { nil }
    }
}

/// Keywords for strings. Without any, every string.
struct ModelString: Sendable {
    var minLength: JSONLiteral?
    var maxLength: JSONLiteral?
    var pattern: String?
}

/// Keywords for numbers.
struct ModelNumber: Sendable {
    var minimum: JSONLiteral?
    var maximum: JSONLiteral?
    /// A number; the Boolean of draft-04 is not in the model.
    var exclusiveMinimum: JSONLiteral?
    var exclusiveMaximum: JSONLiteral?
    var multipleOf: JSONLiteral?
    var requiresInteger = false
}

/// Keywords for arrays.
struct ModelArray: Sendable {
    var minItems: JSONLiteral?
    var maxItems: JSONLiteral?
    var minContains: JSONLiteral?
    var maxContains: JSONLiteral?
    var hasContains = false
    var isUnique = false
    /// What every element obeys.
    var all: Int?
    /// What the first elements obey, by place.
    var tuple: [Int] = []
    var permitsAdditional = true
    var additional: Int?
    var unevaluated: Int?
    /// The keywords that hold `tuple` and `additional`: they moved with 2020-12.
    var tupleKeyword = "items"
    var additionalKeyword = "additionalItems"
}

/// Keywords for objects.
struct ModelObject: Sendable {
    var minProperties: JSONLiteral?
    var maxProperties: JSONLiteral?
    var properties = NamedList<Int>()
    var required = NamedList<Int>()
    var patterns: [(source: String, schema: Int)] = []
    var permitsAdditional = true
    var additional: Int?
    var unevaluated: Int?
    /// Names that must be there when a name is there.
    var nameDependencies = NamedList<NamedList<Int>>()
    var schemaDependencies = NamedList<Int>()
    /// The keyword of each dependency's name list and schema.
    var nameDependencyKeyword = "dependencies"
    var schemaDependencyKeyword = "dependencies"
}

/// A list in which each name stands once. Names are equal byte by byte, as in JSON.
struct NamedList<Value: Sendable>: Sendable {
    private(set) var names: [String] = []
    private var values: [JSONName: Value] = [:]

    /// The value of a name; setting one that is there keeps its place.
    subscript(_ name: String) -> Value? {
        get { values[JSONName(name)] }
        set {
            let key = JSONName(name)
            if values[key] == nil { names.append(name) }
            values[key] = newValue
        }
    }

    var isEmpty: Bool { names.isEmpty }

    /// Whether every name of `other` is here.
    func includes<Other>(namesOf other: NamedList<Other>) -> Bool { other.names.allSatisfy { self[$0] != nil } }
}
