internal import Contracts

/// The subject that the records of a topic obey.
package struct TopicSubject: Sendable, Equatable {
    /// The folder of contracts, as the command was given it.
    package let folder: String
    package let name: String

    /// Finds it. The first that says so decides: the command, a `subject.yaml` by its `topics`, a connector that reads the
    /// topic and names a contract, the subject's name, which is the topic's or `<topic>-value` (the TopicNameStrategy of
    /// Confluent's serializers).
    /// - Parameters:
    ///   - topic: the topic.
    ///   - folders: folders of contracts.
    ///   - given: the subject that the command names.
    ///   - connectors: those that may read the topic.
    /// - Returns: the subject.
    /// - Throws: `unknownSubject` when none is known to be the topic's, or several are.
    package static func find(
        of topic: String,
        in folders: [(folder: String, tree: SchemaTree)],
        given: String?,
        connectors: [ConnectorUse]
    ) throws(CheckError) -> TopicSubject {
        let subjects = folders.flatMap { entry in
            entry.tree.subjects.keys.sorted().map { TopicSubject(folder: entry.folder, name: $0) }
        }
        if let given {
            let named = subjects.filter { $0.name == given }
            guard !named.isEmpty else {
                throw CheckError(
                    .unknownSubject,
                    "--subject: there is no subject '\(given)' in \(folders.map(\.folder).joined(separator: ", "))"
                )
            }
            return try only(named, of: topic, because: "is its name in several folders; check one of them")
        }
        let described = Self.described(by: topic, folders)
        if !described.isEmpty { return try only(described, of: topic, because: "has it under 'topics'; say --subject") }
        let contracts = Set(connectors.filter { $0.inputs.contains(topic) }.compactMap(\.contract))
        let read = subjects.filter { contracts.contains($0.name) }
        if !read.isEmpty {
            return try only(read, of: topic, because: "is the contract of a connector that reads it; say --subject")
        }
        let same = subjects.filter { $0.name == topic || $0.name == "\(topic)-value" }
        if !same.isEmpty { return try only(same, of: topic, because: "has its name; say --subject") }
        throw CheckError(
            .unknownSubject,
            "which subject the records of \(topic) obey is not known: none has the topic under 'topics' in its "
                + "subject.yaml, no connector reads it with a contract, and none is called \(topic) or \(topic)-value; "
                + "add 'topics: [\(topic)]' to the subject.yaml, or say --subject NAME"
        )
    }

    /// Those whose description names the topic; one that cannot be read names none, which is a finding of its own.
    private static func described(
        by topic: String,
        _ folders: [(folder: String, tree: SchemaTree)]
    ) -> [TopicSubject] {
        folders.flatMap { entry in
            entry.tree.subjects.sorted { $0.key < $1.key }.compactMap { name, files -> TopicSubject? in
                guard let bytes = files.description,
                    case .success(let description) = Result(catching: { () throws(ContractError) in
                        try SubjectDescription(yaml: String(decoding: bytes, as: UTF8.self))
                    }), description.topics.contains(topic)
                else { return nil }
                return TopicSubject(folder: entry.folder, name: name)
            }
        }
    }

    private static func only(
        _ found: [TopicSubject],
        of topic: String,
        because reason: String
    ) throws(CheckError) -> TopicSubject {
        guard found.count == 1 else {
            let names = found.map { "\($0.folder)/\($0.name)" }.joined(separator: ", ")
            throw CheckError(
                .unknownSubject,
                "the records of \(topic) may obey any of \(names): each \(reason)"
            )
        }
        return found[0]
    }
}
