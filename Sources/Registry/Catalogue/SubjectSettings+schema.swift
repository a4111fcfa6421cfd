internal import JSON

/// What a subject's settings add to what is said about its schemas.
extension SubjectSettings {
    /// A schema as it is registered: with what the version before it had where nothing is said, between the defaults and
    /// the overrides of the settings.
    func completed(_ schema: RegisteredSchema, after previous: RegisteredSchema?) -> RegisteredSchema {
        schema.with(
            metadata: completed(schema.metadata ?? previous?.metadata, "Metadata") { $0.mergedMetadata(with: $1) },
            ruleSet: completed(schema.ruleSet ?? previous?.ruleSet, "RuleSet") { $0.mergedRuleSet(with: $1) }
        )
    }

    private func completed(_ own: JSON?, _ kind: String, _ merged: (JSON, JSON) -> JSON) -> JSON? {
        let parts = [members["default" + kind], own, members["override" + kind]].compactMap(\.self)
        return parts.dropFirst().reduce(parts.first) { result, next in result.map { merged($0, next) } }
    }

    /// - Throws: 400 or 42210 for what is no metadata or rule set.
    static func check(_ value: JSON, for name: String) throws(RegistryError) {
        guard name.hasSuffix("RuleSet") else {
            let isSound =
                value.members != nil && value.hasTextLists("tags") && value.hasTexts("properties")
                && (value["sensitive"] ?? []).isTextList
            guard !isSound else { return }
            throw RegistryError(
                .badRequest,
                "'\(name)' must be {\"tags\": {path: [text]}, \"properties\": {name: text}, \"sensitive\": [text]}."
            )
        }
        let isSound =
            value.members != nil
            && JSON.ruleLists.allSatisfy { list in
                guard let rules = value[list], rules != .null else { return true }
                return rules.elements?.allSatisfy { $0["name"]?.string != nil } ?? false
            }
        guard isSound else {
            throw RegistryError(
                .invalidRuleSet,
                "'\(name)' must be an object of \(JSON.ruleLists.joined(separator: ", ")): lists of rules with a 'name'."
            )
        }
    }
}

extension JSON {
    fileprivate static let ruleLists = ["migrationRules", "domainRules", "encodingRules"]

    /// Members of both; where both have one, the other's.
    private func mergedMembers(with other: JSON) -> JSON {
        let others = other.members ?? []
        let names = Set(others.map(\.0))
        return .object((members ?? []).filter { !names.contains($0.0) } + others)
    }

    /// Metadata: tags and properties by name, what is sensitive in either.
    fileprivate func mergedMetadata(with other: JSON) -> JSON {
        merged(with: other) { name, own, others in
            guard name == "sensitive" else { return own.mergedMembers(with: others) }
            let list = own.elements ?? []
            return .array(list + (others.elements ?? []).filter { !list.contains($0) })
        }
    }

    /// Rule sets: rules by name; the other's come last.
    fileprivate func mergedRuleSet(with other: JSON) -> JSON {
        merged(with: other) { name, own, others in
            guard Self.ruleLists.contains(name), let rules = others.elements else { return others }
            let names = Set(rules.compactMap { $0["name"]?.string })
            let kept = (own.elements ?? []).filter { rule in rule["name"]?.string.map { !names.contains($0) } ?? true }
            return .array(kept + rules)
        }
    }

    /// Both objects' members, those of both by `merge`; null is as if it were not there.
    private func merged(with other: JSON, _ merge: (String, JSON, JSON) -> JSON) -> JSON {
        var result: [(String, JSON)] = []
        for (name, own) in members ?? [] where own != .null {
            let others = other[name].flatMap { $0 == .null ? Optional<JSON>.none : $0 }
            result.append((name, others.map { merge(name, own, $0) } ?? own))
        }
        let names = Set(result.map(\.0))
        return .object(result + (other.members ?? []).filter { !names.contains($0.0) && $0.1 != .null })
    }

    /// Whether this is a list of texts.
    fileprivate var isTextList: Bool { elements?.allSatisfy { $0.string != nil } ?? (self == .null) }

    /// Whether a member, if it is there, holds texts by name.
    fileprivate func hasTexts(_ name: String) -> Bool {
        guard let value = self[name], value != .null else { return true }
        return value.members?.allSatisfy { $0.1.string != nil } ?? false
    }

    /// Whether a member, if it is there, holds lists of texts by name.
    fileprivate func hasTextLists(_ name: String) -> Bool {
        guard let value = self[name], value != .null else { return true }
        return value.members?.allSatisfy { $0.1.isTextList } ?? false
    }
}
