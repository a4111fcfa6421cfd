import JSON

/// What the first version of a contract should settle, because a later one cannot without being refused.
package enum SchemaLint {
    /// One thing to reconsider.
    package struct Finding: Sendable, Equatable {
        /// A bounded label, upper case.
        package let rule: String
        /// JSON Pointer to the schema or keyword in the document.
        package let pointer: String
        /// A sentence: what it is and what will come of it.
        package let message: String
        /// A sentence: what to write.
        package let fix: String
    }

    /// Findings for a schema that is to be kept at `level`, in the order of the document; at most 1,000.
    package static func findings(
        in schema: ComparedSchema,
        level: CompatibilityLevel = .backward
    ) -> [Finding] {
        var walk = LintWalk(dialect: Dialect(draft: schema.draft), level: level)
        walk.run(from: schema.json)
        return Array(walk.findings.prefix(1_000))
    }
}

/// Goes over the schemas of one document; those that it refers to are documents with findings of their own.
private struct LintWalk {
    let dialect: Dialect
    let level: CompatibilityLevel
    var findings: [SchemaLint.Finding] = []

    init(dialect: Dialect, level: CompatibilityLevel) {
        self.dialect = dialect
        self.level = level
    }

    mutating func run(from root: JSON) {
        lintRoot(root)
        var work = [(json: root, pointer: "")]
        while let (json, pointer) = work.popLast() {
            lint(json, pointer)
            let children = Self.children(of: json, pointer, dialect)
            work += children.reversed()
        }
    }

    private static func children(
        of json: JSON,
        _ pointer: String,
        _ dialect: Dialect
    ) -> [(json: JSON, pointer: String)] {
        var children: [(json: JSON, pointer: String)] = []
        for (keyword, value) in json.members ?? [] {
            guard let shape = dialect.shape(of: keyword) else { continue }
            let place = appending(keyword, to: pointer)
            switch (shape, value) {
            case (.map, .object(let members)), (.mapOfSchemasOrLists, .object(let members)):
                for (name, member) in members where member.isSchema {
                    children.append((member, appending(name, to: place)))
                }
            case (.list, .array(let elements)), (.schemaOrList, .array(let elements)):
                for (index, element) in elements.enumerated() {
                    children.append((element, appending(String(index), to: place)))
                }
            default:
                if value.isSchema { children.append((value, place)) }
            }
        }
        return children
    }

    private mutating func add(_ rule: String, _ pointer: String, _ message: String, fix: String) {
        findings.append(SchemaLint.Finding(rule: rule, pointer: pointer, message: message, fix: fix))
    }

    // MARK: Rules

    private mutating func lintRoot(_ json: JSON) {
        guard json.members != nil else { return }
        let keyword = dialect.idKeyword
        if json[keyword] == nil {
            add(
                "MISSING_ID",
                "",
                "the schema has no \(keyword), so other documents can refer to it only by where it lies",
                fix: "Add \"\(keyword)\" with the address under which the schema is to be known."
            )
        }
        if json["$schema"] == nil {
            add(
                "MISSING_DRAFT",
                "",
                "the schema does not say its draft; registries and busbar then read it as draft-07, other tools do not",
                fix: "Add \"$schema\": \"\(SchemaDraft.draft7.metaschemaURI)#\", or the draft that it is written in."
            )
        }
    }

    private mutating func lint(_ json: JSON, _ pointer: String) {
        guard json.members != nil else { return }
        lintForeignKeywords(json, pointer)
        if dialect.referenceStandsAlone, json["$ref"] != nil { return }
        if json["properties"]?.members?.isEmpty == false { lintContentModel(json, pointer) }
        lintRequired(json, pointer)
        lintNumber(json, pointer)
    }

    private mutating func lintContentModel(_ json: JSON, _ pointer: String) {
        let additional = json["additionalProperties"] ?? json["unevaluatedProperties"]
        if additional == .object([]) {
            add(
                "EMPTY_ADDITIONAL_PROPERTIES",
                appending("additionalProperties", to: pointer),
                "{} accepts every further member as leaving it out does, but registries then refuse new properties",
                fix: "Leave it out, or close the object with false."
            )
            return
        }
        let isOpen = (additional ?? true) == true
        if isOpen, json["patternProperties"] != nil {
            add(
                "PATTERNS_HIDE_OPEN_CONTENT",
                appending("patternProperties", to: pointer),
                "the object accepts further members of any name, yet registries treat it as one that does not",
                fix: "Say what members that no pattern matches may be: \"additionalProperties\": false or a schema."
            )
            return
        }
        lintContentModel(isOpen: isOpen, isClosed: additional == false, pointer)
    }

