internal import Contracts
internal import JSON

/// Shows what became of versions that were registered.
struct RegistrationView {
    let style: Style

    // MARK: JSON

    /// One object on one line.
    func json(_ outcome: RegistrationOutcome) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("v", 1)
            writer.member("source", outcome.step.name)
            writer.member("subject", outcome.step.subject)
            writer.member("state", outcome.state.rawValue)
            writer.member("id", outcome.id.map { JSON.number(JSONLiteral(Int($0))) } ?? .null)
            writer.member("version", outcome.version.map { JSON.number(JSONLiteral($0)) } ?? .null)
            writer.member("note", outcome.note.map(JSON.string) ?? .null)
            guard let refusal = outcome.refusal else { return }
            writer.member("level", refusal.level)
            writer.array("messages") { writer in for message in refusal.messages { writer.value(message) } }
            writer.array("differences") { writer in
                for difference in refusal.differences { writer.write(difference) }
            }
            writer.member("counterexample", Self.counterexample(refusal) ?? .null)
        }
        return writer.text
    }

    private static func counterexample(_ refusal: RegistrationRefusal) -> JSON? {
        let found = refusal.comparison?.check.findings.flatMap(\.comparison.differences) ?? []
        return found.lazy.compactMap(\.counterexample).first
    }

    // MARK: Text

    /// A line; behind a refusal what the registry says and what busbar finds.
    /// - Throws: never for schemas that compiled.
    func text(_ outcome: RegistrationOutcome) throws -> String {
        let step = outcome.step
        let target = step.place?.subject == step.subject ? "" : " as \(step.subject)"
        var parts = [step.name + target, word(outcome.state)]
        if let version = outcome.version { parts.append("version \(version)") }
        if let id = outcome.id { parts.append("id \(id)") }
        if let note = outcome.note { parts.append(style.dim("(\(note))")) }
        let head = parts.joined(separator: "  ") + "\n"
        guard let refusal = outcome.refusal else { return head }
        return head + (try text(refusal, step))
    }

    private func word(_ state: RegistrationOutcome.State) -> String {
        switch state {
        case .registered: style.green("registered")
        case .unchanged: "unchanged"
        case .planned: "would be registered"
        case .refused: style.red("refused")
        }
    }

    private func text(_ refusal: RegistrationRefusal, _ step: RegistrationPlan.Step) throws -> String {
        var text = "  the registry, level \(refusal.level):\n"
        let rules = refusal.differences.map { difference in
            ["rule", "path"].compactMap { difference[$0]?.string }.joined(separator: "  ")
        }
        for line in rules.isEmpty ? refusal.messages : rules { text += "    \(Self.short(line))\n" }
        if rules.isEmpty, refusal.messages.isEmpty { text += "    gives no reason\n" }
        guard let (old, check) = refusal.comparison else {
            return text
                + "  no document was found that an earlier version accepts and this one refuses, or the other way "
                + "round: the registry's policy refuses more than that\n"
        }
        let new = ComparedSource(name: step.name, file: step.file, schema: step.schema)
        let view = try DifferenceView(check, old: old, new: new, style: style)
        let level = CompatibilityLevel(rawValue: refusal.level.lowercased()) ?? .backward
        return text + view.text(level: level, policy: .sound)
    }

    /// A message may quote whole schemas.
    private static func short(_ line: String) -> String {
        line.count <= 200 ? line : line.prefix(197) + "..."
    }

    /// `2 registered, 1 unchanged`.
    static func summary(_ outcomes: [RegistrationOutcome]) -> String {
        let states: [RegistrationOutcome.State] = [.registered, .planned, .unchanged, .refused]
        let parts = states.compactMap { state in
            let count = outcomes.count { $0.state == state }
            return count == 0 ? nil : "\(count) \(state.rawValue)"
        }
        return parts.isEmpty ? "nothing to register" : parts.joined(separator: ", ")
    }
}
