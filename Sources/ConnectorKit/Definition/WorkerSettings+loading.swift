extension WorkerSettings {
    /// Where settings come from, the strongest last: defaults, file, environment, flags.
    package struct Sources: Sendable {
        /// The text of `busbar.yaml`; `nil` when there is none.
        package var text: String?
        /// The path of `busbar.yaml`, for messages.
        package var file: String
        /// The whole environment. `BUSBAR_STATE` sets `state`, `BUSBAR_TELEMETRY_LEVEL` sets `telemetry.level`, and
        /// `BUSBAR_KAFKA_SECURITY_PROTOCOL` sets `security.protocol` under `kafka`.
        package var environment: [String: String]
        /// Values of flags by the dotted path of their key, for example `telemetry.level`.
        package var flags: [String: String]

        /// Sources as given; what is left out is not there.
        package init(
            text: String? = nil,
            file: String = "busbar.yaml",
            environment: [String: String] = [:],
            flags: [String: String] = [:]
        ) {
            self.text = text
            self.file = file
            self.environment = environment
            self.flags = flags
        }
    }

    /// What loading came to: settings unless there are errors.
    package struct Loaded: Sendable {
        /// `nil` when there are errors.
        package let settings: WorkerSettings?
        /// Errors and warnings, in the order of their places.
        package let diagnostics: [Diagnostic]
        /// For connectors: the secrets folder of these settings, the environment, and the disk.
        package let resolver: SecretResolver?
    }

    /// Reads, overlays, decodes and resolves. `readFile` serves `${file:…}` and `${secret:…}`.
    package static func load(
        _ sources: Sources,
        readFile: @escaping @Sendable (_ path: String) throws -> String?
    ) -> Loaded {
        let document: ConfigDocument
        do {
            document = try ConfigDocument(sources.text ?? "", file: sources.file)
        } catch {
            return Loaded(settings: nil, diagnostics: [error], resolver: nil)
        }
        var findings = FindingCollector()
        let overlay = SettingsOverlay(sources: sources)
        let root = overlay.apply(to: document.root, findings: &findings)
        var decoder = FieldDecoder()
        decoder.findings = findings
        let fields = decoder.decode(root, as: WorkerFields.all)
        findings = decoder.findings
        var loaded: (settings: WorkerSettings, resolver: SecretResolver)?
        if !findings.hasErrors {
            let environment = sources.environment
            var resolver = SecretResolver(environment: { environment[$0] }, file: readFile)
            resolver.directory = Self.secretsFolder(fields, resolver)
            loaded = settings(fields, resolver, &findings).map { ($0, resolver) }
        }
        let diagnostics = findings.finished(with: document)
        return Loaded(
            settings: findings.hasErrors ? nil : loaded?.settings,
            diagnostics: diagnostics,
            resolver: findings.hasErrors ? nil : loaded?.resolver
        )
    }

    /// Whether the settings name a registry, as far as they can be read: nothing is resolved.
    package static func namesRegistry(_ sources: Sources) -> Bool {
        do {
            var findings = FindingCollector()
            let document = try ConfigDocument(sources.text ?? "", file: sources.file)
            let root = SettingsOverlay(sources: sources).apply(to: document.root, findings: &findings)
            var decoder = FieldDecoder()
            return decoder.decode(root, as: WorkerFields.all).isWritten("registry")
        } catch {
            return false  // Whoever needs the settings says what is wrong with them.
        }
    }

    /// The folder itself may be named by the environment or a file, but not by a secret.
    private static func secretsFolder(_ fields: Fields, _ resolver: SecretResolver) -> String? {
        var only = Fields(specs: WorkerFields.all, at: fields.location)
        only.values["secrets"] = fields.values["secrets"]
        do {
            return try only.resolved(by: resolver).string("secrets")
        } catch {
            return nil  // Reported when all fields are resolved.
        }
    }

    private static func settings(
        _ fields: Fields,
        _ resolver: SecretResolver,
        _ findings: inout FindingCollector
    ) -> WorkerSettings? {
        let resolved: Fields
        do {
            resolved = try fields.resolved(by: resolver)
        } catch {
            for finding in error.diagnostics { findings.add(finding) }
            return nil
        }
        for entry in resolved.entries("kafka") where WorkerFields.reservedProperties.contains(entry.key) {
            findings.error(
                .contradiction,
                at: entry.keyLocation,
                "`kafka.\(entry.key)` is set by busbar, whose guarantees rest on it",
                fix: "Remove it."
            )
        }
        if let problem = RegistrySettings.problem(in: resolved) { findings.add(problem) }
        guard let http = address("http", of: resolved, example: "127.0.0.1:8080", &findings),
            let embedded = address("listen", of: resolved.object("embedded"), example: "127.0.0.1:9092", &findings)
        else { return nil }
        let settings = WorkerSettings(resolved, http: http, embedded: embedded)
        if let problem = settings.brokerProblem {
            findings.error(
                .invalidValue,
                at: resolved.location(of: "brokers"),
                "`brokers` holds `\(problem)`, which is no broker",
                fix: "Write `host:port`, for example `localhost:9092`, or `embedded` alone."
            )
        }
        return settings
    }

    private static func address(
        _ key: String,
        of fields: Fields,
        example: String,
        _ findings: inout FindingCollector
    ) -> ListenAddress? {
        if let address = ListenAddress(fields.string(key)) { return address }
        findings.error(
            .invalidValue,
            at: fields.location(of: key),
            "`\(key)` is `\(fields.string(key))`: nothing can listen there",
            fix: "Write `host:port`, for example `\(example)`."
        )
        return nil
    }

    private var brokerProblem: String? {
        guard case .cluster(let brokers) = brokers else { return nil }
        guard !brokers.isEmpty else { return "" }
        return brokers.first { ListenAddress($0) == nil }
    }
}