    private mutating func lintContentModel(isOpen: Bool, isClosed: Bool, _ pointer: String) {
        let directions = level.directions
        if isOpen, directions.contains(.backward) {
            add(
                "OPEN_CONTENT_MODEL",
                pointer,
                "the object accepts further members, so level \(level.rawValue) will refuse every property added later: "
                    + "old data may carry the name with another type",
                fix: directions.contains(.forward)
                    ? "Under full, let additionalProperties be a schema that new properties will obey, such as "
                        + "{\"type\": \"string\"}."
                    : "Close it with \"additionalProperties\": false, or choose policy lenient."
            )
        } else if isClosed, directions.contains(.forward) {
            add(
                "CLOSED_CONTENT_MODEL",
                appending("additionalProperties", to: pointer),
                "the object accepts no further members, so level \(level.rawValue) will refuse every property added later: "
                    + "readers of this version would reject it",
                fix: directions.contains(.backward)
                    ? "Under full, let additionalProperties be a schema that new properties will obey, such as "
                        + "{\"type\": \"string\"}."
                    : "Leave additionalProperties out."
            )
        }
    }

    /// Registries compare requirements only of properties that are listed.
    private mutating func lintRequired(_ json: JSON, _ pointer: String) {
        guard let properties = json["properties"] else { return }
        for (index, name) in (json["required"]?.elements ?? []).enumerated() {
            guard let name = name.string, properties[name] == nil else { continue }
            add(
                "REQUIRED_NOT_LISTED",
                appending(String(index), to: appending("required", to: pointer)),
                "'\(name)' is required but has no schema; registries do not see when that changes",
                fix: "Add '\(name)' to properties."
            )
        }
    }

    private mutating func lintNumber(_ json: JSON, _ pointer: String) {
        guard let type = json["type"], json["enum"] == nil, json["const"] == nil, level.directions.contains(.backward)
        else { return }
        let names = type.elements?.compactMap(\.string) ?? [type.string ?? ""]
        guard names.contains("integer") || names.contains("number") else { return }
        var missing: [String] = []
        if json["minimum"] == nil, json["exclusiveMinimum"] == nil { missing.append("minimum") }
        if json["maximum"] == nil, json["exclusiveMaximum"] == nil { missing.append("maximum") }
        guard !missing.isEmpty else { return }
        add(
            "UNBOUNDED_NUMBER",
            pointer,
            "the number has no \(missing.joined(separator: " and no ")); a bound that is added later is refused, and "
                + "readers that keep numbers in 64 bits or doubles cannot hold all that is allowed",
            fix: "Add \(missing.joined(separator: " and ")), at least what readers can hold."
        )
    }

    /// Keywords that the draft does not know are ignored, which is seldom meant.
    private mutating func lintForeignKeywords(_ json: JSON, _ pointer: String) {
        for (keyword, _) in json.members ?? [] {
            guard let drafts = Self.drafts[keyword], !drafts.contains(dialect.draft) else { continue }
            add(
                "KEYWORD_OF_ANOTHER_DRAFT",
                appending(keyword, to: pointer),
                "\(dialect.draft.rawValue) does not know '\(keyword)', so it has no effect",
                fix: "Write the schema in \(drafts.lowerBound.rawValue)"
                    + (drafts.upperBound == drafts.lowerBound ? "" : " to \(drafts.upperBound.rawValue)")
                    + ", or use the keyword of \(dialect.draft.rawValue) for it."
            )
        }
    }

    private static let drafts: [String: ClosedRange<SchemaDraft>] = [
        "const": .draft6 ... .draft202012, "contains": .draft6 ... .draft202012,
        "propertyNames": .draft6 ... .draft202012, "if": .draft7 ... .draft202012, "then": .draft7 ... .draft202012,
        "else": .draft7 ... .draft202012, "dependentRequired": .draft201909 ... .draft202012,
        "dependentSchemas": .draft201909 ... .draft202012, "unevaluatedItems": .draft201909 ... .draft202012,
        "unevaluatedProperties": .draft201909 ... .draft202012, "minContains": .draft201909 ... .draft202012,
        "maxContains": .draft201909 ... .draft202012, "prefixItems": .draft202012 ... .draft202012,
        "additionalItems": .draft4 ... .draft201909,
    ]
}
