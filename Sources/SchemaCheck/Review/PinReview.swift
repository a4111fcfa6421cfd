internal import Contracts
internal import JSON
internal import Synchronization

/// The pins of a folder: whether they can be used, and what a changed one does to released versions.
struct PinReview {
    let tree: SchemaTree
    let released: SchemaTree
    let folder: String

    /// Pins whose document is another one now, or none.
    var edits: [JSONName: PinEdit] { tree.pins.edits(since: released.pins) }

    /// What is wrong with the pins themselves; nil while they are as they were released, or in order.
    var report: SubjectReport? {
        guard tree.pins != released.pins else { return nil }
        let problems = tree.pins.problems
        guard !problems.isEmpty else { return nil }
        var report = SubjectReport(name: ReferencePins.lockFile, folder: folder)
        report.findings = problems.map { error in
            CheckFinding(
                .pinInvalid,
                subject: ReferencePins.lockFile,
                error.message,
                at: .init(
                    "\(folder)/\(error.file ?? ReferencePins.lockFile)",
                    pointer: error.pointer,
                    line: error.line,
                    column: error.column
                )
            )
        }
        return report
    }
}

extension SubjectReview {
    /// Released versions that read a document whose pin was changed: to whoever reads them they are others now.
    func checkPins(into report: inout SubjectReport) {
        guard !pinEdits.isEmpty else { return }
        for version in (released?.versions.keys.sorted() ?? []) where files?.versions[version] != nil {
            for (uri, edit) in referred(by: version) { report.findings.append(edited(uri, edit, version)) }
        }
    }

    /// Changed pins that a version leads to, by URI.
    private func referred(by version: Int) -> [(String, PinEdit)] {
        let asked = Mutex<Set<JSONName>>([])
        let result = Result { () throws(ContractError) in
            try tree.compared(name, version: version) { uri in asked.withLock { _ = $0.insert(JSONName(uri)) } }
        }
        // A version that was released as what is no schema was not readable before either.
        guard case .success = result else { return [] }
        return asked.withLock { $0.sorted() }.compactMap { uri in pinEdits[uri].map { (uri.text, $0) } }
    }

    private func edited(_ uri: String, _ edit: PinEdit, _ version: Int) -> CheckFinding {
        let change =
            edit.now.map { "was pinned to SHA-256 \(edit.before.prefix(16))… and is pinned to \($0.prefix(16))…" }
            ?? "was pinned and is not any more"
        return CheckFinding(
            .referenceEdited,
            subject: name,
            version: version,
            "v\(version) was released and refers to '\(uri)', which \(change)",
            at: .init("\(folder)/\(ReferencePins.lockFile)"),
            advice: [
                "Take the change back; a new version may refer to the new document under a URI of its own."
            ]
        )
    }
}