/// Puts environment variables and flags in place of what the file says.
struct SettingsOverlay {
    let sources: WorkerSettings.Sources

    /// Variables that are no settings.
    static let otherVariables: Set<String> = ["BUSBAR_CONFIG", "BUSBAR_BROKER_PROGRAM", "BUSBAR_SHARED"]

    func apply(to root: ConfigNode, findings: inout FindingCollector) -> ConfigNode {
        var root = root
        for (name, value) in sources.environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("BUSBAR_") {
            let location = ConfigLocation(origin: "environment variable \(name)")
            if let path = Self.path(of: name) {
                root.set(path[...], to: ConfigNode(.scalar(value, isQuoted: false), at: location))
            } else if !name.hasPrefix("BUSBAR_SECRET_"), !Self.otherVariables.contains(name) {
                warn(name, location, &findings)
            }
        }
        for (path, value) in sources.flags.sorted(by: { $0.key < $1.key }) {
            let location = ConfigLocation(origin: "--" + path.replacing(".", with: "-"))
            let parts = path.split(separator: ".").map(String.init)
            root.set(parts[...], to: ConfigNode(.scalar(value, isQuoted: false), at: location))
        }
        return root
    }

    private func warn(_ name: String, _ location: ConfigLocation, _ findings: inout FindingCollector) {
        let guess = Suggestion.nearest(to: name, among: Self.paths.map(Self.variable(of:)))
        findings.warning(
            .unknownVariable,
            at: location,
            "no setting is called that, so the variable has no effect",
            fix: guess.map { "Did you mean `\($0)`?" } ?? "Unset it."
        )
    }

    /// The keys that hold one value each.
    static var paths: [[String]] {
        WorkerFields.all.flatMap { spec -> [[String]] in
            switch spec.type {
            case .object(let inner): inner.map { [spec.name, $0.name] }
            case .oneOf(let shapes): [[spec.name]] + inner(of: shapes).map { [spec.name, $0.name] }
            case .map: []
            default: [[spec.name]]
            }
        }
    }

    /// The keys of the mapping among several shapes.
    private static func inner(of shapes: [FieldType]) -> [FieldSpec] {
        shapes.flatMap { if case .object(let specs) = $0 { specs } else { [FieldSpec]() } }
    }

    static func variable(of path: [String]) -> String {
        "BUSBAR_" + path.joined(separator: "_").uppercased()
    }

    private static func path(of variable: String) -> [String]? {
        if let path = paths.first(where: { Self.variable(of: $0) == variable }) { return path }
        let prefix = "BUSBAR_KAFKA_"
        guard variable.hasPrefix(prefix), variable.count > prefix.count else { return nil }
        return ["kafka", variable.dropFirst(prefix.count).lowercased().replacing("_", with: ".")]
    }
}

extension ConfigNode {
    /// Sets the value at `path`, in place of what stands there, with mappings where there are none.
    fileprivate mutating func set(_ path: ArraySlice<String>, to value: ConfigNode) {
        guard let key = path.first else {
            self = value
            return
        }
        var entries = if case .mapping(let entries) = content { entries } else { [Entry]() }
        let index = entries.firstIndex { $0.key == key }
        var inner = index.map { entries[$0].value } ?? ConfigNode(.mapping([]), at: value.location)
        inner.set(path.dropFirst(), to: value)
        let entry = Entry(key: key, keyLocation: value.location, value: inner)
        if let index { entries[index] = entry } else { entries.append(entry) }
        content = .mapping(entries)
    }
}
