internal import Application
internal import ConnectorKit
internal import Connectors
internal import Foundation
internal import Log
internal import SchemaCheck

/// The connectors that a check of contracts looks at.
struct CheckedConnectors {
    /// A file or folder; nil for `connectors`, if there is such a folder.
    let path: String?

    /// Reads the files. Those with errors are left out, and it is said so: `busbar lint` tells what is wrong with them.
    /// - Throws: ``CommandFailure`` for a path that is not there.
    func uses() throws -> [ConnectorUse] {
        if path == nil, !FileManager.default.fileExists(atPath: "connectors") { return [] }
        // What programs and contracts are worth is not asked here: the contracts may be the ones that are broken.
        let environment = LintEnvironment(fileExists: { FileManager.default.fileExists(atPath: $0) })
        do {
            let folder = try ConnectorFolder([path ?? "connectors"], catalogue: .builtin, environment: environment)
            for entry in folder.entries where !entry.file.isUsable {
                Output.note("busbar: \(entry.path) has errors and is not looked into; run busbar lint")
            }
            return folder.definitions.map(ConnectorUse.init)
        } catch let missing as ConnectorFolder.MissingPath {
            throw CommandFailure(.usage, missing.description)
        }
    }
}

extension ConnectorUse {
    /// A connector file as far as contracts matter to it.
    init(_ definition: ConnectorDefinition) {
        self.init(
            name: definition.name,
            file: definition.file,
            contract: definition.contract.flatMap { $0.version == nil ? $0.subject : nil },
            hasContract: definition.contract != nil,
            inputs: definition.inputTopics.map(\.rawValue),
            dedupe: Self.key(of: definition),
            steps: definition.steps.map { step in
                switch step {
                case .filter(let program): .filter(Program(program))
                case .map(let program): .map(Program(program))
                }
            },
            conditions: definition.routes.compactMap { $0.when.map { Program($0) } },
            outputs: definition.outputTopics.map(\.rawValue)
        )
    }

    private static func key(of definition: ConnectorDefinition) -> Program? {
        guard case .expression(let text)? = definition.dedupe?.key else { return nil }
        let place = definition.fields.optionalObject("dedupe")?.location(of: "key")
        return Program(text, line: place?.line ?? 1, column: place?.column ?? 1)
    }
}

extension ConnectorUse.Program {
    fileprivate init(_ program: ConnectorDefinition.Program) {
        self.init(program.text, line: program.location.line, column: program.location.column)
    }
}
