internal import Contracts
internal import JSON
internal import Synchronization

/// Compiles and compares schemas, and remembers what came of it, within bounds.
///
/// What is remembered depends on texts alone, so nothing of it is wrong when subjects change. Any thread.
final class SchemaChecks: Sendable {
    /// A schema with everything it draws in, by text: whatever subject and version it is.
    struct Source: Hashable, Sendable {
        let text: JSONName
        /// What its references lead to, by the names that it knows them by.
        let documents: [JSONName: JSONName]

        init(text: String, documents: [JSONName: String] = [:]) {
            self.text = JSONName(text)
            self.documents = documents.mapValues { JSONName($0) }
        }

        fileprivate var bytes: Int { documents.values.reduce(text.text.utf8.count) { $0 + $1.text.utf8.count } }
    }

    /// Comparisons as one check asks for them.
    private struct Question: Hashable, Sendable {
        let new: Source
        let earlier: [Source]
        let versions: [Int]
        let level: CompatibilityLevel
        let policy: CompatibilityPolicy
    }

    private struct Reply: Sendable {
        let findings: [CompatibilityCheck.Finding]
        /// When the time was over before everything was decided; nil for a reply that stays right.
        let late: ContinuousClock.Instant?

        var isOutdated: Bool { late.map { .now - $0 > SchemaChecks.lateness } ?? false }
    }

    /// Text of the compiled schemas that are kept, in bytes. Compiled, a schema takes some ten times as much.
    private static let maxCompiledBytes = 8 << 20
    /// Text of the schemas whose comparisons are kept, in bytes; it is shared with those who have it anyway.
    private static let maxComparedBytes = 32 << 20
    /// How long a reply holds for which there was not enough time: the machine may be less busy then.
    private static let lateness = Duration.seconds(60)

    let limits: RegistryLimits
    private let compiled = Mutex(AgingCache<Source, ComparedSchema>(bound: maxCompiledBytes))
    private let replies = Mutex(AgingCache<Question, Reply>(bound: maxComparedBytes))

    init(_ limits: RegistryLimits) {
        self.limits = limits
    }

    /// - Throws: 42209 for a schema that is too large to be taken.
    func admit(_ schema: RegisteredSchema) throws(RegistryError) {
        guard schema.text.utf8.count > limits.schemaBytes else { return }
        throw RegistryError(
            .schemaTooLarge,
            "The schema has \(schema.text.utf8.count) bytes, more than \(limits.schemaBytes): move parts of it to schemas "
                + "of their own and refer to them, or start the registry with a larger --max-schema-bytes."
        )
    }

    /// - Throws: 42201 saying what is wrong with the schema.
    func compile(_ source: Source, version: Int? = nil) throws(RegistryError) -> ComparedSchema {
        if var known = compiled.withLock({ $0.value(for: source) }) {
            known.version = version
            return known
        }
        let schema: ComparedSchema
        do throws(ContractError) {
            schema = try ComparedSchema(
                Array(source.text.text.utf8),
                version: version,
                resolver: .offering(source.documents.mapValues { Array($0.text.utf8) })
            )
        } catch {
            throw RegistryError(.invalidSchema, "Invalid schema: \(error)")
        }
        compiled.withLock { $0.insert(schema, for: source, cost: source.bytes) }
        return schema
    }

    /// Compares with earlier versions, given oldest first; newest first up to the first that is not compatible.
    /// - Throws: 42201 when one of them cannot be compiled.
    func compare(
        _ new: Source,
        after earlier: [(version: Int, source: Source)],
        level: CompatibilityLevel,
        policy: CompatibilityPolicy
    ) throws(RegistryError) -> [CompatibilityCheck.Finding] {
        let question = Question(
            new: new,
            earlier: earlier.map(\.source),
            versions: earlier.map(\.version),
            level: level,
            policy: policy
        )
        if let known = replies.withLock({ $0.value(for: question) }), !known.isOutdated { return known.findings }
        let schema = try compile(new)
        var old: [ComparedSchema] = []
        for (version, source) in earlier { old.append(try compile(source, version: version)) }
        let deadline = ContinuousClock.now + limits.checkTime
        let check = CompatibilityCheck(
            of: schema,
            after: old,
            level: level,
            policy: policy,
            stopsAtFirst: true,
            until: deadline
        )
        let reply = Reply(findings: check.findings, late: .now < deadline ? nil : .now)
        let cost = question.earlier.reduce(new.bytes) { $0 + $1.bytes }
        replies.withLock { $0.insert(reply, for: question, cost: cost) }
        return check.findings
    }
}
