package import ConnectorKit
internal import Contracts
internal import Logging
package import RegistryClient
internal import Telemetry
internal import Worker

/// A worker's contracts: those of its folder, and of its registry those that the folder does not have.
struct WorkerContracts: Sendable {
    let supply: ContractSupply

    /// Reads what is known of the registry from an earlier run.
    /// - Throws: ``WorkerApplication/ConfigurationFailure`` for a registry that cannot be asked as the settings say.
    init(_ settings: WorkerSettings, _ metrics: MetricsRegistry, _ logger: Logger) throws {
        let folder = ContractFolder(settings.schemas)
        let cache = try settings.registry.map { registry in
            do {
                return try ContractCache(
                    RegistryClient(RegistryClientConfiguration(registry)),
                    directory: settings.state + "/contracts",
                    metrics: metrics,
                    logger: logger
                )
            } catch {
                throw WorkerApplication.ConfigurationFailure(description: "registry: \(error)")
            }
        }
        supply = ContractSupply(
            contract: { reference in
                guard let cache, !folder.mayHave(reference) else { return try folder.find(reference) }
                let known = try await cache.contract(ContractKey(reference))
                return (known.contract, known.label)
            },
            text: { try folder.text($0) },
            cache: cache
        )
    }

    /// Ends what is under way.
    func close() async {
        await supply.cache?.close()
    }
}

extension ContractKey {
    /// Of a subject in the registry.
    init(_ reference: SubjectReference) {
        self =
            reference.version.map { .version(subject: reference.subject, $0) } ?? .latest(subject: reference.subject)
    }
}

extension RegistryClientConfiguration {
    /// The registry of a settings file.
    /// - Throws: `configuration` for an address that cannot be used.
    package init(_ settings: RegistrySettings) throws(RegistryClientError) {
        let login = settings.login
        try self.init(
            urls: settings.urls,
            credentials: {
                switch login {
                case .nobody: nil
                case .basic(let user, let password): .basic(user: user, password: try password.current().reveal())
                case .bearer(let token): .bearer(try token.current().reveal())
                }
            },
            tls: TLS(
                authorities: settings.authorities,
                certificate: settings.certificate,
                key: settings.key
            )
        )
        timeout = settings.timeout
    }
}
