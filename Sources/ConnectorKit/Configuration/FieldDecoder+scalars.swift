internal import Log

extension FieldDecoder {
    mutating func scalar(_ node: ConfigNode, _ type: FieldType, path: String) -> FieldValue? {
        guard case .scalar(let text, let isQuoted) = node.content else {
            if case .secret = type { findings.hide(node) }
            reportWrongType(node, type.words, path: path)
            return nil
        }
        guard !node.isNull else {
            findings.error(
                .wrongType,
                at: node.location,
                "`\(path)` has no value",
                fix: "Write \(type.words) after the colon, or remove the key."
            )
            return nil
        }
        switch type {
        case .string, .secret, .url, .path, .topic, .topicPattern:
            return template(text, type, at: node, path: path)
        case .jq: return .text(TextTemplate(literal: text))
        default: break
        }
        guard !text.contains("${") else {
            findings.error(
                .misplacedReference,
                at: node.location,
                "`\(path)` takes no references, found `\(text)`",
                fix: "Write the value itself; references work in text, addresses, paths, topics and secrets."
            )
            return nil
        }
        return isQuoted && type.isPlainOnly
            ? wrongType(node, type, path: path) : plain(text, type, at: node, path: path)
    }

    private mutating func plain(_ text: String, _ type: FieldType, at node: ConfigNode, path: String) -> FieldValue? {
        switch type {
        case .int(let range):
            guard let number = ScalarGrammar.integer(text) else { return wrongType(node, type, path: path) }
            return ranged(number, range, type, node, path).map { .int($0) }
        case .double(let range):
            guard let number = ScalarGrammar.decimal(text) else { return wrongType(node, type, path: path) }
            return ranged(number, range, type, node, path).map { .double($0) }
        case .bool:
            guard let flag = Bool(text) else { return wrongType(node, type, path: path) }
            return .bool(flag)
        case .duration(let range):
            guard let duration = ScalarGrammar.duration(text) else { return noGrammar(text, type, node, path) }
            return ranged(duration, range, type, node, path).map { .duration($0) }
        case .size(let range):
            guard let size = ScalarGrammar.size(text) else { return noGrammar(text, type, node, path) }
            return ranged(size, range, type, node, path).map { .int($0) }
        case .rate:
            guard let rate = ScalarGrammar.rate(text) else { return noGrammar(text, type, node, path) }
            return .rate(rate)
        case .percentage:
            guard let fraction = ScalarGrammar.fraction(text) else { return noGrammar(text, type, node, path) }
            return .double(fraction)
        case .subject:
            if let problem = type.problem(with: text) { return invalid(text, problem, node, path) }
            return .text(TextTemplate(literal: text))
        case .choice(let words):
            guard words.contains(text) else { return noChoice(text, words, node, path) }
            return .text(TextTemplate(literal: text))
        default: preconditionFailure("\(type) is no scalar without references")
        }
    }

    private mutating func template(
        _ text: String,
        _ type: FieldType,
        at node: ConfigNode,
        path: String
    ) -> FieldValue? {
        let template: TextTemplate
        do {
            template = try TextTemplate(parsing: text)
        } catch {
            let message = type.isSecret ? "a reference is not well formed" : error.message
            findings.hide(node)
            findings.error(.malformedReference, at: node.location, "`\(path)`: \(message)", fix: error.fix)
            return nil
        }
        if type.isSecret, !template.isShowable { findings.hide(node) }
        // A variable or flag is no file, and its value is not stored.
        if case .secret = type, template.references.isEmpty, node.location.line > 0 {
            findings.warning(
                .literalSecret,
                at: node.location,
                "`\(path)` is a secret written into the file",
                fix: "Put it into a file of the secrets folder and write `${secret:NAME}` here."
            )
        }
        if template.references.isEmpty, let problem = type.problem(with: template.plainText) {
            return invalid(template.plainText, problem, node, path)
        }
        return .text(template)
    }

    private mutating func invalid(
        _ text: String,
        _ problem: (message: String, fix: String),
        _ node: ConfigNode,
        _ path: String
    ) -> FieldValue? {
        findings.error(
            .invalidValue,
            at: node.location,
            "`\(path)` is `\(text)`: \(problem.message)",
            fix: problem.fix
        )
        return nil
    }

