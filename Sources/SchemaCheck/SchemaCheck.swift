package import Contracts
internal import Dispatch
internal import Synchronization

/// Holds a folder of contracts against what has been released: which versions are new or changed, and what that breaks.
///
/// Only subjects whose files differ are looked into; all of them, when the pin of a remote document is another one.
package struct SchemaCheck: Sendable {
    /// How to judge.
    package struct Settings: Sendable {
        /// By which rules versions are compared.
        package var policy = CompatibilityPolicy.sound
        /// What every subject promises; nil for what its `subject.yaml` says.
        package var level: CompatibilityLevel?
        /// What it means that compatibility is neither proved nor refuted.
        package var unknown = CheckFinding.Severity.error

        package init() {}
    }

    /// The folder as the command was given it; starts the paths of findings.
    package let folder: String
    private let settings: Settings
    private let connectors: [ConnectorUse]

    /// - Parameters:
    ///   - folder: as the command was given it.
    ///   - settings: how to judge.
    ///   - connectors: those that may read or write records of the contracts.
    package init(folder: String, settings: Settings = Settings(), connectors: [ConnectorUse] = []) {
        self.folder = folder
        self.settings = settings
        self.connectors = connectors
    }

    /// Checks `tree` against `released`. The work is done on threads of its own, as many as there are cores.
    /// - Parameters:
    ///   - tree: what is in the folder.
    ///   - released: what it is held against.
    ///   - subjects: those to look at; nil for all.
    /// - Returns: what was found.
    package func run(
        _ tree: SchemaTree,
        released: ReleasedContracts,
        subjects: Set<String>? = nil
    ) async -> CheckReport {
        let known = Set(tree.subjects.keys).union(released.isWhole ? Set(released.tree.subjects.keys) : [])
        let names = known.filter { subjects?.contains($0) ?? true }.sorted()
        // What was released counts as it was released, whatever stands in the folder now.
        let overlay = tree.overlaid(by: released.tree)
        let pins = PinReview(tree: tree, released: released.tree, folder: folder)
        let edits = pins.edits
        let reviews = names.filter { !edits.isEmpty || tree.subjects[$0] != released.tree.subjects[$0] }
            .map { name in
                SubjectReview(
                    name: name,
                    files: tree.subjects[name],
                    released: released.tree.subjects[name],
                    tree: overlay,
                    folder: folder,
                    settings: settings,
                    connectors: connectors,
                    pinEdits: edits
                )
            }
        let subjects = await Self.concurrently(reviews) { $0.run() }
        let all = (pins.report.map { [$0] } ?? []) + subjects
        return CheckReport(subjects: all, count: names.count, base: released.name, policy: settings.policy)
    }

    /// Off the cooperative pool: a comparison takes as long as it takes.
    private static func concurrently<Input: Sendable, Output: Sendable>(
        _ inputs: [Input],
        _ work: @escaping @Sendable (Input) -> Output
    ) async -> [Output] {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let outputs = Mutex<[Int: Output]>([:])
                DispatchQueue.concurrentPerform(iterations: inputs.count) { index in
                    let output = work(inputs[index])
                    outputs.withLock { $0[index] = output }
                }
                let all = outputs.withLock { $0 }
                continuation.resume(returning: inputs.indices.compactMap { all[$0] })
            }
        }
    }
}

/// What contracts are held against: those that are in use.
package struct ReleasedContracts: Sendable {
    package let tree: SchemaTree
    /// Whether a subject that is not in the folder any more was removed from it; a registry has others' subjects too.
    package let isWhole: Bool
    /// For people: `git origin/main (merge base 1a2b3c4)`.
    package let name: String

    package init(_ tree: SchemaTree, isWhole: Bool, name: String) {
        self.tree = tree
        self.isWhole = isWhole
        self.name = name
    }

    /// Nothing has been released: every version is new.
    package static let none = ReleasedContracts(SchemaTree(), isWhole: true, name: "nothing")
}
