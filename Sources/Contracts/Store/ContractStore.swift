internal import Foundation

/// The contracts of a folder: `<folder>/<subject>/v<N>.json` beside `<folder>/<subject>/subject.yaml`.
///
/// Opening reads names and `subject.yaml`s; contracts are read and compiled when they are asked for. Schemas may
/// refer to each other by relative paths such as `../common.address/v1.json`, and to remote documents that are pinned in
/// the folder (``PinFolder``); nothing outside the folder is read.
package struct ContractStore: Sendable {
    /// One subject of the store.
    package struct Subject: Sendable {
        package let name: SchemaSubject
        package let description: SubjectDescription
        /// Number of the newest version; versions are 1 to this one.
        package let latest: Int
    }

    /// Bytes of a schema or a `subject.yaml`; larger files are refused.
    package static let maxFileBytes = 8 << 20

    /// The folder as it was given.
    package let folder: String
    /// All subjects by name.
    package let subjects: [Subject]
    private let resolver: SchemaResolver

    /// Reads the subjects of a folder.
    /// - Parameters:
    ///   - folder: its path.
    ///   - usesPins: whether schemas may refer to pinned documents. A registry has no place for these.
    /// - Throws: the first of `problems(in:)` other than those inside contracts.
    package init(folder: String, usesPins: Bool = true) throws(ContractError) {
        let (subjects, problems) = try Self.read(folder, usesPins)
        if let first = problems.first { throw first }
        self.init(folder, subjects, usesPins)
    }

    private init(_ folder: String, _ subjects: [Subject], _ usesPins: Bool) {
        self.folder = folder
        self.subjects = subjects
        resolver = Self.resolver(folder, usesPins)
    }

    /// Everything that is wrong in a folder: names, `subject.yaml`s, numbering, the file of pins, and each version that is
    /// no contract.
    package static func problems(in folder: String, usesPins: Bool = true) -> [ContractError] {
        do throws(ContractError) {
            var (subjects, problems) = try read(folder, usesPins)
            let store = ContractStore(folder, subjects, usesPins)
            for subject in subjects {
                for version in 1...subject.latest {
                    do throws(ContractError) {
                        _ = try store.contract(subject.name, version: version)
                    } catch {
                        problems.append(error)
                    }
                }
            }
            return problems
        } catch {
            return [error]
        }
    }

    /// The subject of this name.
    /// - Throws: `unknownSubject` with the near name.
    package func subject(_ name: SchemaSubject) throws(ContractError) -> Subject {
        if let found = subjects.first(where: { $0.name == name }) { return found }
        throw ContractError(
            .unknownSubject,
            "there is no subject '\(name)' in \(folder)"
                + NearName.hint(for: name.name, among: subjects.map(\.name.name))
        )
    }

    /// The newest contract of a subject, compiled.
    package func latest(_ name: SchemaSubject) throws(ContractError) -> Contract {
        try contract(name, version: try subject(name).latest)
    }

    /// One version of a subject, compiled.
    /// - Throws: `unknownSubject`, `unknownVersion`, or what is wrong with the file, with its name, line and column.
    package func contract(
        _ name: SchemaSubject,
        version: Int,
        formats: FormatHandling = .annotation,
        rejectsDuplicateKeys: Bool = false
    ) throws(ContractError) -> Contract {
        let file = path(name, version)
        let bytes = try source(name, version: version)
        let uri = Self.uri(name, version)
        do throws(ContractError) {
            return try Contract(
                compiling: bytes,
                subject: name,
                version: version,
                uri: uri,
                resolver: resolver,
                formats: formats,
                rejectsDuplicateKeys: rejectsDuplicateKeys
            )
        } catch {
            var placed = error
            placed.file = file
            throw placed
        }
    }

    /// The contract that `SUBJECT` or `SUBJECT@vN` names, compiled.
    package func contract(
        _ reference: SchemaReference,
        formats: FormatHandling = .annotation,
        rejectsDuplicateKeys: Bool = false
    ) throws(ContractError) -> Contract {
        let latest = try subject(reference.subject).latest
        return try contract(
            reference.subject,
            version: reference.version ?? latest,
            formats: formats,
            rejectsDuplicateKeys: rejectsDuplicateKeys
        )
    }

    /// The bytes of one version as they are in the file.
    package func source(_ name: SchemaSubject, version: Int) throws(ContractError) -> [UInt8] {
        let subject = try subject(name)
        guard version >= 1, version <= subject.latest else {
            throw ContractError(
                .unknownVersion,
                "subject '\(name)' has no version \(version); it has v1 to v\(subject.latest)"
            )
        }
        return try Self.bytes(of: path(name, version))
    }

    /// One version of a subject as a side of a comparison.
    /// - Throws: as ``contract(_:version:)``.
    package func compared(_ name: SchemaSubject, version: Int) throws(ContractError) -> ComparedSchema {
        let bytes = try source(name, version: version)
        do throws(ContractError) {
            return try ComparedSchema(bytes, version: version, uri: Self.uri(name, version), resolver: resolver)
        } catch {
            var placed = error
            placed.file = path(name, version)
            throw placed
        }
    }

    /// The file that holds a version.
    package func file(_ name: SchemaSubject, version: Int) -> String { path(name, version) }

    private func path(_ name: SchemaSubject, _ version: Int) -> String { "\(folder)/\(name)/v\(version).json" }

    private static func uri(_ name: SchemaSubject, _ version: Int) -> String {
        SchemaAddress(subject: name, version: version).uri
    }

    private static func resolver(_ folder: String, _ usesPins: Bool) -> SchemaResolver {
        if usesPins { return PinFolder(folder).resolver { try referred($0, in: folder) } }
        return SchemaResolver(
            advice: { _ in "embedded or a subject of the folder: registries know no pins" },
            document: { try referred($0, in: folder) }
        )
    }

    /// The bytes behind a URI of this store: only `<subject>/v<N>.json` has that form, so no path leads out.
    private static func referred(_ uri: String, in folder: String) throws(ContractError) -> [UInt8]? {
        guard let address = SchemaAddress(uri) else { return nil }
        let path = "\(folder)/\(address.subject)/v\(address.version).json"
        return FileManager.default.fileExists(atPath: path) ? try bytes(of: path) : nil
    }
}

