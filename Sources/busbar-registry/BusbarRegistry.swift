import ArgumentParser
import ConnectorKit
import Contracts
import Foundation
import HTTPService
import Kafka
import Log
import Logging
import Registry
import ServiceLifecycle
import Telemetry
import UnixSignals

/// `busbar-registry`: keeps contracts, or serves those of a folder, until it is told to stop.
@main
struct BusbarRegistry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "busbar-registry",
        abstract: "Serves contracts by the API of Confluent's schema registry.",
        discussion: """
            Example: busbar-registry --schemas schemas --listen 127.0.0.1:8081

            With --schemas, contracts are the files schemas/<subject>/v<N>.json: they are read once, all of them are \
            checked, ids depend on nothing but their text, and nothing can be changed. With --file they are kept in a \
            SQLite file of this one process, and with --brokers in the compacted topic that Confluent's registry uses, by \
            any number of processes; both take registrations, deletions, levels and modes. Health is at /healthz, \
            metrics are at /metrics. SIGTERM answers what is under way and exits 0.

            Exit codes: 0 stopped as asked, 1 failed, 64 usage, 78 configuration.
            """
    )

    @Option(help: "Folder of contracts to serve, read-only. Default: schemas, unless --file or --brokers is given.")
    var schemas: String?

    @Option(help: "SQLite file to keep contracts in; made if it is not there.")
    var file: String?

    @Option(help: "Brokers of the cluster to keep contracts in, host:port with commas between.")
    var brokers: String?

    @Option(help: "Topic to keep contracts in.")
    var topic = "_schemas"

    @Option(help: "File of librdkafka properties for the cluster, one name=value a line.")
    var kafka: String?

    @Option(help: "Address to listen on, host:port; port 0 takes a free one.")
    var listen = "127.0.0.1:8081"

    @Flag(
        help: """
            Take no changes: for an instance beside another registry on the same storage. Nothing is made and nobody is \
            kept from writing.
            """
    )
    var readOnly = false

    @Option(help: "Largest schema that is registered or checked, in bytes of its text without white space.")
    var maxSchemaBytes = RegistryLimits().schemaBytes

    @Option(
        help: """
            How long the comparisons of one schema may take, in milliseconds, from 1 on. What is not decided by then \
            counts as not compatible.
            """
    )
    var checkTimeoutMs = 10_000

    @Flag(help: "Take changes from other addresses than loopback without asking who sends them.")
    var allowUnauthenticated = false

    @OptionGroup var security: SecurityOptions

    func validate() throws {
        guard [schemas, file, brokers].count(where: { $0 != nil }) <= 1 else {
            throw ValidationError(
                "--schemas, --file and --brokers exclude each other: contracts are kept in one place."
            )
        }
        guard let address = WorkerSettings.ListenAddress(listen) else {
            throw ValidationError("'\(listen)' is no address: write host:port, for example 127.0.0.1:8081.")
        }
        let isLoopback = address.host.hasPrefix("127.") || ["localhost", "::1", "[::1]"].contains(address.host)
        guard maxSchemaBytes >= 1, maxSchemaBytes <= RegistryServer.maxBodyBytes / 2, checkTimeoutMs >= 1 else {
            throw ValidationError(
                "--max-schema-bytes is 1 to \(RegistryServer.maxBodyBytes / 2), and --check-timeout-ms at least 1."
            )
        }
        let takesChanges = (file != nil || brokers != nil) && !readOnly
        guard !takesChanges || isLoopback || security.asksWho || allowUnauthenticated else {
            throw ValidationError(
                "On \(address.host) anybody could change contracts: give --users or --token-keys, listen on 127.0.0.1, "
                    + "or say --allow-unauthenticated."
            )
        }
    }

    func run() async throws {
        if security.hashPassword { return try SecurityOptions.printHash() }
        guard let address = WorkerSettings.ListenAddress(listen) else { throw ExitCode(64) }
        LoggingSystem.bootstrap { JSONLogHandler(label: $0) }
        let logger = Logger(label: "busbar-registry")
        let registry = try await open(logger)
        let server = RegistryServer(
            registry,
            host: address.host,
            port: address.port,
            logger: logger,
            authentication: try await authentication(logger),
            tls: try tls()
        ) { port in
            logger.info("the registry is up", metadata: Logger.Metadata([.port: "\(port)"]))
        }
        let group = ServiceGroup(
            configuration: .init(
                services: [RegistryRun(server: server, registry: registry, logger: logger)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
        await registry.close(logger)
    }

    /// - Throws: exit code 78 for a folder or file that cannot be served, 1 for brokers that do not answer.
    private func open(_ logger: Logger) async throws -> Registry {
        do {
            return try await Registry.open(
                try await storage(logger),
                limits: RegistryLimits(schemaBytes: maxSchemaBytes, checkTime: .milliseconds(checkTimeoutMs))
            )
        } catch let error as RegistryError {
            throw failed([error.description], brokers == nil ? 78 : 1)
        }
    }

    private func storage(_ logger: Logger) async throws -> any RegistryStorage {
        if let file { return try await SQLiteStorage.open(path: file, isReadOnly: readOnly) }
        guard let brokers else { return try folder() }
        let log = KafkaLog(try client(brokers), logger: logger)
        return try await TopicStorage.open(log, topic: TopicName(topic), isReadOnly: readOnly)
    }

    /// - Throws: exit code 78 for a file of properties that is none; never with a line of it, which may be a secret.
    private func client(_ brokers: String) throws -> ClientConfiguration {
        // Where others' changes end is known when a fetch finds nothing more: that must not take half a second.
        var properties = ["fetch.wait.max.ms": "100"]
        if let kafka {
            guard let text = FileManager.default.contents(atPath: kafka).map({ String(decoding: $0, as: UTF8.self) })
            else {
                throw failed(["\(kafka): the file of properties cannot be read"], 78)
            }
            for (number, line) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false)) {
                if line.allSatisfy(\.isWhitespace) || line.hasPrefix("#") { continue }
                let pair = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard pair.count == 2 else { throw failed(["\(kafka):\(number): a property is name=value"], 78) }
                properties[pair[0].trimmingCharacters(in: .whitespaces)] = pair[1].trimmingCharacters(in: .whitespaces)
            }
        }
        return ClientConfiguration(
            brokers: brokers.split(separator: ",").map(String.init),
            clientID: "busbar-registry",
            properties: properties
        )
    }

    /// - Throws: exit code 78 after saying what is wrong with each file.
    private func folder() throws -> FolderStorage {
        let folder = schemas ?? "schemas"
        let problems = ContractStore.problems(in: folder, usesPins: false).map(\.description)
        guard problems.isEmpty else { throw failed(problems, 78) }
        do {
            return try FolderStorage(ContractStore(folder: folder, usesPins: false))
        } catch {
            throw failed(["\(error)"], 78)
        }
    }

    /// - Throws: exit code 78 for files that cannot be used.
    private func authentication(_ logger: Logger) async throws -> RegistryAuthentication {
        do {
            return try await security.authentication(logger)
        } catch let error as RegistryError {
            throw failed([error.message], 78)
        }
    }

    /// - Throws: exit code 78 for files that cannot be used.
    private func tls() throws -> HTTPServiceTLS? {
        guard let certificate = security.tlsCertificate, let key = security.tlsKey else { return nil }
        let tls = HTTPServiceTLS(
            certificate: certificate,
            key: key,
            clientAuthority: security.tlsClientAuthority
        )
        do {
            try tls.check()
        } catch {
            throw failed([error.description], 78)
        }
        return tls
    }

    private func failed(_ problems: [String], _ code: Int32) -> ExitCode {
        FileHandle.standardError.write(Data(problems.map { $0 + "\n" }.joined().utf8))
        return ExitCode(code)
    }
}

private struct RegistryRun: Service {
    let server: RegistryServer
    let registry: Registry
    let logger: Logger

    /// How often an instance looks for what others have stored; a change looks for itself.
    private static let period = Duration.milliseconds(200)

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            if registry.isShared { group.addTask { await follow() } }
            try await server.run()
            group.cancelAll()
        }
    }

    /// Runs until it is cancelled: a cluster that is away for a while is no reason to stop answering reads.
    private func follow() async {
        while !Task.isCancelled {
            do {
                try await registry.refresh()
            } catch {
                logger.warning("others' changes cannot be read", metadata: Logger.Metadata([.error: "\(error)"]))
            }
            // The topic is read to its end at each turn; the pause is how late a read here may see another's change. Writes
            // read to the end themselves. It ends by cancellation only.
            do { try await Task.sleep(for: Self.period) } catch { return }
        }
    }
}
