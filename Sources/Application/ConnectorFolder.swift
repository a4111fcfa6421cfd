package import ConnectorKit
internal import FoundationEssentials

/// Reads connector files from the paths that a command names.
package struct ConnectorFolder: Sendable {
    /// One file and what reading it came to.
    package struct Entry: Sendable {
        package let path: String
        package let file: ConnectorFile
    }

    /// In the order of the paths; files of a folder by name.
    package let entries: [Entry]
    /// Findings of all files, then those across them.
    package let diagnostics: [Diagnostic]

    /// The connectors that may run.
    package var definitions: [ConnectorDefinition] { entries.compactMap(\.file.definition) }
    /// Whether nothing stands against running all of them.
    package var isUsable: Bool { diagnostics.allSatisfy { $0.severity != .error } }

    /// Reads files, and of folders every `*.yaml` and `*.yml` in them (not below them).
    /// - Throws: ``MissingPath`` for a path that is not there or cannot be read.
    package init(
        _ paths: [String],
        catalogue: ConnectorCatalogue,
        environment: LintEnvironment
    ) throws {
        entries = try paths.flatMap(Self.files).map { path in
            let text = try Self.text(of: path)
            return Entry(
                path: path,
                file: ConnectorFile(text, file: path, catalogue: catalogue, environment: environment)
            )
        }
        diagnostics =
            entries.flatMap(\.file.diagnostics)
            + ConnectorFile.findings(across: entries.compactMap(\.file.definition))
    }

    /// A path that a command was given and that cannot be read.
    package struct MissingPath: Error, CustomStringConvertible {
        package let path: String
        package let reason: String
        package var description: String { "\(path): \(reason)" }
    }

    private static func files(at path: String) throws -> [String] {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw MissingPath(path: path, reason: "there is no such file or folder")
        }
        guard isFolder else { return [path] }
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
            .map { path.hasSuffix("/") ? path + $0 : path + "/" + $0 }
    }

    private static func text(of path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw MissingPath(path: path, reason: "the file cannot be read; look at its permissions")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw MissingPath(path: path, reason: "the file is not UTF-8 text")
        }
        return text
    }
}
