package import ConnectorKit
package import Contracts
package import RegistryClient

/// Where a connector's contracts come from.
package struct ContractSupply: Sendable {
    /// A contract and the `subject@vN` it is known by.
    package typealias Found = (contract: Contract, label: String)

    /// Finds the contract that a connector names.
    package var contract: @Sendable (SubjectReference) async throws -> Found
    /// The text of a contract of the folder, for its registration.
    package var text: @Sendable (SubjectReference) throws -> String
    /// A registry's; `nil` where none is configured.
    package var cache: ContractCache?

    package init(
        contract: @escaping @Sendable (SubjectReference) async throws -> Found,
        text: @escaping @Sendable (SubjectReference) throws -> String,
        cache: ContractCache?
    ) {
        self.contract = contract
        self.text = text
        self.cache = cache
    }

    /// What a sink's records are written with.
    /// - Throws: where there is no registry, or it has no such schema, or it cannot be asked and nothing is known from
    ///   before.
    func encoding(_ encoding: PayloadEncoding, in connector: String) async throws -> PlannedEncoding {
        guard let cache else { throw Self.noRegistry(connector) }
        return try PlannedEncoding(try await known(encoding, cache), encoding.place)
    }

    private func known(_ encoding: PayloadEncoding, _ cache: ContractCache) async throws -> KnownContract {
        guard let registered = encoding.registered else {
            let key: ContractKey =
                encoding.version.map { .version(subject: encoding.subject, $0) } ?? .latest(subject: encoding.subject)
            return try await cache.contract(key)
        }
        guard let reference = SubjectReference(registered) else {
            throw DriverError.plan("`register` is `\(registered)`, which names no contract")
        }
        return try await cache.register(SchemaSubmission(try text(reference)), under: encoding.subject)
    }

    static func noRegistry(_ connector: String) -> DriverError {
        .plan(
            "the connector \(connector) says `format: confluent-json`, and no registry is configured; name one under "
                + "`registry` in busbar.yaml, or give a contract of the folder where only the input has that format"
        )
    }
}
