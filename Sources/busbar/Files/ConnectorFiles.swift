internal import Application
internal import ArgumentParser
internal import ConnectorKit
internal import Connectors
internal import Foundation

/// Connector files and the contracts they use, as a command names them.
struct ConnectorFiles {
    /// Files, or folders of them.
    let paths: [String]
    /// Folder of the contracts.
    let schemas: String

    /// What lint may ask of this machine; with a registry, contracts may be there that the folder does not have.
    func environment(hasRegistry: Bool = false, resolver: SecretResolver? = nil) -> LintEnvironment {
        .offline(schemas: schemas, hasRegistry: hasRegistry, resolver: resolver)
    }

    /// Reads the files.
    /// - Throws: ``CommandFailure`` for a path that is not there, or a folder without connector files.
    func folder(hasRegistry: Bool = false, resolver: SecretResolver? = nil) throws -> ConnectorFolder {
        let folder: ConnectorFolder
        do {
            folder = try ConnectorFolder(
                paths,
                catalogue: .builtin,
                environment: environment(hasRegistry: hasRegistry, resolver: resolver)
            )
        } catch let missing as ConnectorFolder.MissingPath {
            throw CommandFailure(.usage, missing.description)
        }
        guard !folder.entries.isEmpty else {
            throw CommandFailure(.usage, "\(paths.joined(separator: ", ")): there are no *.yaml files in it")
        }
        return folder
    }

    /// Reads files that must be without errors.
    /// - Throws: ``CommandFailure`` with every error, besides what ``folder(hasRegistry:resolver:)`` throws.
    func definitions() throws -> [ConnectorDefinition] {
        let folder = try folder()
        guard folder.isUsable else {
            let errors = folder.diagnostics.filter { $0.severity == .error }.map(\.rendered)
            throw CommandFailure(.configuration, "the files have errors\n" + errors.joined(separator: "\n"))
        }
        return folder.definitions
    }

    /// Everything that is wrong with files and contracts.
    /// - Throws: what ``folder(hasRegistry:resolver:)`` throws, and ``CommandFailure`` when a folder of contracts other than the usual
    ///   one was named and is not there.
    func lint(hasRegistry: Bool, resolver: SecretResolver?) throws -> LintReport {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: schemas, isDirectory: &isFolder) && isFolder.boolValue
        if !exists, schemas != "schemas" { throw CommandFailure(.usage, "\(schemas): there is no such folder") }
        return LintReport(try folder(hasRegistry: hasRegistry, resolver: resolver), schemas: exists ? schemas : nil)
    }
}