// MARK: Reading the folder

extension ContractStore {
    private static func read(
        _ folder: String,
        _ usesPins: Bool
    ) throws(ContractError) -> ([Subject], [ContractError]) {
        var subjects: [Subject] = []
        var problems: [ContractError] = []
        for name in try names(in: folder) where isFolder("\(folder)/\(name)") {
            do throws(ContractError) {
                subjects.append(try subject(name, in: folder))
            } catch {
                problems.append(error)
            }
        }
        guard usesPins else { return (subjects, problems) }
        do throws(ContractError) {
            _ = try PinFolder(folder).pins()
        } catch {
            problems.append(error)
        }
        return (subjects, problems)
    }

    private static func subject(_ name: String, in folder: String) throws(ContractError) -> Subject {
        let path = "\(folder)/\(name)"
        let subject: SchemaSubject
        do throws(ContractError) {
            subject = try SchemaSubject(name)
        } catch {
            throw ContractError(error.code, error.message, file: path)
        }
        let files = try names(in: path)
        guard files.contains("subject.yaml") else {
            throw ContractError(
                .invalidSubject,
                "subject '\(name)' has no subject.yaml; write one that says at least 'owner: <team>'",
                file: path + "/subject.yaml"
            )
        }
        let yaml = String(decoding: try bytes(of: path + "/subject.yaml"), as: UTF8.self)
        let description = try SubjectDescription(yaml: yaml, file: path + "/subject.yaml")
        return Subject(name: subject, description: description, latest: try latest(of: files, path))
    }

    /// Versions are `v1.json`, `v2.json`, … without a gap; any other `.json` beside them is a slip of the pen.
    private static func latest(of files: [String], _ path: String) throws(ContractError) -> Int {
        var versions: [Int] = []
        for file in files where file.hasSuffix(".json") {
            guard let version = SchemaReference.version(named: file.dropLast(5)) else {
                throw ContractError(
                    .versionGap,
                    "'\(file)' is no version: files of a subject are v1.json, v2.json and so on",
                    file: path + "/" + file
                )
            }
            versions.append(version)
        }
        versions.sort()
        guard let latest = versions.last else {
            throw ContractError(.versionGap, "the subject has no version; write its schema to v1.json", file: path)
        }
        guard versions.count == latest else {
            let missing = zip(versions, 1...).first { $0 != $1 }?.1 ?? 1
            throw ContractError(
                .versionGap,
                "v\(missing).json is missing although there is v\(latest).json; versions are never removed",
                file: path
            )
        }
        return latest
    }

    /// Names of the entries of a folder in order, without hidden ones.
    private static func names(in folder: String) throws(ContractError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw ContractError(.unreadable, "the folder cannot be read: \(error.localizedDescription)", file: folder)
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// The bytes of a file of at most ``maxFileBytes``.
    static func bytes(of path: String) throws(ContractError) -> [UInt8] {
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            guard data.count <= maxFileBytes else {
                throw ContractError(.tooLarge, "the file has more than \(maxFileBytes) bytes", file: path)
            }
            return [UInt8](data)
        } catch let error as ContractError {
            throw error
        } catch {
            throw ContractError(.unreadable, "the file cannot be read: \(error.localizedDescription)", file: path)
        }
    }
}
