import Foundation
import LocalStack
import Testing

/// What keeps a worker from starting is said at once, on standard error, with the place and the fix, and exit code 78.
@Suite(.timeLimit(.minutes(2)))
struct StartTests {
    private static let good = """
        connector: good
        description: Of a test.
        owner: tests
        from:
          kafka: { topic: in }
        to:
          kafka: { topic: out }

        """

    struct BadStart: Sendable, CustomTestStringConvertible {
        let name: String
        var connector = StartTests.good
        var settings = ""
        var schema: String?
        /// What the message must contain.
        let says: [String]
        var testDescription: String { name }
    }

    private static let bad: [BadStart] = [
        BadStart(name: "malformed YAML", connector: "connector: [", says: ["c.yaml:", "BB1002"]),
        BadStart(name: "an empty file", connector: "", says: ["c.yaml"]),
        BadStart(
            name: "an unknown key",
            connector: good + "delivry: { order: key }\n",
            says: ["c.yaml:8:1", "BB1010", "delivry", "delivery"]
        ),
        BadStart(
            name: "a wrong type",
            connector: good + "delivery: { in_flight: many }\n",
            says: ["c.yaml:8:", "BB1012", "in_flight"]
        ),
        BadStart(
            name: "a missing secret",
            connector: good.replacing("kafka: { topic: out }", with: httpSink("${secret:nowhere}")),
            says: ["c.yaml:", "BB1021", "nowhere", "BUSBAR_SECRET_NOWHERE"]
        ),
        BadStart(
            name: "a missing variable",
            connector: good.replacing("kafka: { topic: out }", with: httpSink("${env:E2E_NOWHERE}")),
            says: ["c.yaml:", "BB1021", "E2E_NOWHERE"]
        ),
        BadStart(
            name: "a missing file",
            connector: good.replacing("kafka: { topic: out }", with: httpSink("${file:/nowhere/token}")),
            says: ["c.yaml:", "BB1021", "/nowhere/token"]
        ),
        BadStart(
            name: "an unknown contract",
            connector: good + "contract: order\n",
            schema: "{}",
            says: ["c.yaml:8:", "BB1041", "orders"]
        ),
        BadStart(
            name: "a contract that is no JSON",
            connector: good + "contract: orders\n",
            schema: "{",
            says: ["c.yaml:8:", "BB1041", "v1.json"]
        ),
        BadStart(
            name: "a contract that is no schema",
            connector: good + "contract: orders\n",
            schema: #"{"type":"objekt"}"#,
            says: ["c.yaml:8:", "BB1041", "v1.json", "type"]
        ),
        BadStart(
            name: "jq with a syntax error",
            connector: good + "steps: [ { filter: '.a ==' } ]\n",
            says: ["c.yaml:8:", "BB1042"]
        ),
        BadStart(name: "an unknown setting", settings: "brokrs: [a:1]\n", says: ["busbar.yaml:", "BB1010", "brokers"]),
        BadStart(
            name: "a reserved property",
            settings: "kafka: { group.id: mine }\n",
            says: ["busbar.yaml:", "BB1035", "group.id"]
        ),
        BadStart(
            name: "an address that is none",
            settings: "http: nowhere\n",
            says: ["busbar.yaml:", "BB1014", "http"]
        ),
    ]

    private static func httpSink(_ token: String) -> String {
        #"http: { url: "http://127.0.0.1:1/", headers: { Authorization: "Bearer \#(token)" } }"#
    }

