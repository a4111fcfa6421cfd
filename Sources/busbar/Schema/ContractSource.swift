internal import ArgumentParser
internal import Contracts
internal import Foundation

/// Finds the contract that a command names: by file, or by subject in a folder.
struct ContractSource {
    /// Wins over ``subject``.
    let file: String?
    let subject: String?
    let schemas: String
    var formats = FormatHandling.annotation
    var rejectsDuplicateKeys = false

    /// - Throws: ``CommandFailure``: 64 when there is no such file, 78 when it is no contract or the subject is unknown.
    func contract() throws -> Contract {
        do throws(ContractError) {
            if let file { return try read(file) }
            return try ContractStore(folder: schemas).contract(
                SchemaReference(subject ?? ""),
                formats: formats,
                rejectsDuplicateKeys: rejectsDuplicateKeys
            )
        } catch {
            let isUsage = error.code == .invalidReference || (error.code == .unreadable && error.file == file)
            throw CommandFailure(isUsage ? .usage : .configuration, "\(error)")
        }
    }

    private func read(_ file: String) throws(ContractError) -> Contract {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ContractError(.unreadable, "there is no such file, or it cannot be read", file: file)
        }
        let url = URL(filePath: file).standardizedFileURL
        do throws(ContractError) {
            return try Contract(
                compiling: [UInt8](data),
                uri: url.absoluteString,
                resolver: Self.neighbours(of: url, pinnedIn: schemas),
                formats: formats,
                rejectsDuplicateKeys: rejectsDuplicateKeys
            )
        } catch {
            var placed = error
            placed.file = file
            throw placed
        }
    }

    /// Serves schemas in and below the folder of a contract's file, of a version of a subject in and below the folder of
    /// contracts, so that relative references work and none leads elsewhere; then what is pinned in the folder of contracts.
    static func neighbours(of file: URL, pinnedIn schemas: String) -> SchemaResolver {
        var folder = file.deletingLastPathComponent()
        if FileManager.default.fileExists(atPath: folder.appending(path: "subject.yaml").path) {
            folder.deleteLastPathComponent()
        }
        let root = folder.absoluteString
        return PinFolder(schemas).resolver { uri in
            guard uri.hasPrefix(root), let url = URL(string: uri)?.standardizedFileURL,
                url.absoluteString.hasPrefix(root)
            else { return nil }
            return FileManager.default.contents(atPath: url.path).map { [UInt8]($0) }
        }
    }
}
