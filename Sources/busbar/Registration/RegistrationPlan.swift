internal import ArgumentParser
internal import Contracts
internal import Foundation
internal import JSON

/// The versions that are to be registered, each after those that it refers to.
struct RegistrationPlan {
    /// One version of a folder, or a file.
    struct Step {
        /// What the user sees: `orders@v2`, or the file.
        let name: String
        /// In the registry.
        let subject: String
        let schema: ComparedSchema
        /// The file it was read from.
        let file: String
        let level: CompatibilityLevel
        let references: [FolderReference]
        /// Its place in the folder; nil for a file.
        let place: Place?
    }

    /// A version of the folder.
    struct Place: Hashable {
        let subject: String
        let version: Int
    }

    private(set) var steps: [Step] = []

    /// A file as the next version of `subject`; one that is a version of a folder of contracts as that.
    /// - Throws: ``CommandFailure``, as ``ComparedSource``.
    init(file: String, subject: String, schemas: String) throws {
        if let (schemas, name) = Self.version(file) {
            self = try Self([name], schemas: schemas, subject: subject)
            return
        }
        let source = try ComparedSource(file, schemas: schemas)
        steps = [
            Step(
                name: file,
                subject: subject,
                schema: source.schema,
                file: source.file,
                level: .backward,
                references: [],
                place: nil
            )
        ]
    }

    /// The folder of contracts that a file is of, and `SUBJECT@vN`; nil for other files.
    private static func version(_ file: String) -> (schemas: String, name: String)? {
        let folder = URL(filePath: file).deletingLastPathComponent()
        let place = URL(filePath: file).standardizedFileURL.pathComponents.suffix(2).joined(separator: "/")
        guard FileManager.default.fileExists(atPath: folder.appending(path: "subject.yaml").path),
            let address = SchemaAddress("busbar:/schemas/\(place)")
        else { return nil }
        return (folder.deletingLastPathComponent().relativePath, "\(address.subject)@v\(address.version)")
    }

    /// Versions of a folder: of each subject all, or the one that is named, in order; before each, in order, those of other
    /// subjects up to the one that it refers to.
    /// - Parameters:
    ///   - wanted: empty stands for every subject.
    ///   - schemas: the folder.
    ///   - subject: the name in the registry, where it is not the folder's; for one subject.
    /// - Throws: ``CommandFailure``: 64 for a name that is none, 78 for what is no contract or refers to itself in a circle.
    init(_ wanted: [String], schemas: String, subject: String?) throws {
        do throws(ContractError) {
            let store = try ContractStore(folder: schemas, usesPins: false)
            let names = wanted.isEmpty ? store.subjects.map(\.name.name) : wanted
            var walk = RegistrationWalk(store)
            for name in names {
                let reference = try SchemaReference(name)
                let latest = try store.subject(reference.subject).latest
                for version in reference.version.map({ $0...$0 }) ?? 1...latest {
                    try walk.visit(Place(subject: reference.subject.name, version: version))
                }
            }
            steps = walk.steps
        } catch {
            throw CommandFailure(error.code == .invalidReference ? .usage : .configuration, "\(error)")
        }
        if let subject, let own = steps.last?.place?.subject {
            steps = steps.map { $0.place?.subject == own ? $0.renamed(subject) : $0 }
        }
    }
}

extension RegistrationPlan.Step {
    fileprivate func renamed(_ subject: String) -> Self {
        Self(
            name: name,
            subject: subject,
            schema: schema,
            file: file,
            level: level,
            references: references,
            place: place
        )
    }
}

/// Goes over versions depth first, references before what refers to them.
private struct RegistrationWalk {
    private let store: ContractStore
    private let latest: [String: Int]
    private var done: Set<RegistrationPlan.Place> = []
    private var open: [RegistrationPlan.Place] = []
    private(set) var steps: [RegistrationPlan.Step] = []

    init(_ store: ContractStore) {
        self.store = store
        latest = Dictionary(uniqueKeysWithValues: store.subjects.map { ($0.name.name, $0.latest) })
    }

    mutating func visit(_ place: RegistrationPlan.Place) throws(ContractError) {
        guard !done.contains(place) else { return }
        let subject = try store.subject(try SchemaSubject(place.subject))
        let file = store.file(subject.name, version: place.version)
        guard !open.contains(place) else { throw circle(at: place, file) }
        let schema = try store.compared(subject.name, version: place.version)
        let known = latest
        let references = FolderReference.all(in: schema.json, of: place.subject) { $1 <= known[$0] ?? 0 }
        open.append(place)
        for reference in references {
            // A registry counts versions as they come: those before the one that is meant go first.
            let first = reference.subject == place.subject ? reference.version : 1
            for version in first...reference.version {
                try visit(RegistrationPlan.Place(subject: reference.subject, version: version))
            }
        }
        open.removeLast()
        done.insert(place)
        steps.append(
            RegistrationPlan.Step(
                name: "\(place.subject)@v\(place.version)",
                subject: place.subject,
                schema: schema,
                file: file,
                level: subject.description.compatibility,
                references: references,
                place: place
            )
        )
    }

    private func circle(at place: RegistrationPlan.Place, _ file: String) -> ContractError {
        let circle = (open.drop { $0 != place } + [place]).map { "\($0.subject)@v\($0.version)" }
        return ContractError(
            .referenceLoop,
            "a registry takes what a schema refers to before the schema, but these refer to each other: "
                + circle.joined(separator: ", "),
            file: file
        )
    }
}
