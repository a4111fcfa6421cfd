public import Log

/// The decoded fields of one source, sink or section, checked against their specs.
///
/// Every getter takes a name that the specs declare: an undeclared name, or the wrong getter for a type, is a programmer
/// error and traps. A plain getter (`string`) is for required fields and fields with a default; the one that starts with
/// `optional` answers `nil` where the key was left out.
///
/// Text holds its references as written until ``resolved(by:)``; a factory is always given resolved fields.
public struct Fields: Sendable {
    /// Where the mapping starts.
    public let location: ConfigLocation
    package let specs: [FieldSpec]
    package var values: [String: LocatedValue] = [:]
    /// Keys that were written, in the order of the file; the rest are defaults.
    package var written: [String: ConfigLocation] = [:]
    var resolver: SecretResolver?

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
    /// In clear even where the file took it from a secret: ask ``secret(_:)`` for text that is not needed in clear at once.
    public func string(_ name: String) -> String { present(optionalString(name), name) }
    public func secret(_ name: String) -> SecretString { present(optionalSecret(name), name) }
    public func int(_ name: String) -> Int { present(optionalInt(name), name) }
    public func double(_ name: String) -> Double { present(optionalDouble(name), name) }
    public func bool(_ name: String) -> Bool { present(optionalBool(name), name) }
    public func duration(_ name: String) -> Duration { present(optionalDuration(name), name) }
    /// Bytes.
    public func size(_ name: String) -> Int { present(optionalInt(name), name) }
    public func rate(_ name: String) -> Rate { present(optionalRate(name), name) }
    /// `99.9%` is 0.999.
    public func fraction(_ name: String) -> Double { present(optionalDouble(name), name) }
    public func topic(_ name: String) -> TopicName { TopicName(string(name)) }
    public func object(_ name: String) -> Fields { present(optionalObject(name), name) }

    private func present<Value>(_ value: Value?, _ name: String) -> Value {
        guard let value else { preconditionFailure("“\(name)” is optional: ask with the optional getter") }
        return value
    }
}

// Getters of optional fields.
extension Fields {
    public func optionalString(_ name: String) -> String? { value(name).map { text($0, name) } }
    public func optionalSecret(_ name: String) -> SecretString? { value(name).map { secret($0, name) } }
    public func optionalTopic(_ name: String) -> TopicName? { optionalString(name).map { TopicName($0) } }
    /// Bytes.
    public func optionalSize(_ name: String) -> Int? { optionalInt(name) }

    public func optionalInt(_ name: String) -> Int? {
        value(name).map {
            guard case .int(let number) = $0 else { mismatch(name, "a whole number") }
            return number
        }
    }

    public func optionalDouble(_ name: String) -> Double? {
        value(name).map {
            guard case .double(let number) = $0 else { mismatch(name, "a number") }
            return number
        }
    }

    public func optionalBool(_ name: String) -> Bool? {
        value(name).map {
            guard case .bool(let flag) = $0 else { mismatch(name, "true or false") }
            return flag
        }
    }

    public func optionalDuration(_ name: String) -> Duration? {
        value(name).map {
            guard case .duration(let duration) = $0 else { mismatch(name, "a duration") }
            return duration
        }
    }

    public func optionalRate(_ name: String) -> Rate? {
        value(name).map {
            guard case .rate(let rate) = $0 else { mismatch(name, "a rate") }
            return rate
        }
    }

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
