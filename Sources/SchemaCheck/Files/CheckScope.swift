internal import Contracts
internal import Foundation

/// A folder of contracts, and which of its subjects to check.
package struct CheckScope: Sendable, Equatable {
    package let folder: String
    /// nil for all.
    package var subjects: Set<String>?

    /// Takes paths apart: folders of contracts, folders of subjects, and files in them, which may be gone.
    /// - Returns: a scope for each folder of contracts, in the order in which they are named.
    /// - Throws: `unreadable` for a path that is neither.
    package static func scopes(of paths: [String]) throws(CheckError) -> [CheckScope] {
        var scopes: [CheckScope] = []
        for path in paths {
            let scope = try scope(of: path)
            guard let index = scopes.firstIndex(where: { $0.folder == scope.folder }) else {
                scopes.append(scope)
                continue
            }
            if let known = scopes[index].subjects, let more = scope.subjects {
                scopes[index].subjects = known.union(more)
            } else {
                scopes[index].subjects = nil
            }
        }
        return scopes
    }

    private static func scope(of path: String) throws(CheckError) -> CheckScope {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        if let folder = folder(pinning: path) { return CheckScope(folder: folder) }
        var folder = path
        // A file lies at most three folders below the contracts: orders/examples/v2/a.json.
        for _ in 0..<4 {
            if exists("\(folder)/subject.yaml") {
                let (parent, name) = split(folder)
                return CheckScope(folder: parent, subjects: [name])
            }
            if folder == path, isFolder(path) { return CheckScope(folder: path) }
            guard folder.contains("/") else { break }
            folder = split(folder).parent
        }
        throw CheckError(
            .unreadable,
            exists(path)
                ? "\(path): this is no folder of contracts, and no file of a subject (a folder with a subject.yaml)"
                : "\(path): there is no such file or folder"
        )
    }

    /// The folder of contracts whose pins, or copy of a pinned document, a path is; every subject may refer to it.
    private static func folder(pinning path: String) -> String? {
        let (parent, name) = split(path)
        if name == ReferencePins.lockFile { return parent }
        let (folder, holder) = split(parent)
        return holder == ReferencePins.copyFolder ? folder : nil
    }

    private static func split(_ path: String) -> (parent: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let parent = slash == path.startIndex ? "/" : String(path[..<slash])
        return (parent, String(path[path.index(after: slash)...]))
    }

    private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
