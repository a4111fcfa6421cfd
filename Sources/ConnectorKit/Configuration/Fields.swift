public import Log

/// The decoded fields of one source, sink or section, checked against their specs.
///
/// Every getter takes a name that the specs declare: an undeclared name, or the wrong getter for a type, is a
/// programmer error and traps. A plain getter (`string`) is for required fields and fields with a default; the one that
/// starts with
/// `optional` answers `nil` where the key was left out.
///
/// Text holds its references as written until ``resolved(by:)``; a factory is always given resolved fields.
public struct Fields: Sendable {
    /// Where the mapping starts.
    public let location: ConfigLocation
    /// Every key that may be asked for.
    package let specs: [FieldSpec]
    /// By key; what is optional and was left out is missing.
    package var values: [String: LocatedValue] = [:]
    /// Keys that were written, in the order of the file; the rest are defaults.
    package var written: [String: ConfigLocation] = [:]
    var resolver: SecretResolver?

    /// Fields without a value yet.
    package init(specs: [FieldSpec], at location: ConfigLocation) {
        self.specs = specs
        self.location = location
    }

    /// Whether `name` has a value, written or by default.
    public func isSet(_ name: String) -> Bool {
        value(name) != nil
    }

    /// Whether `name` stands in the file itself.
    public func isWritten(_ name: String) -> Bool {
        declared(name)
        return written[name] != nil
    }

    /// Where the value of `name` was written; where its mapping starts when it was left out.
    public func location(of name: String) -> ConfigLocation {
        declared(name)
        return values[name]?.location ?? location
    }

    /// The value of a declared field; `nil` when it has none.
    package func value(_ name: String) -> FieldValue? {
        declared(name)
        return values[name]?.value
    }

    private func declared(_ name: String) {
        precondition(specs.contains { $0.name == name }, "no field spec declares “\(name)”")
    }
}

// Getters of required fields and fields with a default.
extension Fields {
    /// Text, a choice, a jq program, an address or a path.
    ///
    /// In clear even where the file took it from a secret: ask ``secret(_:)`` for text that is not needed in clear at
    /// once.
    public func string(_ name: String) -> String { present(optionalString(name), name) }
    /// The word of a field that ``FieldSpec/choice(_:_:doc:)`` declares.
    public func choice<Word: RawRepresentable>(_ name: String, of type: Word.Type = Word.self) -> Word
    where Word.RawValue == String {
        guard let word = Word(rawValue: string(name)) else { mismatch(name, "a word of \(type)") }
        return word
    }
    /// Text of any field, wrapped so that it shows nowhere.
    public func secret(_ name: String) -> SecretString { present(optionalSecret(name), name) }
    /// A whole number inside the range of its spec.
    public func int(_ name: String) -> Int { present(optionalInt(name), name) }
    /// A number inside the range of its spec.
    public func double(_ name: String) -> Double { present(optionalDouble(name), name) }
    /// `true` or `false`.
    public func bool(_ name: String) -> Bool { present(optionalBool(name), name) }
    /// A duration inside the range of its spec.
    public func duration(_ name: String) -> Duration { present(optionalDuration(name), name) }
    /// Bytes.
    public func size(_ name: String) -> Int { present(optionalInt(name), name) }
    /// At least one per hour.
    public func rate(_ name: String) -> Rate { present(optionalRate(name), name) }
    /// `99.9%` is 0.999.
    public func fraction(_ name: String) -> Double { present(optionalDouble(name), name) }
    /// A topic name, or a pattern where the spec allows one.
    public func topic(_ name: String) -> TopicName { TopicName(string(name)) }
    /// The fields of an inner mapping.
    public func object(_ name: String) -> Fields { present(optionalObject(name), name) }

    private func present<Value>(_ value: Value?, _ name: String) -> Value {
        guard let value else { preconditionFailure("“\(name)” is optional: ask with the optional getter") }
        return value
    }
}

// Getters of optional fields.
extension Fields {
    /// Like ``string(_:)``; `nil` when left out.
    public func optionalString(_ name: String) -> String? { value(name).map { text($0, name) } }
    /// Like ``secret(_:)``; `nil` when left out.
    public func optionalSecret(_ name: String) -> SecretString? { value(name).map { secret($0, name) } }
    /// Like ``topic(_:)``; `nil` when left out.
    public func optionalTopic(_ name: String) -> TopicName? { optionalString(name).map { TopicName($0) } }
    /// Bytes.
    public func optionalSize(_ name: String) -> Int? { optionalInt(name) }