    @Test(arguments: bad) func aWorkerThatCannotStartSaysWhatAndWhere(_ bad: BadStart) async throws {
        try await withFolder { folder in
            try bad.connector.write(to: folder.appending(path: "c.yaml"), atomically: true, encoding: .utf8)
            if let schema = bad.schema { try Self.write(schema, to: folder) }
            let settings = bad.settings + "schemas: \(folder.path)/schemas\nstate: \(folder.path)/state\n"
            let result = try await Self.start(folder, settings)
            #expect(result.code == 78, "\(result.output)")
            for words in bad.says { #expect(result.output.contains(words)) }
            #expect(!result.output.contains("Fatal error"))
        }
    }

    @Test func filesThatAreNotThereAreNamed() async throws {
        try await withFolder { folder in
            let result = try await Self.start(folder, "state: \(folder.path)/state\n", connectors: ["nowhere.yaml"])
            #expect(result.code == 78)
            #expect(result.output.contains("nowhere.yaml: there is no such file"))
        }
    }

    @Test func aStateFolderThatCannotBeWrittenStopsTheStart() async throws {
        try await withFolder { folder in
            try Self.good.write(to: folder.appending(path: "c.yaml"), atomically: true, encoding: .utf8)
            // A file stands where the folder would be: that stops root too, which no permission does.
            try "".write(to: folder.appending(path: "file"), atomically: true, encoding: .utf8)
            let result = try await Self.start(folder, "state: \(folder.path)/file/state\n")
            #expect(result.code == 78, "\(result.output)")
            #expect(result.output.contains("\(folder.path)/file/state"))
        }
    }

    @Test func aSecondWorkerOnOneStateFolderIsRefused() async throws {
        try await withFolder { folder in
            try Self.good.write(to: folder.appending(path: "c.yaml"), atomically: true, encoding: .utf8)
            let first = try await Self.spawn(folder, "state: \(folder.path)/state\n")
            try await poll("the first worker holds its folder", within: .seconds(30)) {
                try Self.output(folder).contains("health checks are up") ? () : nil
            }
            let second = try await Self.start(folder, "state: \(folder.path)/state\n", log: "second.log")
            #expect(second.code == 78, "\(second.output)")
            #expect(second.output.contains("\(folder.path)/state"))
            #expect(second.output.contains("another worker"))
            first.signal(SIGKILL)
            try await first.exit()
            // What a crash leaves behind keeps nobody out.
            let third = try await Self.spawn(folder, "state: \(folder.path)/state\n", log: "third.log")
            try await poll("a worker takes over a killed one's folder", within: .seconds(30)) {
                try Self.output(folder, "third.log").contains("health checks are up") ? () : nil
            }
            try await third.end()
        }
    }

    @Test func aPortInUseEndsTheWorkerAndIsNamed() async throws {
        try await withFolder { folder in
            try Self.good.write(to: folder.appending(path: "c.yaml"), atomically: true, encoding: .utf8)
            let port = try LoopbackPort.free()
            let settings = "http: 127.0.0.1:\(port)\n"
            let first = try await Self.spawn(folder, settings + "state: \(folder.path)/a\n")
            try await poll("the first worker listens", within: .seconds(30)) {
                try LoopbackPort.answers(port) ? () : nil
            }
            let second = try await Self.start(folder, settings + "state: \(folder.path)/b\n", log: "second.log")
            #expect(second.code == 1)
            #expect(second.output.contains("127.0.0.1:\(port)"), "\(second.output)")
            try await first.end()
        }
    }

    @Test(arguments: [0, 20, 60, 120, 250]) func sigtermDuringTheStartEndsTheWorker(after wait: Int) async throws {
        try await withFolder { folder in
            try Self.good.write(to: folder.appending(path: "c.yaml"), atomically: true, encoding: .utf8)
            // Nobody listens at the broker's address: the start takes until it is ended.
            let process = try await Self.spawn(folder, "state: \(folder.path)/state\n")
            try await Task.sleep(for: .milliseconds(wait))  // the moment is the test's input, not its synchronisation
            process.signal(SIGTERM)
            let code = try await Self.code(of: process, within: .seconds(30))
            // Before its handler is there, the signal ends the process as it does any.
            let output = try Self.output(folder)
            #expect(code == 0 || code == -SIGTERM, "\(code): \(output)")
        }
    }

    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-start-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(folder))
        } catch {
            result = .failure(error)
        }
        try FileManager.default.removeItem(at: folder)
        try result.get()
    }

    private static func write(_ schema: String, to folder: URL) throws {
        let subject = folder.appending(path: "schemas/orders")
        try FileManager.default.createDirectory(at: subject, withIntermediateDirectories: true)
        try schema.write(to: subject.appending(path: "v1.json"), atomically: true, encoding: .utf8)
        try "owner: tests\ncompatibility: none\ntopics: [in]\ndescription: Of a test.\n"
            .write(to: subject.appending(path: "subject.yaml"), atomically: true, encoding: .utf8)
    }

    private static func spawn(
        _ folder: URL,
        _ settings: String,
        connectors: [String]? = nil,
        log: String = "worker.log"
    ) async throws -> ChildProcess {
        let file = folder.appending(path: "busbar.yaml")
        let whole = "http: 127.0.0.1:0\nbrokers: [127.0.0.1:1]\n"
            .split(separator: "\n", omittingEmptySubsequences: true)
            .filter { line in !settings.contains(line.prefix { $0 != ":" } + ":") }
            .joined(separator: "\n")
        try (whole + "\n" + settings).write(to: file, atomically: true, encoding: .utf8)
        return try await ChildProcess.start(
            WorkerSetup.executable,
            ["--config", file.path] + (connectors ?? [folder.appending(path: "c.yaml").path]),
            output: folder.appending(path: log).path
        )
    }

    private static func start(
        _ folder: URL,
        _ settings: String,
        connectors: [String]? = nil,
        log: String = "worker.log"
    ) async throws -> (code: Int32, output: String) {
        let process = try await spawn(folder, settings, connectors: connectors, log: log)
        return (try await code(of: process, within: .seconds(30)), try output(folder, log))
    }

    /// Waits for the exit; kills what does not end.
    private static func code(of process: ChildProcess, within limit: Duration) async throws -> Int32 {
        do {
            try await poll("process \(process.pid) has ended", within: limit) { process.isRunning ? nil : () }
        } catch {
            process.signal(SIGKILL)
            throw error
        }
        return try await process.exit()
    }

    private static func output(_ folder: URL, _ log: String = "worker.log") throws -> String {
        try String(contentsOf: folder.appending(path: log), encoding: .utf8)
    }
}
