extension Fields {
    /// The same fields with every reference replaced by its value.
    ///
    /// Text that took anything from a file or a secret becomes a ``SecretString`` inside, and shows as `***`.
    /// - Throws: ``ConfigurationError`` with every reference that has no value, and every address or topic that is none
    ///   once it is put together.
    package func resolved(by resolver: SecretResolver) throws(ConfigurationError) -> Fields {
        var resolution = Resolution(resolver: resolver)
        let fields = resolution.resolve(self)
        guard resolution.findings.isEmpty else { throw ConfigurationError(resolution.findings) }
        return fields
    }

    /// What references there are, with their places, for `--check-references`.
    package func findings(resolvingBy resolver: SecretResolver) -> [Diagnostic] {
        var resolution = Resolution(resolver: resolver)
        _ = resolution.resolve(self)
        return resolution.findings
    }

    /// Reads secret `name` again whenever asked.
    /// - Precondition: the fields are resolved, and `name` is set.
    public func secretSource(_ name: String) -> SecretSource {
        guard let resolver, let value = value(name), let template = value.template else {
            preconditionFailure("“\(name)” has no secret to read again")
        }
        return SecretSource(template: template, resolver: resolver, location: location(of: name))
    }
}

extension FieldValue {
    fileprivate var template: TextTemplate? {
        switch self {
        case .text(let template), .resolved(_, let template), .secret(_, let template): template
        default: nil
        }
    }
}

/// One walk over fields that replaces references.
private struct Resolution {
    let resolver: SecretResolver
    var findings: [Diagnostic] = []

    mutating func resolve(_ fields: Fields) -> Fields {
        var fields = fields
        fields.resolver = resolver
        for spec in fields.specs {
            guard let located = fields.values[spec.name] else { continue }
            fields.values[spec.name] = resolve(located, spec.type, name: spec.name)
        }
        return fields
    }

    private mutating func resolve(_ located: LocatedValue, _ type: FieldType?, name: String) -> LocatedValue {
        switch located.value {
        case .text(let template):
            let value = text(template, type, name: name, at: located.location)
            return LocatedValue(value, at: located.location)
        case .list(let elements):
            let resolved = elements.map { resolve($0, type?.elementShapes.first, name: name) }
            return LocatedValue(.list(resolved), at: located.location)
        case .map(let entries):
            let resolved = entries.map { entry in
                var entry = entry
                entry.value = resolve(entry.value, type?.elementShapes.first, name: "\(name).\(entry.key)")
                return entry
            }
            return LocatedValue(.map(resolved), at: located.location)
        case .object(let fields): return LocatedValue(.object(resolve(fields)), at: located.location)
        case .resolved, .secret, .int, .double, .bool, .duration, .rate, .json: return located
        }
    }

    private mutating func text(
        _ template: TextTemplate,
        _ type: FieldType?,
        name: String,
        at location: ConfigLocation
    ) -> FieldValue {
        if case .jq? = type { return .text(template) }
        do {
            let text = try resolver.resolve(template)
            if !template.references.isEmpty, let problem = type?.problem(with: text) {
                let message = "`\(name)` is written as `\(template.source)` and resolves to \(problem.message)"
                findings.append(Diagnostic(.invalidValue, at: location, message, fix: problem.fix))
            }
            let isSecret = if case .secret? = type { true } else { template.holdsSecret }
            return isSecret ? .secret(SecretString(text), template: template) : .resolved(text, template: template)
        } catch {
            let finding = Diagnostic(.unresolvedReference, at: location, error.message, fix: error.fix)
            findings.append(finding)
            return .text(template)
        }
    }
}
