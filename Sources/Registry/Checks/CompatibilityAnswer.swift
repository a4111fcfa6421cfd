internal import Contracts
internal import JSON

/// What a subject's level and policy say of a schema, in the words of Confluent's API and in ours.
struct CompatibilityAnswer: Sendable {
    private var findings: [CompatibilityCheck.Finding] = []
    private var texts: [Int: String] = [:]
    private var settings = SubjectSettings()
    /// What keeps a comparison from being made at all.
    private var obstacle: String?

    var isCompatible: Bool {
        obstacle == nil && findings.allSatisfy { $0.comparison.verdict == .compatible }
    }

    init() {}

    /// The schema cannot be compared, so it is not compatible.
    init(obstacle: String) {
        self.obstacle = obstacle
    }

    /// Compares with those of `earlier` that the settings ask for, newest first, up to the first that is not compatible.
    /// - Throws: 42201 when the schema, or an earlier one, cannot be compiled.
    init(
        of schema: RegisteredSchema,
        in subject: QualifiedSubject,
        after earlier: [StoredVersion],
        settings: SubjectSettings,
        catalogue: SchemaCatalogue,
        checks: SchemaChecks
    ) throws(RegistryError) {
        self.settings = settings
        let level = settings.level ?? .backward
        let lane = settings.group.map { group in earlier.filter { $0.schema.property(group) == schema.property(group) }
        }
        let compared = level.directions.isEmpty ? [] : (lane ?? earlier)
        let reached = level.isTransitive ? compared : Array(compared.suffix(1))
        if let other = reached.last(where: { !$0.schema.isJSON }) {
            obstacle =
                "Incompatible because of different schema type: version \(other.version) is \(other.schema.type)."
            return
        }
        var old: [(Int, SchemaChecks.Source)] = []
        for version in reached {
            old.append((version.version, try catalogue.source(of: version.schema, in: subject.context)))
            texts[version.version] = version.schema.text
        }
        findings = try checks.compare(
            try catalogue.source(of: schema, in: subject.context),
            after: old,
            level: level,
            policy: settings.policy ?? .confluent
        )
    }

    private var refused: [CompatibilityCheck.Finding] { findings.filter { $0.comparison.verdict != .compatible } }

    /// Confluent's list: the differences of each refused comparison, then with what it was compared and by which level.
    var messages: [String] {
        if let obstacle { return [obstacle] }
        var messages: [String] = []
        for finding in refused {
            messages += finding.refusals.map { "{errorType:\"\($0.rule)\", description:\"\($0.sentence)\"}" }
            guard let version = finding.against else { continue }
            messages.append("{oldSchemaVersion: \(version)}")
            messages.append("{oldSchema: '\((texts[version] ?? "").prefix(Self.maxSchemaCharacters))'}")
        }
        let level = (settings.level ?? .backward).rawValue.uppercased()
        messages.append("{validateFields: 'false', compatibility: '\(level)'}")
        return messages
    }

    /// As Confluent's: more of an old schema is in nobody's log.
    private static let maxSchemaCharacters = 10_240

    /// The refusal of a registration.
    func refusal(_ subject: QualifiedSubject) -> RegistryError {
        RegistryError(
            .incompatibleSchema,
            "Schema being registered is incompatible with an earlier schema for subject \"\(subject)\", details: "
                + "[\(messages.joined(separator: ", "))]"
        )
    }

    /// `{"is_compatible": …}`, with `messages` and our `differences` when they are asked for.
    func write(to writer: inout JSONWriter, isVerbose: Bool) {
        writer.object { writer in
            writer.member("is_compatible", isCompatible)
            guard isVerbose else { return }
            writer.array("messages") { writer in
                for message in isCompatible ? [] : messages { writer.value(message) }
            }
            writer.array("differences") { writer in
                for finding in refused {
                    for difference in finding.refusals { writer.write(difference, of: finding) }
                }
            }
        }
    }
}

extension CompatibilityCheck.Finding {
    /// The differences that the verdict rests on.
    fileprivate var refusals: [SchemaDifference] { comparison.differences.filter { $0.effect != .compatible } }
}

extension SchemaDifference {
    /// The rule's words and the place: `max length decreased at path '#/properties/a/maxLength'`.
    fileprivate var sentence: String {
        let words = rule.lowercased().replacing("_", with: " ")
        return "\(words) at path '\(path)'" + (reason.map { ": \($0)" } ?? "")
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ difference: SchemaDifference, of finding: CompatibilityCheck.Finding) {
        object { writer in
            writer.member("rule", difference.rule)
            writer.member("path", difference.path)
            if let old = difference.old { writer.member("old", old) }
            if let new = difference.new { writer.member("new", new) }
            if let counterexample = difference.counterexample { writer.member("counterexample", counterexample) }
            if let reason = difference.reason { writer.member("reason", reason) }
            writer.member("direction", finding.direction.rawValue)
            if let version = finding.against { writer.member("oldVersion", version) }
            if !difference.advice.isEmpty {
                writer.array("advice") { for text in difference.advice { $0.value(text) } }
            }
        }
    }
}

extension RegisteredSchema {
    /// A property of the metadata, nil for none.
    fileprivate func property(_ name: String) -> String? { metadata?["properties"]?[name]?.string }
}
