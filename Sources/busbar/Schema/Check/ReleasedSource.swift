internal import Foundation
internal import SchemaCheck

/// Finds what contracts are held against.
struct ReleasedSource {
    /// nil for where the change started.
    let base: CheckBase?
    /// Say who asks a registry.
    let settings: SettingsOptions

    /// - Parameters:
    ///   - scope: the folder that is checked.
    ///   - tree: what is in it.
    /// - Returns: the released contracts.
    /// - Throws: `CheckError` when they cannot be read, ``CommandFailure`` for settings that cannot be used.
    func released(_ scope: CheckScope, _ tree: SchemaTree) async throws -> ReleasedContracts {
        switch base {
        case .nothing: return .none
        case .folder(let path):
            return ReleasedContracts(try SchemaTree(folder: path), isWhole: true, name: path)
        case .git(let reference):
            let repository = try await GitRepository(containing: scope.folder)
            let commit = try await repository.mergeBase(with: reference)
            let name = "git \(reference) (merge base \(commit.prefix(12)))"
            return ReleasedContracts(try await repository.tree(at: commit, beside: tree), isWhole: true, name: name)
        case .registry(let url):
            let client = try RegistryOptions.client(settings, flags: ["registry.url": url])
            return try await RegistrySource(client).released(of: tree, name: url)
        case nil:
            let repository = try await GitRepository(containing: scope.folder)
            let (commit, name) = try await repository.changeBase(ProcessInfo.processInfo.environment)
            return ReleasedContracts(try await repository.tree(at: commit, beside: tree), isWhole: true, name: name)
        }
    }
}
