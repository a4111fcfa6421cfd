internal import Application
internal import ArgumentParser
internal import Contracts
internal import SchemaCheck

/// `busbar schema check`: may these contracts be released?
struct SchemaCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Finds new and changed contracts, and what they break.",
        discussion: """
            Example: busbar schema check --format github

            Compares the folder with what is released: --base git:REF (where HEAD left REF), dir:PATH, registry:URL, or \
            none (each version with those before it). Without --base it is the commit where the change started: what a \
            pull or merge request says, else where HEAD left the default branch.

            Errors: a released version was edited or deleted, a number is missing, a schema cannot be used, an example is \
            invalid, a new version breaks what its subject.yaml promises, or a connector reads or writes a member that \
            went away. Warnings: what the first version should settle. A PATH is a folder of contracts, a subject, or a \
            file of one.

            With --against-topic the newest version of the topic's subject, if it is new, is held against the last \
            records of the topic, as schema traffic does; --subject says which subject that is where neither topics: in \
            subject.yaml, nor a connector, nor its name does.

            Who asks a registry is under registry: in busbar.yaml, or BUSBAR_REGISTRY_TOKEN, or BUSBAR_REGISTRY_USER and \
            BUSBAR_REGISTRY_PASSWORD. With --format json each finding is a line; docs/schema-check.md has its members.

            Exit codes: 0 nothing stands against it, 1 the topic cannot be read, 2 errors (with --strict warnings too), \
            64 usage, 78 what to compare with cannot be read.
            """
    )

    @Option(help: ArgumentHelp("What is released: git:REF, dir:PATH, registry:URL or none.", valueName: "base"))
    var base: String?

    @Option(help: "By which rules versions are compared.")
    var policy = CompatibilityPolicy.sound

    @Option(help: "What every subject promises, in place of its subject.yaml.")
    var level: CompatibilityLevel?

    @Option(help: "What it means that a change is neither proved nor refuted.")
    var unknown = UnknownHandling.fail

    @Option(help: "How findings are printed.")
    var format = CheckFormat.text

    @Option(help: ArgumentHelp("Connector files, or a folder of them.", valueName: "path"))
    var connectors: String?

    @Flag(help: "Take warnings for errors.")
    var strict = false

    @OptionGroup var traffic: TrafficOptions

    @Option(help: ArgumentHelp("The subject that the topic's records obey.", valueName: "name"))
    var subject: String?

    @Argument(help: ArgumentHelp("Contracts to check; default schemas.", valueName: "path"))
    var paths: [String] = []

    func validate() throws {
        if subject != nil, traffic.againstTopic == nil { throw ValidationError("--subject is for --against-topic") }
    }

    func run() async throws {
        try await reportingFailures {
            let uses = try CheckedConnectors(path: connectors).uses()
            let checked = try await reportingCheckErrors { try await check(uses) }
            var report = checked.report
            let topic = CheckedTopic(traffic, subject: subject, connectors: uses)
            let owner = try await reportingCheckErrors { try topic.subject(in: checked.folders) }
            // What was found is shown though the topic cannot be read.
            let records: Result<String?, any Error>
            do {
                records = .success(try await topic.read(for: owner, into: &report))
            } catch {
                records = .failure(error)
            }
            if let text = format.rendered(report, Style()) { Output.bytes(Array(text.utf8)) }
            Output.note(report.summary)
            if let note = try records.get() { Output.note(note) }
            if report.errors > 0 || (strict && report.warnings > 0) { throw ExitCode.found }
        }
    }

    /// - Returns: what was found, and the folders that were looked at, with subjects that are gone.
    private func check(
        _ uses: [ConnectorUse]
    ) async throws -> (report: CheckReport, folders: [(folder: String, tree: SchemaTree)]) {
        var settings = SchemaCheck.Settings()
        (settings.policy, settings.level, settings.unknown) = (policy, level, unknown.severity)
        let source = ReleasedSource(
            base: try base.map { text throws(CheckError) in try CheckBase(text) },
            settings: traffic.records.broker.settings
        )
        var reports: [CheckReport] = []
        var folders: [(folder: String, tree: SchemaTree)] = []
        for scope in try CheckScope.scopes(of: paths.isEmpty ? ["schemas"] : paths) {
            let tree = try SchemaTree(folder: scope.folder)
            let released = try await source.released(scope, tree)
            let check = SchemaCheck(folder: scope.folder, settings: settings, connectors: uses)
            reports.append(await check.run(tree, released: released, subjects: scope.subjects))
            folders.append((scope.folder, tree.joined(with: released.tree)))
        }
        return (reports.dropFirst().reduce(into: reports[0]) { $0.add($1) }, folders)
    }

    private func reportingCheckErrors<R>(_ work: () async throws -> R) async throws -> R {
        do {
            return try await work()
        } catch let error as CheckError {
            throw CommandFailure(error.code.isUsage ? .usage : .configuration, error.message)
        }
    }
}

/// What `--unknown` may say.
enum UnknownHandling: String, CaseIterable, ExpressibleByArgument {
    case fail, warn

    var severity: CheckFinding.Severity {
        switch self {
        case .fail: .error
        case .warn: .warning
        }
    }
}

/// What `--format` may say.
enum CheckFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json, github, sarif, junit

    /// The report as it is printed; nil when there is nothing to print.
    func rendered(_ report: CheckReport, _ style: Style) -> String? {
        switch self {
        case .text:
            let text = TextReport(report) { ink, text in
                switch ink {
                case .title: style.bold(text)
                case .error: style.red(text)
                case .warning: style.yellow(text)
                case .place: style.dim(text)
                }
            }
            return text.text.isEmpty ? nil : text.text
        case .json: return Self.lines(JSONReport(report).lines)
        case .github: return Self.lines(GitHubReport(report).lines)
        case .sarif: return SARIFReport(report, version: WorkerApplication.version).text + "\n"
        case .junit: return JUnitReport(report).text
        }
    }

    private static func lines(_ lines: [String]) -> String? {
        lines.isEmpty ? nil : lines.joined(separator: "\n") + "\n"
    }
}
