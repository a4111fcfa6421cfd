package import Foundation
internal import JSON
package import LocalStack

/// What `busbar dev` starts: a broker, the registry, a ticket system and a worker with the connectors, each a process of
/// its own on free ports of 127.0.0.1, with its output in a file.
package struct DevStack: Sendable {
    /// Where things are.
    package struct Layout: Sendable {
        /// The `busbar` binary; `busbar-worker` and `busbar-registry` lie beside it.
        package var executable: String
        /// Connector files, or folders of them.
        package var connectors: [String]
        /// Contracts.
        package var schemas: String
        /// Deliveries in the day that will be sent.
        package var count: Int
        /// Logs, local state and the archive; created.
        package var folder: URL

        package init(executable: String, connectors: [String], schemas: String, count: Int, folder: URL) {
            self.executable = executable
            self.connectors = connectors
            self.schemas = schemas
            self.count = count
            self.folder = folder
        }

        /// The path of a program that is installed beside `busbar`.
        func beside(_ name: String) -> String {
            URL(filePath: executable).deletingLastPathComponent().appending(path: name).path
        }
    }

    /// Writes the dead letters of a topic to `dead-letters/<topic>.ndjson` of the folder, as `busbar tap --json` shows them.
    ///
    /// - Returns: the file.
    /// - Throws: when `busbar tap` cannot be started.
    package func keepDeadLetters(of topic: String) async throws -> URL {
        let folder = layout.folder.appending(path: "dead-letters")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "\(topic).ndjson")
        let tap = try await ChildProcess.start(
            layout.executable,
            ["tap", topic, "--brokers", broker.address, "--from", "earliest", "--no-follow", "--json"],
            output: file.path
        )
        let status = try await tap.exit()
        guard status == 0 else { throw LocalStackError("busbar tap \(topic) ended with \(status); see \(file.path)") }
        return file
    }

    /// Passwords of this run. They guard nothing but loopback ports and die with it.
    package struct Secrets: Sendable {
        package var webhook = UUID().uuidString
        package var tickets = UUID().uuidString

        package init() {}
    }

    package let layout: Layout
    package let secrets: Secrets
    package let broker: LocalBroker
    package let tickets: ChildProcess
    package let ticketsURL: String
    package let registry: ChildProcess
    package let registryURL: String
    package let worker: ChildProcess
    package let workerURL: String
    package let webhookURL: String

    /// Starts everything and returns when the worker says that all connectors are ready.
    /// - Throws: ``LocalStackError`` with the end of the log of what did not start.
    package static func start(_ layout: Layout, secrets: Secrets = Secrets()) async throws -> DevStack {
        try FileManager.default.createDirectory(at: layout.folder, withIntermediateDirectories: true)
        let broker = try await LocalBroker.start()
        var children: [ChildProcess] = []
        do {
            let ticketsPort = try LoopbackPort.free()
            let tickets = try await startTickets(layout, secrets, port: ticketsPort)
            children.append(tickets)
            let registryPort = try LoopbackPort.free()
            let registry = try await startRegistry(layout, port: registryPort)
            children.append(registry)
            let ports = (admin: try LoopbackPort.free(), webhook: try LoopbackPort.free())
            let ticketsURL = "http://127.0.0.1:\(ticketsPort)"
            let worker = try await startWorker(layout, secrets, broker, ports, ticketsURL)
            children.append(worker)
            let stack = DevStack(
                layout: layout,
                secrets: secrets,
                broker: broker,
                tickets: tickets,
                ticketsURL: ticketsURL,
                registry: registry,
                registryURL: "http://127.0.0.1:\(registryPort)",
                worker: worker,
                workerURL: "http://127.0.0.1:\(ports.admin)",
                webhookURL: "http://127.0.0.1:\(ports.webhook)/github"
            )
            try await stack.waitUntilReady()
            return stack
        } catch {
            for child in children { try await child.end() }
            try await broker.stop()
            throw error
        }
    }

    /// Ends the processes: the worker drains first.
    package func stop() async throws {
        try await worker.end(within: .seconds(40))
        try await tickets.end()
        try await registry.end()
        try await broker.stop()
    }

    /// The log of one of the processes, `worker` or `tickets`.
    package func log(of name: String) -> URL { layout.folder.appending(path: "\(name).log") }

    private static func startTickets(_ layout: Layout, _ secrets: Secrets, port: Int) async throws -> ChildProcess {
        try await ChildProcess.start(
            layout.executable,
            ["dev-tickets", "--port", String(port), "--count", String(layout.count)],
            environment: ["BUSBAR_SECRET_TICKETS_TOKEN": secrets.tickets],
            output: layout.folder.appending(path: "tickets.log").path
        )
    }

    private static func startRegistry(_ layout: Layout, port: Int) async throws -> ChildProcess {
        try await ChildProcess.start(
            layout.beside("busbar-registry"),
            ["--schemas", layout.schemas, "--listen", "127.0.0.1:\(port)"],
            output: layout.folder.appending(path: "registry.log").path
        )
    }

    private static func startWorker(
        _ layout: Layout,
        _ secrets: Secrets,
        _ broker: LocalBroker,
        _ ports: (admin: Int, webhook: Int),
        _ ticketsURL: String
    ) async throws -> ChildProcess {
        let settings = layout.folder.appending(path: "busbar.yaml")
        try settingsText(layout, broker, ports.admin).write(to: settings, atomically: true, encoding: .utf8)
        let environment = [
            "BUSBAR_SECRET_GITHUB_WEBHOOK": secrets.webhook,
            "BUSBAR_SECRET_TICKETS_TOKEN": secrets.tickets,
            "GITHUB_LISTEN": "127.0.0.1:\(ports.webhook)",
            "TICKETS_URL": ticketsURL,
            "ARCHIVE_DIR": layout.folder.appending(path: "archive").path,
        ]
        return try await ChildProcess.start(
            layout.beside("busbar-worker"),
            ["--config", settings.path] + layout.connectors,
            environment: environment,
            output: layout.folder.appending(path: "worker.log").path
        )
    }

    private static func settingsText(_ layout: Layout, _ broker: LocalBroker, _ port: Int) -> String {
        """
        # Written by `busbar dev`; the ports are those of this run.
        brokers: [\(broker.address)]
        schemas: \(layout.schemas)
        state: \(layout.folder.appending(path: "state").path)
        http: 127.0.0.1:\(port)
        worker: { id: dev, drain: 20s }

        """
    }

    private func waitUntilReady() async throws {
        let probe = WorkerProbe(workerURL)
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while true {
            guard worker.isRunning else {
                throw LocalStackError("busbar-worker ended at once:\n\(try tail(of: "worker"))")
            }
            if await probe.isReady() { return }
            guard .now < deadline else {
                throw LocalStackError("the connectors are not ready after 60 s:\n\(try tail(of: "worker"))")
            }
            // Between two questions only: readiness is asked for, not announced.
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func tail(of name: String) throws -> Substring {
        try String(contentsOf: log(of: name), encoding: .utf8).suffix(4000)
    }
}
