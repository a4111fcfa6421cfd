internal import JSON

/// A client of a schema registry: Confluent's REST API, as busbar's own registry and those of others serve it.
///
/// Every call asks the registry; what may be asked twice a second goes through a cache. Any number of calls at once.
/// Subjects are as the API has them: `orders-value`, or `:.context:orders-value`.
package final class RegistryClient: Sendable {
    private let connection: RegistryConnection
    /// Its addresses.
    let urls: [String]

    /// Connects nothing yet.
    /// - Parameters:
    ///   - configuration: addresses, credentials, times.
    ///   - sleep: waits between two rounds of a request.
    /// - Throws: `configuration` for certificates that cannot be read.
    package init(
        _ configuration: RegistryClientConfiguration,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) throws(RegistryClientError) {
        urls = configuration.urls
        connection = try RegistryConnection(configuration, sleep: sleep)
    }

    // MARK: Reading

    /// The schema with this id.
    /// - Parameters:
    ///   - id: from 1.
    ///   - subject: says which context the id is of, where it is not the default one.
    /// - Returns: the schema, without subject and version.
    /// - Throws: `notFound` when there is none.
    package func schema(id: Int32, subject: String? = nil) async throws(RegistryClientError) -> ServedSchema {
        let query = subject.map { [(name: "subject", value: $0)] } ?? []
        var schema = try await served(RegistryCall(["schemas", "ids", String(id)], query: query))
        schema.id = id
        return schema
    }

    /// The schema with this GUID, in the form of a UUID.
    /// - Throws: `notFound` when there is none.
    package func schema(guid: String) async throws(RegistryClientError) -> ServedSchema {
        try await served(RegistryCall(["schemas", "guids", guid]))
    }

    /// A version of a subject.
    /// - Throws: `notFound` when there is none.
    package func schema(
        subject: String,
        version: AskedVersion
    ) async throws(RegistryClientError) -> ServedSchema {
        try await served(RegistryCall(["subjects", subject, "versions", version.text]))
    }

    /// All subjects that begin with `prefix`, in order; those deleted softly are left out.
    package func subjects(prefix: String? = nil) async throws(RegistryClientError) -> [String] {
        let query = prefix.map { [(name: "subjectPrefix", value: $0)] } ?? []
        let call = RegistryCall(["subjects"], query: query)
        let answer = try await connection.send(call)
        guard let elements = answer.elements else { throw Self.misunderstood(call) }
        return elements.compactMap(\.string)
    }

    /// The versions of a subject, ascending; those deleted softly are left out.
    /// - Throws: `notFound` when there is no such subject.
    package func versions(of subject: String) async throws(RegistryClientError) -> [Int] {
        let call = RegistryCall(["subjects", subject, "versions"])
        let answer = try await connection.send(call)
        guard let elements = answer.elements else { throw Self.misunderstood(call) }
        return elements.compactMap { $0.int32.map { Int($0) } }
    }

    /// The compatibility level in force for a subject, upper case, for example `BACKWARD_TRANSITIVE`.
    package func level(of subject: String) async throws(RegistryClientError) -> String {
        let call = RegistryCall(["config", subject], query: [(name: "defaultToGlobal", value: "true")])
        let answer = try await connection.send(call)
        guard let level = answer["compatibilityLevel"]?.string else { throw Self.misunderstood(call) }
        return level.uppercased()
    }

    // MARK: Asking about a schema, and registering it

    /// The version under which a subject has this very schema.
    /// - Throws: `notFound` when the subject is not there, or has no such schema.
    package func lookup(
        _ schema: SchemaSubmission,
        under subject: String
    ) async throws(RegistryClientError) -> ServedSchema {
        try await served(
            RegistryCall(["subjects", subject], method: .post, query: schema.query, body: schema.json)
        )
    }

    /// Registers a schema; one that is there already keeps its id.
    /// - Returns: the id, with version and GUID where the registry says them.
    /// - Throws: `incompatible` with the registry's reasons, `invalid` for what is no schema.
    package func register(
        _ schema: SchemaSubmission,
        under subject: String
    ) async throws(RegistryClientError) -> ServedSchema {
        let call = RegistryCall(
            ["subjects", subject, "versions"],
            method: .post,
            query: schema.query,
            body: schema.json
        )
        let answer = try await connection.send(call)
        guard let id = answer["id"]?.int32 else { throw Self.misunderstood(call) }
        return ServedSchema(
            id: id,
            guid: answer["guid"]?.string?.lowercased(),
            subject: subject,
            version: answer["version"]?.int32.map { Int($0) },
            text: schema.text,
            references: schema.references
        )
    }

    /// Whether a schema may become the next version of a subject, with every reason against it.
    /// - Parameters:
    ///   - schema: the new one.
    ///   - subject: one that is not there takes every schema.
    ///   - version: compares with this one only; nil with what the subject's level asks for.
    /// - Returns: the verdict.
    /// - Throws: `notFound` when the subject has no such version, `invalid` for what is no schema.
    package func compatibility(
        of schema: SchemaSubmission,
        with subject: String,
        version: AskedVersion? = nil
    ) async throws(RegistryClientError) -> CompatibilityReport {
        let path = ["compatibility", "subjects", subject, "versions"] + (version.map { [$0.text] } ?? [])
        let query = schema.query + [(name: "verbose", value: "true")]
        let call = RegistryCall(path, method: .post, query: query, body: schema.json)
        let answer = try await connection.send(call)
        guard let isCompatible = answer["is_compatible"]?.boolValue else { throw Self.misunderstood(call) }
        return CompatibilityReport(
            isCompatible: isCompatible,
            messages: (answer["messages"]?.elements ?? []).map { $0.string ?? "\($0)" },
            differences: answer["differences"]?.elements ?? []
        )
    }

    private func served(_ call: RegistryCall) async throws(RegistryClientError) -> ServedSchema {
        guard let schema = ServedSchema(try await connection.send(call)) else { throw Self.misunderstood(call) }
        return schema
    }

    private static func misunderstood(_ call: RegistryCall) -> RegistryClientError {
        RegistryClientError(.noRegistry, "the answer to \(call) is none that a schema registry gives")
    }
}
