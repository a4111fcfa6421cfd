internal import Application
internal import ArgumentParser
internal import ConnectorKit
internal import RegistryClient

/// How to reach a schema registry.
struct RegistryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Address of the registry.", valueName: "url"))
    var registry: String?

    @Option(
        help: ArgumentHelp(
            "Who asks; the password is BUSBAR_REGISTRY_PASSWORD or the settings file's.",
            valueName: "user"
        )
    )
    var registryUser: String?

    @Option(
        help: ArgumentHelp(
            "PEM file of the authorities that its certificate may be of, in place of this machine's.",
            valueName: "file"
        )
    )
    var registryAuthorities: String?

    @OptionGroup var settings: SettingsOptions

    /// A client; nothing is connected yet.
    /// - Throws: ``CommandFailure``: 78 when no registry is named, or it cannot be asked as the settings say.
    func client() throws -> RegistryClient {
        try Self.client(
            settings,
            flags: [
                "registry.url": registry, "registry.user": registryUser, "registry.authorities": registryAuthorities,
            ].compactMapValues { $0 }
        )
    }

    /// The same of settings, and of flags that other options give.
    static func client(_ settings: SettingsOptions, flags: [String: String]) throws -> RegistryClient {
        guard let settings = try settings.load(flags: flags).settings.registry else {
            throw CommandFailure(
                .configuration,
                "no registry is named; give --registry URL, BUSBAR_REGISTRY_URL, or registry: in busbar.yaml"
            )
        }
        do throws(RegistryClientError) {
            return try RegistryClient(try RegistryClientConfiguration(settings))
        } catch {
            throw CommandFailure(.configuration, "registry: \(error)")
        }
    }
}
