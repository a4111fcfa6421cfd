internal import Contracts
internal import Foundation
internal import JSON

/// A folder of contracts in memory: one that is there, or one of another time or place.
package struct SchemaTree: Sendable {
    /// Subjects by name.
    package private(set) var subjects: [String: SubjectFiles] = [:]
    /// Remote documents that its schemas may refer to.
    private(set) var pins = PinnedDocuments()
    /// Pins of released contracts, which come before its own.
    private var releasedPins = PinnedDocuments()
    /// The folder as it was given, for messages.
    private var folder = "schemas"

    package init() {}

    /// Whether a file of this path in the folder matters.
    package static func holds(_ path: String) -> Bool { FolderFile(path) != nil }

    /// Adds a file by its path in the folder; files that do not matter are left out.
    package mutating func add(_ path: String, _ bytes: [UInt8]) {
        switch FolderFile(path) {
        case .description(let subject): subjects[subject, default: SubjectFiles()].description = bytes
        case .version(let subject, let version): subjects[subject, default: SubjectFiles()].versions[version] = bytes
        case .stray(let subject, let name): subjects[subject, default: SubjectFiles()].strays.insert(name)
        case .example(let subject, let version, let isCounterexample):
            let example = SubjectFiles.Example(
                path: path,
                version: version,
                isCounterexample: isCounterexample,
                bytes: bytes
            )
            subjects[subject, default: SubjectFiles()].examples[path] = example
        case .pins: pins.add(path, bytes)
        case nil: break
        }
    }

    /// What a file of this path holds; nil when it is not there, or does not matter.
    func bytes(of path: String) -> [UInt8]? {
        switch FolderFile(path) {
        case .description(let subject): subjects[subject]?.description
        case .version(let subject, let version): subjects[subject]?.versions[version]
        case .example(let subject, _, _): subjects[subject]?.examples[path]?.bytes
        case .stray(let subject, let name): subjects[subject]?.strays.contains(name) == true ? [] : nil
        case .pins: pins.bytes(of: path)
        case nil: nil
        }
    }

    /// Adds a subject whose folder is there, though nothing in it matters.
    mutating func add(subject: String) {
        subjects[subject] = subjects[subject] ?? SubjectFiles()
    }

    /// Adds a subject, or replaces it.
    mutating func put(_ subject: SubjectFiles, as name: String) {
        subjects[name] = subject
    }

    /// The same with the pins of another tree: for one that comes from where there are none.
    func pinned(as other: SchemaTree) -> SchemaTree {
        var tree = self
        tree.pins = other.pins
        return tree
    }

    /// The same with the versions and pins of another tree in place of its own where it has any.
    func overlaid(by other: SchemaTree) -> SchemaTree {
        var tree = self
        tree.releasedPins = other.pins
        for (name, subject) in other.subjects {
            for (version, bytes) in subject.versions {
                tree.subjects[name, default: SubjectFiles()].versions[version] = bytes
            }
        }
        return tree
    }

    /// One version, compiled; references lead to other versions of this tree, and to pinned documents.
    /// - Parameters:
    ///   - subject: its name.
    ///   - version: its number.
    ///   - asked: is told the URI of each document that it draws in.
    /// - Returns: the schema.
    /// - Throws: what is wrong with it. The error names no file.
    func compared(
        _ subject: String,
        version: Int,
        asked: @escaping @Sendable (_ uri: String) -> Void = { _ in }
    ) throws(ContractError) -> ComparedSchema {
        guard let bytes = subjects[subject]?.versions[version] else {
            throw ContractError(.unknownVersion, "subject '\(subject)' has no version \(version)")
        }
        let (subjects, pins, released, folder) = (subjects, pins, releasedPins, folder)
        let resolver = SchemaResolver(
            advice: { ReferencePins.advice(for: $0, in: folder) },
            document: { uri in
                asked(uri)
                if let address = SchemaAddress(uri) { return subjects[address.subject.name]?.versions[address.version] }
                return try released.intact(uri) ?? pins.document(uri)
            }
        )
        let address = SchemaAddress(subject: try SchemaSubject(subject), version: version)
        return try ComparedSchema(bytes, version: version, uri: address.uri, resolver: resolver)
    }
}

// MARK: Reading a folder

extension SchemaTree {
    /// Reads a folder of this machine.
    /// - Throws: `unreadable` with the path.
    package init(folder: String) throws(CheckError) {
        self.init()
        self.folder = folder
        try readPins()
        for name in try Self.names(in: folder) where Self.isFolder("\(folder)/\(name)") {
            add(subject: name)
            try read(name, in: folder)
        }
    }

    /// The file of pins, and the copies that it names.
    private mutating func readPins() throws(CheckError) {
        let lockFile = "\(folder)/\(ReferencePins.lockFile)"
        guard FileManager.default.fileExists(atPath: lockFile) else { return }
        add(ReferencePins.lockFile, try Self.bytes(of: lockFile))
        for path in pins.all.map(\.file) where FileManager.default.fileExists(atPath: "\(folder)/\(path)") {
            add(path, try Self.bytes(of: "\(folder)/\(path)"))
        }
    }

    private mutating func read(_ path: String, in folder: String) throws(CheckError) {
        for name in try Self.names(in: "\(folder)/\(path)") {
            let inner = "\(path)/\(name)"
            if Self.holds(inner) {
                add(inner, try Self.bytes(of: "\(folder)/\(inner)"))
            } else if inner.utf8.count(where: { $0 == UInt8(ascii: "/") }) < 3, !name.hasSuffix(".json"),
                Self.isFolder("\(folder)/\(inner)")
            {
                try read(inner, in: folder)
            }
        }
    }

    /// Names of the entries of a folder in order, without hidden ones.
    private static func names(in folder: String) throws(CheckError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw CheckError(.unreadable, "\(folder): the folder cannot be read: \(error.localizedDescription)")
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static func bytes(of path: String) throws(CheckError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CheckError(.unreadable, "\(path): the file cannot be read")
        }
        guard data.count <= ContractStore.maxFileBytes else {
            throw CheckError(.unreadable, "\(path): the file has more than \(ContractStore.maxFileBytes) bytes")
        }
        return [UInt8](data)
    }
}
