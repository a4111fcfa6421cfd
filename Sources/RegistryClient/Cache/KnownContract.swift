package import Contracts

/// A schema of the registry, compiled.
package struct KnownContract: Sendable {
    package let schema: ServedSchema
    package let contract: Contract
    /// What dead letters and messages call it: `orders-value@v3`, or `schema id 7`.
    package let label: String

    init(_ key: ContractKey, _ bundle: SchemaBundle) throws(ContractError) {
        schema = bundle.schema
        contract = try bundle.contract()
        if let subject = schema.subject, let version = schema.version {
            label = "\(subject)@v\(version)"
        } else {
            label = schema.id.map { "schema id \($0)" } ?? key.description
        }
    }
}

/// What the cache can say of a key without asking.
package enum KnownAnswer: Sendable {
    case found(KnownContract)
    /// The registry has no such schema, or what it has is none that can be used: asking again would not help now.
    case refused(String)
    /// Not known: it has to be asked for.
    case unknown
}

/// Why a contract of the registry cannot be had.
package enum ContractCacheError: Error, Sendable, CustomStringConvertible {
    /// The registry has no such schema, or what it has cannot be used.
    case refused(String)
    /// The registry cannot be asked, and nothing is known from before.
    case away(RegistryClientError)

    package var description: String {
        switch self {
        case .refused(let message): message
        case .away(let error): "\(error)"
        }
    }
}
