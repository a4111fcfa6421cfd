internal import Application
internal import ArgumentParser
internal import ConnectorKit
internal import Foundation
internal import Kafka
internal import Logging

/// Where settings come from: flags, environment (`BUSBAR_…`), file, in this order.
struct SettingsOptions: ParsableArguments {
    @Option(help: "Settings file; default busbar.yaml, if there is one.")
    var config: String?

    /// Settings and what resolves references under them.
    /// - Throws: ``CommandFailure`` with every finding.
    func load(flags: [String: String] = [:]) throws -> (settings: WorkerSettings, resolver: SecretResolver) {
        try Self.load(config, flags: flags)
    }

    /// Whether they name a schema registry; secrets need not be there.
    func namesRegistry() throws -> Bool {
        let path = config ?? "busbar.yaml"
        let environment = ProcessInfo.processInfo.environment
        return WorkerSettings.namesRegistry(
            WorkerSettings.Sources(text: try Self.read(path), file: path, environment: environment)
        )
    }

    /// Those of a settings file that another option names; `nil` is busbar.yaml, if there is one.
    static func load(
        _ config: String?,
        flags: [String: String]
    ) throws -> (settings: WorkerSettings, resolver: SecretResolver) {
        let path = config ?? "busbar.yaml"
        if config != nil, !FileManager.default.fileExists(atPath: path) {
            throw CommandFailure(.configuration, "\(path): there is no such settings file")
        }
        let sources = WorkerSettings.Sources(
            text: try read(path),
            file: path,
            environment: ProcessInfo.processInfo.environment,
            flags: flags
        )
        let loaded = WorkerSettings.load(sources) { try read($0) }
        guard let settings = loaded.settings, let resolver = loaded.resolver else {
            throw CommandFailure(
                .configuration,
                "the settings cannot be used\n" + loaded.diagnostics.map(\.rendered).joined(separator: "\n")
            )
        }
        for warning in loaded.diagnostics { Output.note(warning.rendered) }
        return (settings, resolver)
    }

    /// `nil` where there is no such file.
    private static func read(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try String(contentsOfFile: path, encoding: .utf8)
    }
}

/// How to reach the brokers.
struct BrokerOptions: ParsableArguments {
    @Option(help: "Brokers, host:port, separated by commas.")
    var brokers: String?

    @OptionGroup var settings: SettingsOptions

    /// A log, and the addresses it is reached at. Nothing is connected yet.
    func log() throws -> (log: KafkaLog, address: String) {
        try Self.log(brokers: brokers, config: settings.config)
    }

    /// The same of brokers and a settings file that other options name; `defaults` are properties that the file may change.
    static func log(
        brokers: String?,
        config: String?,
        defaults: [String: String] = [:]
    ) throws -> (log: KafkaLog, address: String) {
        let flags = ["brokers": brokers].compactMapValues { $0 }
        let settings = try SettingsOptions.load(config, flags: flags).settings
        let properties = defaults.merging(settings.kafka.map { ($0.key, $0.value.reveal()) }) { $1 }
        let silent = Logger(label: "busbar") { _ in SwiftLogNoOpLogHandler() }
        return (
            KafkaLog(try ClientConfiguration(brokers: settings.bootstrap, settings: properties), logger: silent),
            settings.bootstrap.joined(separator: ",")
        )
    }
}
