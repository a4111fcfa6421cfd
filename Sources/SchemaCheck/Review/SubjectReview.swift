internal import Contracts
internal import JSON

/// One subject that differs from what was released of it.
struct SubjectReview: Sendable {
    let name: String
    /// nil when the subject is gone.
    let files: SubjectFiles?
    /// nil when the subject is new.
    let released: SubjectFiles?
    /// Everything that references may lead to, with released versions as they were released.
    let tree: SchemaTree
    let folder: String
    let settings: SchemaCheck.Settings
    let connectors: [ConnectorUse]
    /// Pins that are not what was released, by URI.
    let pinEdits: [JSONName: PinEdit]

    /// What was found, with what was looked at.
    func run() -> SubjectReport {
        var report = SubjectReport(name: name, folder: folder)
        guard let files else {
            report.findings = [removed()]
            return report
        }
        let description = describe(files, into: &report)
        report.level = settings.level ?? description?.compatibility ?? .backward
        checkNumbers(files, into: &report)
        checkPins(into: &report)
        let new = newVersions(files, into: &report)
        report.versions = new
        var schemas = ComparedVersions(subject: name, tree: tree)
        for version in new { check(version, files, &schemas, into: &report) }
        checkExamples(files, &schemas, into: &report)
        guard let newest = new.last, newest == files.latest else { return report }
        report.newest = schemas.schema(newest)
        report.previous = released.map(\.latest).flatMap { schemas.schema($0) }
        if let description {
            ConnectorReview(
                subject: name,
                topics: Set(description.topics),
                old: report.previous,
                new: report.newest
            )
            .run(connectors, into: &report)
        }
        return report
    }

    /// The path of a file of the subject.
    func path(_ file: String) -> String { "\(folder)/\(name)/\(file)" }

    private func removed() -> CheckFinding {
        CheckFinding(
            .subjectDeleted,
            subject: name,
            "the subject has released versions (v1 to v\(released?.latest ?? 0)) and is gone",
            at: .init("\(folder)/\(name)"),
            advice: ["Bring the folder back; say in its description that nobody should start to use it."]
        )
    }

    // MARK: subject.yaml

    private func describe(_ files: SubjectFiles, into report: inout SubjectReport) -> SubjectDescription? {
        let path = path("subject.yaml")
        do throws(ContractError) {
            _ = try SchemaSubject(name)
            guard let bytes = files.description else {
                throw ContractError(
                    .invalidSubject,
                    "subject '\(name)' has no subject.yaml; write one that says at least 'owner: <team>'",
                    file: path
                )
            }
            let description = try SubjectDescription(yaml: String(decoding: bytes, as: UTF8.self), file: path)
            checkLevel(description, into: &report)
            return description
        } catch {
            report.findings.append(
                CheckFinding(
                    .subjectInvalid,
                    subject: name,
                    error.message,
                    at: .init(error.file ?? "\(folder)/\(name)", line: error.line, column: error.column)
                )
            )
            return nil
        }
    }

    /// A promise that is taken back in the change that would have broken it.
    private func checkLevel(_ description: SubjectDescription, into report: inout SubjectReport) {
        guard let bytes = released?.description,
            case .success(let before) = Result(catching: { () throws(ContractError) in
                try SubjectDescription(yaml: String(decoding: bytes, as: UTF8.self))
            }), !description.compatibility.keeps(before.compatibility)
        else { return }
        report.findings.append(
            CheckFinding(
                .levelLowered,
                .warning,
                subject: name,
                "the level was \(before.compatibility.rawValue) and is \(description.compatibility.rawValue), which "
                    + "promises less; versions of this change are compared under it",
                at: .init(path("subject.yaml")),
                advice: ["Lower the level in a change of its own, which those who read the subject agree to."]
            )
        )
    }

    // MARK: Numbers

    private func checkNumbers(_ files: SubjectFiles, into report: inout SubjectReport) {
        for stray in files.strays.sorted() where released?.strays.contains(stray) != true {
            report.findings.append(
                CheckFinding(
                    .versionGap,
                    subject: name,
                    "'\(stray)' is no version: files of a subject are v1.json, v2.json and so on",
                    at: .init(path(stray)),
                    advice: ["Rename it, or move it to examples/ if it is a document."]
                )
            )
        }
        let latest = max(files.latest, released?.latest ?? 0)
        guard latest > 0 else {
            report.findings.append(
                CheckFinding(
                    .versionGap,
                    subject: name,
                    "the subject has no version; write its schema to v1.json",
                    at: .init("\(folder)/\(name)")
                )
            )
            return
        }
        for version in 1...latest where files.versions[version] == nil {
            report.findings.append(missing(version, files))
        }
    }

    private func missing(_ version: Int, _ files: SubjectFiles) -> CheckFinding {
        let place = CheckFinding.Place(path("v\(version).json"))
        if released?.versions[version] != nil {
            return CheckFinding(
                .versionDeleted,
                subject: name,
                version: version,
                "v\(version) was released and is gone; records that obey it may still be there",
                at: place,
                advice: ["Bring the file back."]
            )
        }
        return CheckFinding(
            .versionGap,
            subject: name,
            version: version,
            "v\(version).json is missing although there is v\(files.latest).json",
            at: place,
            advice: ["Number the new version v\(version)."]
        )
    }
}

/// The schemas of one subject, each compiled when it is first asked for.
struct ComparedVersions {
    let subject: String
    let tree: SchemaTree
    private var known: [Int: Result<ComparedSchema, ContractError>] = [:]

    init(subject: String, tree: SchemaTree) {
        self.subject = subject
        self.tree = tree
    }

    mutating func result(_ version: Int) -> Result<ComparedSchema, ContractError> {
        if let known = known[version] { return known }
        let (subject, tree) = (subject, tree)
        let result = Result { () throws(ContractError) in try tree.compared(subject, version: version) }
        known[version] = result
        return result
    }

    /// nil when it is none, or is not there.
    mutating func schema(_ version: Int) -> ComparedSchema? {
        if case .success(let schema) = result(version) { schema } else { nil }
    }
}

extension CompatibilityLevel {
    /// Whether this one promises all that another does.
    func keeps(_ other: CompatibilityLevel) -> Bool {
        other.directions.allSatisfy { directions.contains($0) } && (isTransitive || !other.isTransitive)
    }
}
