internal import Application
internal import ConnectorKit
internal import Contracts
internal import JSON

/// Everything that lint found in connector files and contracts.
struct LintReport {
    /// One finding, of a connector file or of the contracts.
    enum Finding {
        case file(Diagnostic)
        case contract(ContractError)
    }

    let findings: [Finding]
    private let fileCount: Int

    /// - Parameters:
    ///   - folder: the connector files.
    ///   - schemas: folder of the contracts; `nil` when there is none.
    init(_ folder: ConnectorFolder, schemas: String?) {
        fileCount = folder.entries.count
        findings =
            folder.diagnostics.map { .file($0) }
            + (schemas.map { ContractStore.problems(in: $0) } ?? []).map { .contract($0) }
    }

    var errors: Int { findings.count { $0.isError } }
    var warnings: Int { findings.count - errors }

    /// `3 files: 1 error, 2 warnings`.
    var summary: String {
        "\(counted(fileCount, "file")): \(counted(errors, "error")), \(counted(warnings, "warning"))"
    }
}

extension LintReport.Finding {
    var isError: Bool {
        switch self {
        case .file(let diagnostic): diagnostic.severity == .error
        case .contract: true
        }
    }

    /// As compilers show theirs, the severity in colour.
    func rendered(_ style: Style) -> String {
        switch self {
        case .contract(let error): return "\(error)"
        case .file(let diagnostic):
            let word = diagnostic.severity.rawValue
            let painted = isError ? style.red(word) : style.yellow(word)
            let text = diagnostic.rendered
            guard let range = text.firstRange(of: ": \(word): ") else { return text }
            return text.replacingCharacters(in: range, with: ": \(painted): ")
        }
    }

    /// One JSON object on one line, in one shape for all findings.
    var json: String {
        switch self {
        case .file(let diagnostic): return diagnostic.json
        case .contract(let error):
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("v", 1)
                writer.member("code", error.code.rawValue)
                writer.member("severity", "error")
                writer.member("file", error.file ?? "")
                writer.member("line", error.line ?? 0)
                writer.member("column", error.column ?? 0)
                writer.member("message", error.pointer.map { "\(error.message) (at \($0))" } ?? error.message)
                writer.member("fix", "")
            }
            return writer.text
        }
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
