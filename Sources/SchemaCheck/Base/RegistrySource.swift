internal import JSON

/// What a registry answers about subjects, whoever asks it.
package struct RegistrySource: Sendable {
    /// Numbers of a subject's versions that are not deleted; nil when there is no such subject.
    package let versions: @Sendable (_ subject: String) async throws(CheckError) -> [Int]?
    /// The text of one version.
    package let schema: @Sendable (_ subject: String, _ version: Int) async throws(CheckError) -> [UInt8]

    package init(
        versions: @escaping @Sendable (_ subject: String) async throws(CheckError) -> [Int]?,
        schema: @escaping @Sendable (_ subject: String, _ version: Int) async throws(CheckError) -> [UInt8]
    ) {
        self.versions = versions
        self.schema = schema
    }

    /// Subjects that are asked for at one time.
    private static let atOnce = 8

    /// What the registry has of the subjects of a folder; others that it has are others' business.
    /// - Parameters:
    ///   - tree: the folder.
    ///   - name: of the registry, for people.
    /// - Returns: its versions, beside the descriptions and examples of the folder.
    /// - Throws: what the registry's answers throw.
    package func released(of tree: SchemaTree, name: String) async throws(CheckError) -> ReleasedContracts {
        var released = SchemaTree()
        var names = tree.subjects.keys.sorted()[...]
        let result: Result<SchemaTree, CheckError> = await withTaskGroup { group in
            for name in names.prefix(Self.atOnce) { group.addTask { await self.files(of: name) } }
            names = names.dropFirst(Self.atOnce)
            while let answer = await group.next() {
                switch answer {
                case .failure(let error):
                    group.cancelAll()
                    return .failure(error)
                case .success(let files): for file in files { released.add(file.path, file.bytes) }
                }
                if let name = names.popFirst() { group.addTask { await self.files(of: name) } }
            }
            return .success(released)
        }
        // Descriptions, examples and pins are no part of a registry: those of the folder stand for themselves.
        return ReleasedContracts(
            try result.get().described(by: tree).pinned(as: tree),
            isWhole: false,
            name: name
        )
    }

    private typealias File = (path: String, bytes: [UInt8])

    private func files(of subject: String) async -> Result<[File], CheckError> {
        do throws(CheckError) {
            var files: [File] = []
            for version in try await versions(subject) ?? [] {
                files.append(("\(subject)/v\(version).json", try await schema(subject, version)))
            }
            return .success(files)
        } catch {
            return .failure(error)
        }
    }
}

extension SchemaTree {
    /// The same with descriptions, examples and stray files of another tree, and with its text of versions that say the
    /// same: registries keep no white space, and some sort members.
    fileprivate func described(by other: SchemaTree) -> SchemaTree {
        var tree = SchemaTree()
        for (name, subject) in subjects {
            guard let own = other.subjects[name] else { continue }
            var files = own
            files.versions = [:]
            for (version, bytes) in subject.versions {
                files.versions[version] = own.versions[version].map { Self.areSame(bytes, $0) ? $0 : bytes } ?? bytes
            }
            tree.put(files, as: name)
        }
        return tree
    }

    private static func areSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        do {
            return JSONDifference(try JSON(parsing: left), try JSON(parsing: right)) == nil
        } catch {
            return left == right
        }
    }
}