    /// Like ``int(_:)``; `nil` when left out.
    public func optionalInt(_ name: String) -> Int? {
        value(name).map {
            guard case .int(let number) = $0 else { mismatch(name, "a whole number") }
            return number
        }
    }

    /// Like ``double(_:)`` and ``fraction(_:)``; `nil` when left out.
    public func optionalDouble(_ name: String) -> Double? {
        value(name).map {
            guard case .double(let number) = $0 else { mismatch(name, "a number") }
            return number
        }
    }

    /// Like ``bool(_:)``; `nil` when left out.
    public func optionalBool(_ name: String) -> Bool? {
        value(name).map {
            guard case .bool(let flag) = $0 else { mismatch(name, "true or false") }
            return flag
        }
    }

    /// Like ``duration(_:)``; `nil` when left out.
    public func optionalDuration(_ name: String) -> Duration? {
        value(name).map {
            guard case .duration(let duration) = $0 else { mismatch(name, "a duration") }
            return duration
        }
    }

    /// Like ``rate(_:)``; `nil` when left out.
    public func optionalRate(_ name: String) -> Rate? {
        value(name).map {
            guard case .rate(let rate) = $0 else { mismatch(name, "a rate") }
            return rate
        }
    }

    /// Like ``object(_:)``; `nil` when left out.
    public func optionalObject(_ name: String) -> Fields? {
        value(name).map {
            guard case .object(let fields) = $0 else { mismatch(name, "a mapping") }
            return fields
        }
    }
}

// Sequences and mappings; a key that was left out is an empty one.
extension Fields {
    /// The texts of a sequence; a single text, where a shape allows it, counts as one element.
    public func strings(_ name: String) -> [String] {
        switch value(name) {
        case nil: []
        case .list(let elements): elements.map { text($0.value, name) }
        case .some(let single): [text(single, name)]
        }
    }

    /// The mappings of a sequence of objects.
    public func objects(_ name: String) -> [Fields] {
        guard let value = value(name) else { return [] }
        guard case .list(let elements) = value else { mismatch(name, "a sequence") }
        return elements.map {
            guard case .object(let fields) = $0.value else { mismatch(name, "a sequence of mappings") }
            return fields
        }
    }

    /// The pairs of a mapping with free keys, in the order of the file.
    public func stringMap(_ name: String) -> [(key: String, value: String)] {
        entries(name).map { ($0.key, text($0.value.value, name)) }
    }

    /// Like ``stringMap(_:)``, for values that may hold secrets (an `Authorization` header).
    public func secretMap(_ name: String) -> [(key: String, value: SecretString)] {
        entries(name).map { ($0.key, secret($0.value.value, name)) }
    }

    /// The one key of a union that is set.
    public func chosen(of name: String) -> (key: String, fields: Fields) {
        object(name).chosen
    }

    /// The first key that is set whose value is a mapping, among the specs in their order.
    package var chosen: (key: String, fields: Fields) {
        for spec in specs {
            if case .object(let fields)? = values[spec.name]?.value { return (spec.name, fields) }
        }
        preconditionFailure("none of \(specs.map(\.name)) is set")
    }

    /// The pairs of a mapping with free keys, with their places.
    package func entries(_ name: String) -> [FieldValue.MapEntry] {
        guard let value = value(name) else { return [] }
        guard case .map(let entries) = value else { mismatch(name, "a mapping with free keys") }
        return entries
    }

    private func text(_ value: FieldValue, _ name: String) -> String {
        switch value {
        case .text(let template): template.source
        case .resolved(let text, _): text
        case .secret(let secret, _): secret.reveal()
        case .json(let text): text
        default: mismatch(name, "text")
        }
    }

    private func secret(_ value: FieldValue, _ name: String) -> SecretString {
        switch value {
        case .text(let template): SecretString(template.source)
        case .resolved(let text, _): SecretString(text)
        case .secret(let secret, _): secret
        default: mismatch(name, "a secret")
        }
    }

    private func mismatch(_ name: String, _ kind: String) -> Never {
        preconditionFailure("“\(name)” does not hold \(kind): the field spec and the getter disagree")
    }
}
