package import ConnectorKit
package import Contracts
internal import FoundationEssentials

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

    /// The text of a contract.
    /// - Throws: as ``find(_:)``.
    func text(_ reference: SubjectReference) throws(ContractError) -> String {
        let store = try ContractStore(folder: path)
        let subject = try store.subject(try SchemaSubject(reference.subject))
        let bytes = try store.source(subject.name, version: reference.version ?? subject.latest)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the folder has the subject, or something is wrong with it; `false` where a registry is to be asked: there
    /// is no such subject in the folder, or no folder at all.
    func mayHave(_ reference: SubjectReference) -> Bool {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else { return false }
        do throws(ContractError) {
            _ = try ContractStore(folder: path).subject(try SchemaSubject(reference.subject))
            return true
        } catch {
            return error.code != .unknownSubject
        }
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
