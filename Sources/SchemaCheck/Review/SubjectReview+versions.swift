internal import Contracts
internal import JSON

extension SubjectReview {
    /// Numbers of the versions that were not released, in order. Released ones that were changed are reported.
    func newVersions(_ files: SubjectFiles, into report: inout SubjectReport) -> [Int] {
        var new: [Int] = []
        for (version, bytes) in files.versions.sorted(by: { $0.key < $1.key }) {
            guard let before = released?.versions[version] else {
                new.append(version)
                continue
            }
            if before != bytes, let finding = edited(version, before, bytes) { report.findings.append(finding) }
        }
        return new
    }

    /// nil where only white space differs, which no reader sees.
    private func edited(_ version: Int, _ before: [UInt8], _ after: [UInt8]) -> CheckFinding? {
        let path = path("v\(version).json")
        let advice = [
            "Take the change back and write it to v\(max(files?.latest ?? 0, released?.latest ?? 0) + 1).json."
        ]
        var finding = CheckFinding(
            .versionEdited,
            subject: name,
            version: version,
            "v\(version) was released and is changed",
            at: .init(path),
            advice: advice
        )
        guard let old = Self.json(before), let new = Self.json(after) else { return finding }
        guard old.bytes != new.bytes else { return nil }
        guard let difference = JSONDifference(old, new) else { return finding }
        finding.message += ": \(difference.sentence)"
        finding.place = CheckFinding.Place(path, pointer: difference.pointer, in: after)
        return finding
    }

    private static func json(_ bytes: [UInt8]) -> JSON? {
        do {
            return try JSON(parsing: bytes)
        } catch {
            return nil
        }
    }

    // MARK: New versions

    func check(
        _ version: Int,
        _ files: SubjectFiles,
        _ schemas: inout ComparedVersions,
        into report: inout SubjectReport
    ) {
        let file = path("v\(version).json")
        let schema: ComparedSchema
        switch schemas.result(version) {
        case .success(let compiled): schema = compiled
        case .failure(let error):
            report.findings.append(
                CheckFinding(
                    .schemaInvalid,
                    subject: name,
                    version: version,
                    error.message,
                    at: .init(file, pointer: error.pointer, line: error.line, column: error.column)
                )
            )
            return
        }
        let earlier = earlier(than: version, &schemas, into: &report)
        compare(schema, earlier, file, into: &report)
        lint(schema, after: earlier.last, file, into: &report)
    }

    /// Those that the level compares with, oldest first; where one is no schema, the one before it.
    private func earlier(
        than version: Int,
        _ schemas: inout ComparedVersions,
        into report: inout SubjectReport
    ) -> [ComparedSchema] {
        var found: [ComparedSchema] = []
        for number in (1..<version).reversed() {
            switch schemas.result(number) {
            case .success(let schema):
                found.append(schema)
                if !report.level.isTransitive { return found }
            case .failure(let error): noteUnusable(number, error, into: &report)
            }
        }
        return found.reversed()
    }

    /// Nobody can help it any more, but what comes after it is not compared with it.
    private func noteUnusable(_ version: Int, _ error: ContractError, into report: inout SubjectReport) {
        guard released?.versions[version] != nil else { return }
        let finding = CheckFinding(
            .schemaInvalid,
            .warning,
            subject: name,
            version: version,
            "v\(version) was released and cannot be used, so nothing is compared with it: \(error.message)",
            at: .init(path("v\(version).json"), pointer: error.pointer, line: error.line, column: error.column)
        )
        if !report.findings.contains(where: { $0.fingerprint == finding.fingerprint }) {
            report.findings.append(finding)
        }
    }

    /// Findings that the version before did not have: those cannot be helped any more.
    private func lint(
        _ schema: ComparedSchema,
        after previous: ComparedSchema?,
        _ file: String,
        into report: inout SubjectReport
    ) {
        let level = report.level
        let before = previous.map { SchemaLint.findings(in: $0, level: level) } ?? []
        let known = Set(before.map { JSONName($0.rule + $0.pointer) })
        for finding in SchemaLint.findings(in: schema, level: level)
        where !known.contains(JSONName(finding.rule + finding.pointer)) {
            report.findings.append(
                CheckFinding(
                    finding.rule,
                    .warning,
                    subject: name,
                    version: schema.version,
                    finding.message,
                    at: .init(file, pointer: finding.pointer, in: schema.bytes),
                    advice: [finding.fix]
                )
            )
        }
    }
}
