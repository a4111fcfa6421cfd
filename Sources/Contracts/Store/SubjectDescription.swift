internal import Yams

/// What `subject.yaml` says about a subject.
///
/// - `owner` (string, required): the team that answers for it.
/// - `compatibility` (one of ``CompatibilityLevel``, optional, default: backward): what a new version must keep.
/// - `topics` (list of strings, optional, default: none): the topics whose records obey it.
/// - `description` (string, optional): one sentence for people.
package struct SubjectDescription: Sendable, Equatable {
    package var owner: String
    package var compatibility: CompatibilityLevel
    package var topics: [String]
    package var description: String?

    package init(
        owner: String,
        compatibility: CompatibilityLevel = .backward,
        topics: [String] = [],
        description: String? = nil
    ) {
        self.owner = owner
        self.compatibility = compatibility
        self.topics = topics
        self.description = description
    }

    /// Reads the text of a `subject.yaml`.
    /// - Throws: `invalidSubject` with line and column: not YAML, unknown key (with the near one), wrong type,
    ///   no owner, or a compatibility that does not exist.
    package init(yaml text: String, file: String? = nil) throws(ContractError) {
        let root = try Self.compose(text, file)
        guard let mapping = root.mapping else {
            throw Self.invalid("subject.yaml must be a mapping with at least 'owner'", root, file)
        }
        self.init(owner: "")
        for (key, value) in mapping { try read(key, value, file) }
        if owner.isEmpty { throw Self.invalid("'owner' is missing: the team that answers for the subject", root, file) }
    }

    private static let keys = ["owner", "compatibility", "topics", "description"]

    private mutating func read(_ key: Node, _ value: Node, _ file: String?) throws(ContractError) {
        switch key.string {
        case "owner":
            owner = try Self.text(value, "owner", file)
            if owner.isEmpty { throw Self.invalid("'owner' must not be empty", value, file) }
        case "description": description = try Self.text(value, "description", file)
        case "compatibility":
            let name = try Self.text(value, "compatibility", file)
            guard let level = CompatibilityLevel(rawValue: name.lowercased()) else {
                let hint = NearName.hint(for: name, among: CompatibilityLevel.allCases.map(\.rawValue))
                throw Self.invalid("'\(name)' is no compatibility\(hint)", value, file)
            }
            compatibility = level
        case "topics":
            guard let sequence = value.sequence else {
                throw Self.invalid("'topics' must be a list of topic names", value, file)
            }
            topics = []
            for topic in sequence { topics.append(try Self.text(topic, "topics", file)) }
        default:
            let name = key.string ?? "?"
            throw Self.invalid(
                "'\(name)' is no key of subject.yaml\(NearName.hint(for: name, among: Self.keys))",
                key,
                file
            )
        }
    }

    private static func text(_ node: Node, _ key: String, _ file: String?) throws(ContractError) -> String {
        guard let scalar = node.scalar, node.null == nil else {
            throw invalid("'\(key)' must be text", node, file)
        }
        return scalar.string
    }

    private static func compose(_ text: String, _ file: String?) throws(ContractError) -> Node {
        do {
            if let node = try Yams.compose(yaml: text) { return node }
        } catch let error as YamlError {
            throw invalid(error, file)
        } catch {
            throw ContractError(.invalidSubject, "subject.yaml is no YAML: \(error)", file: file)
        }
        throw ContractError(
            .invalidSubject,
            "subject.yaml is empty; it must say at least who the owner is",
            file: file,
            line: 1,
            column: 1
        )
    }

    private static func invalid(_ message: String, _ node: Node, _ file: String?) -> ContractError {
        ContractError(.invalidSubject, message, file: file, line: node.mark?.line, column: node.mark?.column)
    }

    private static func invalid(_ error: YamlError, _ file: String?) -> ContractError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ContractError(
                .invalidSubject,
                "subject.yaml is no YAML: \(problem)",
                file: file,
                line: mark.line,
                column: mark.column
            )
        case .duplicatedKeysInMapping(let duplicates, let context):
            ContractError(
                .invalidSubject,
                "subject.yaml has a key twice: \(duplicates.map { "\($0)" }.joined(separator: ", "))",
                file: file,
                line: context.mark.line,
                column: context.mark.column
            )
        default:
            ContractError(.invalidSubject, "subject.yaml is no YAML: \(error)", file: file)
        }
    }
}
