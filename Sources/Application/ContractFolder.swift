package import ConnectorKit
package import Contracts

/// The contracts of a folder, read when they are asked for.
///
/// Nothing is cached: connectors ask once per start, and a file that was changed is seen by the next.
package struct ContractFolder: Sendable {
    private let path: String

    /// - Parameter path: for example `schemas`.
    package init(_ path: String) {
        self.path = path
    }

    /// The contract a connector names, and the `subject@vN` it is known by.
    /// - Throws: ``ContractError`` when there is none, with a near name where there is one.
    package func find(_ reference: SubjectReference) throws(ContractError) -> (contract: Contract, label: String) {
        let store = try ContractStore(folder: path)
        let subject = try SchemaSubject(reference.subject)
        let contract = try store.contract(SchemaReference(subject: subject, version: reference.version))
        return (contract, contract.version.map { "\(reference.subject)@v\($0)" } ?? reference.subject)
    }

    /// Why a connector cannot use the contract it names; `nil` when it can.
    package func problem(with reference: SubjectReference) -> LintEnvironment.Problem? {
        do throws(ContractError) {
            _ = try find(reference)
            return nil
        } catch {
            return LintEnvironment.Problem(
                "the contract `\(reference)` cannot be used: \(error.message)",
                fix: "Look into \(error.file ?? path)."
            )
        }
    }
}
