package import ConnectorKit
internal import Expressions
internal import FoundationEssentials

extension LintEnvironment {
    /// What lint may ask of this machine: files, contracts in `schemas`, and whether programs compile. No network.
    ///
    /// - Parameters:
    ///   - schemas: folder of the contracts.
    ///   - hasRegistry: whether contracts may come from a registry, too: then one that the folder does not have is no
    ///     problem.
    ///   - resolver: where references must have values; `nil` checks their syntax only.
    /// - Returns: an environment for any number of files; contracts are read anew for each question.
    package static func offline(
        schemas: String,
        hasRegistry: Bool = false,
        resolver: SecretResolver? = nil
    ) -> LintEnvironment {
        let contracts = ContractFolder(schemas)
        return LintEnvironment(
            fileExists: { FileManager.default.fileExists(atPath: $0) },
            contract: { hasRegistry && !contracts.mayHave($0) ? nil : contracts.problem(with: $0) },
            compile: { problem(withProgram: $0) },
            resolver: resolver
        )
    }

    private static func problem(withProgram text: String) -> Problem? {
        do throws(ExpressionError) {
            _ = try Evaluator(Program(text))
            return nil
        } catch {
            return Problem("\(error)", fix: "Correct the jq program.")
        }
    }
}
