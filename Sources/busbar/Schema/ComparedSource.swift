internal import ArgumentParser
internal import Contracts
internal import Foundation

/// One side of a comparison as a command names it: a file, or a subject in a folder.
struct ComparedSource {
    /// What the user wrote.
    let name: String
    /// The file that was read.
    let file: String
    let schema: ComparedSchema

    /// Takes `name` for a file when it ends in `.json`, has a `/`, or is there; else for SUBJECT[@vN] in `schemas`.
    /// - Throws: ``CommandFailure``: 64 when there is no such file, 78 when it is no contract or the subject is unknown.
    init(_ name: String, schemas: String) throws {
        self.name = name
        do throws(ContractError) {
            if Self.isFile(name) {
                (file, schema) = (name, try Self.read(name, pinnedIn: schemas))
            } else {
                (file, schema) = try Self.read(try SchemaReference(name), in: schemas)
            }
        } catch {
            let isUsage = error.code == .invalidReference || (error.code == .unreadable && error.file == name)
            throw CommandFailure(isUsage ? .usage : .configuration, "\(error)")
        }
    }

    /// A schema from elsewhere.
    init(name: String, file: String, schema: ComparedSchema) {
        (self.name, self.file, self.schema) = (name, file, schema)
    }

    /// Whether a name is that of a file, and not of a subject.
    static func isFile(_ name: String) -> Bool {
        name.hasSuffix(".json") || name.contains("/") || FileManager.default.fileExists(atPath: name)
    }

    private static func read(_ file: String, pinnedIn schemas: String) throws(ContractError) -> ComparedSchema {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ContractError(.unreadable, "there is no such file, or it cannot be read", file: file)
        }
        let url = URL(filePath: file).standardizedFileURL
        do throws(ContractError) {
            return try ComparedSchema(
                [UInt8](data),
                uri: url.absoluteString,
                resolver: ContractSource.neighbours(of: url, pinnedIn: schemas)
            )
        } catch {
            var placed = error
            placed.file = file
            throw placed
        }
    }

    private static func read(
        _ reference: SchemaReference,
        in schemas: String
    ) throws(ContractError) -> (String, ComparedSchema) {
        let store = try ContractStore(folder: schemas)
        let latest = try store.subject(reference.subject).latest
        let version = reference.version ?? latest
        let schema = try store.compared(reference.subject, version: version)
        return (store.file(reference.subject, version: version), schema)
    }
}
