internal import Foundation
internal import SchemaCheck

/// Finds what contracts are held against.
struct ReleasedSource {
    /// nil for where the change started.
    let base: CheckBase?

    /// - Parameters:
    ///   - scope: the folder that is checked.
    ///   - tree: what is in it.
    /// - Returns: the released contracts.
    /// - Throws: `CheckError` when they cannot be read.
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
        case .registry(let url): return try await registry(url).released(of: tree, name: url)
        case nil:
            let repository = try await GitRepository(containing: scope.folder)
            let (commit, name) = try await repository.changeBase(ProcessInfo.processInfo.environment)
            return ReleasedContracts(try await repository.tree(at: commit, beside: tree), isWhole: true, name: name)
        }
    }
}
