package import Logging

/// What a worker needs to know besides its connectors: `busbar.yaml`, environment and flags together.
package struct WorkerSettings: Sendable {
    /// Where the log is.
    package enum Brokers: Sendable, Hashable {
        /// busbar's own log, in this process's reach.
        case embedded
        /// `host:port` each.
        case cluster([String])
    }

    /// A host and a port to listen on.
    package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
        /// A name or an address, without brackets.
        package var host: String
        /// 0 takes a free port.
        package var port: Int

        /// `nil` unless `text` is `host:port` or `[v6]:port`.
        package init?(_ text: String) {
            guard let colon = text.lastIndex(of: ":"),
                let port = ScalarGrammar.integer(String(text[text.index(after: colon)...])),
                (0...65_535).contains(port)
            else { return nil }
            var host = text[..<colon]
            if host.hasPrefix("["), host.hasSuffix("]") {
                host = host.dropFirst().dropLast()
            } else if host.contains(":") {
                return nil
            }
            guard !host.isEmpty, !host.contains(where: \.isWhitespace) else { return nil }
            self.host = String(host)
            self.port = port
        }

        /// As it is written in files.
        package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// Where the log is.
    package let brokers: Brokers
    /// Where clients find the log: `host:port` each.
    package var bootstrap: [String] {
        switch brokers {
        case .embedded: [embedded.description]
        case .cluster(let brokers): brokers
        }
    }
    /// Where the embedded log listens.
    package let embedded: ListenAddress
    /// Settings file of the embedded log; `nil`: its defaults.
    package let embeddedConfig: String?
    /// Passed to librdkafka, in the order of the file.
    package let kafka: [(key: String, value: SecretString)]
    /// Folder of contracts.
    package let schemas: String
    /// A schema registry; `nil`: contracts come from the folder only.
    package let registry: RegistrySettings?
    /// Folder of local state.
    package let state: String
    /// Folder with one file per secret.
    package let secrets: String
    /// Where health, metrics and administration listen.
    package let http: ListenAddress
    /// Least severe log line that is written.
    package let logLevel: Logger.Level
    /// OTLP endpoint; `nil`: no traces are sent.
    package let traces: String?
    /// `nil`: the host's name.
    package let workerID: String?
    /// Whether the worker is a static member of its groups (KIP-345) under ``workerID``.
    package let isStatic: Bool
    /// Longest time for records under way after SIGTERM, 1 s to 1 h.
    package let drain: Duration

    /// - Precondition: `fields` were decoded by ``WorkerFields`` and checked, without errors.
    init(_ fields: Fields, http: ListenAddress, embedded: ListenAddress) {
        let brokers = fields.strings("brokers").flatMap { $0.split(separator: ",") }
            .map { String($0.trimming()) }
        self.brokers = brokers == ["embedded"] ? .embedded : .cluster(brokers)
        self.embedded = embedded
        embeddedConfig = fields.object("embedded").optionalString("config")
        kafka = fields.secretMap("kafka")
        schemas = fields.string("schemas")
        registry = RegistrySettings(in: fields)
        state = fields.string("state")
        secrets = fields.string("secrets")
        self.http = http
        logLevel = fields.object("telemetry").choice("level")
        traces = fields.object("telemetry").optionalString("traces")
        workerID = fields.object("worker").optionalString("id")
        isStatic = fields.object("worker").bool("static")
        drain = fields.object("worker").duration("drain")
    }
}

extension Substring {
    fileprivate func trimming() -> Substring {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