    private mutating func ranged<Bound: Comparable>(
        _ value: Bound,
        _ range: ClosedRange<Bound>,
        _ type: FieldType,
        _ node: ConfigNode,
        _ path: String
    ) -> Bound? {
        guard !range.contains(value) else { return value }
        let words = type.range ?? "\(range)"
        findings.error(
            .outOfRange,
            at: node.location,
            "`\(path)` is \(found(node)), the range is \(words)",
            fix: "Choose a value inside the range."
        )
        return nil
    }

    private mutating func noGrammar(
        _ text: String,
        _ type: FieldType,
        _ node: ConfigNode,
        _ path: String
    ) -> FieldValue? {
        findings.error(
            .invalidValue,
            at: node.location,
            "`\(path)` takes \(type.words), found `\(text)`",
            fix: "Write \(type.units ?? type.words), for example `\(type.sample ?? "")`."
        )
        return nil
    }

    private mutating func noChoice(_ text: String, _ words: [String], _ node: ConfigNode, _ path: String) -> FieldValue?
    {
        let guess = Suggestion.nearest(to: text, among: words)
        findings.error(
            .invalidValue,
            at: node.location,
            "`\(path)` takes one of \(words.quoted), found `\(text)`",
            fix: guess.map { "Did you mean `\($0)`?" } ?? "Write one of them."
        )
        return nil
    }

    private mutating func wrongType(_ node: ConfigNode, _ type: FieldType, path: String) -> FieldValue? {
        reportWrongType(node, type.words, path: path, sample: type.sample)
        return nil
    }

    mutating func reportWrongType(_ node: ConfigNode, _ words: String, path: String, sample: String? = nil) {
        let fix: String
        if case .scalar(_, isQuoted: true) = node.content, let sample {
            fix = "Remove the quotes, for example `\(sample)`."
        } else {
            fix = sample.map { "Write \(words), for example `\($0)`." } ?? advice(for: words)
        }
        findings.error(.wrongType, at: node.location, "`\(path)` takes \(words), found \(found(node))", fix: fix)
    }

    private func advice(for words: String) -> String {
        switch words {
        case "a mapping": "Write `key: value` pairs, indented below it."
        case "a sequence": "Write one `- …` line per element."
        default: "Write \(words)."
        }
    }

    /// What stands in the file, for messages about fields that hold no secrets.
    func found(_ node: ConfigNode) -> String {
        guard case .scalar(let text, let isQuoted) = node.content, !node.isNull else { return node.kind }
        let short = text.count > 60 ? text.prefix(60) + "…" : text[...]
        return isQuoted ? "the text \"\(short)\"" : "`\(short)`"
    }
}

extension FieldType {
    fileprivate var isSecret: Bool {
        if case .secret = self { true } else { false }
    }

    /// Whether a quoted value is a mistake: `"64"` is text, not a number.
    fileprivate var isPlainOnly: Bool {
        switch self {
        case .int, .double, .bool: true
        default: false
        }
    }

    /// Why `text` does not follow the type's grammar; `nil` when it does.
    func problem(with text: String) -> (message: String, fix: String)? {
        switch self {
        case .topic where !TopicName(text).isValid:
            ("no broker accepts that name", "Use 1 to 249 letters, digits, `.`, `_` and `-`.")
        case .topicPattern where text.hasPrefix("^"):
            Self.isPattern(text)
                ? nil : ("no regular expression", "Correct the pattern, for example `^github\\..*`.")
        case .topicPattern where !TopicName(text).isValid:
            (
                "no broker accepts that name",
                "Use 1 to 249 letters, digits, `.`, `_` and `-`; start a pattern with `^`."
            )
        case .subject where SubjectReference(text) == nil:
            ("no contract has that name", "Write `subject` or `subject@vN`, for example `github.issues@v2`.")
        case .url where !Self.isAddress(text):
            ("no http or https address", "Write it in full, for example `https://example.org/api`.")
        case .path where text.isEmpty || text.contains("\0"):
            ("no path", "Name a file or folder.")
        default: nil
        }
    }

    private static func isPattern(_ text: String) -> Bool {
        do {
            _ = try Regex(text)
            return true
        } catch {
            return false
        }
    }

    /// `http://` or `https://`, an authority, and no blanks or control characters (RFC 9110, 4.2).
    private static func isAddress(_ text: String) -> Bool {
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: { lower.hasPrefix($0) }) else { return false }
        let host = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        return !host.isEmpty && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && $0.isASCII }
    }
}
