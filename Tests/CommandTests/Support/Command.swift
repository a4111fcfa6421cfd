import Foundation
import Testing

/// Runs the built `busbar` as a user would, in a folder of its own.
struct Command {
    /// What a run came to.
    struct Result: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The binary beside the test bundle.
    static let executable: URL = {
        // SwiftPM runs the tests of a package from one bundle in the build folder, where the products lie too.
        let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let beside = bundle.deletingLastPathComponent().appending(path: "busbar")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "busbar")
    }()

    static let isBuilt = FileManager.default.isExecutableFile(atPath: executable.path)
    /// What a skipped test says.
    static let absence: Comment = "there is no busbar beside the test bundle; run `swift build` first"

    /// The working folder of the command.
    let folder: URL

    /// Makes a folder with `files` by their path in it, runs `body`, and removes the folder.
    static func inFolder<R>(_ files: [String: String] = [:], _ body: (Command) async throws -> R) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-command-\(UUID().uuidString)")
        for (path, text) in files {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let result: Swift.Result<R, any Error>
        do {
            result = .success(try await body(Command(folder: folder)))
        } catch {
            result = .failure(error)
        }
        try FileManager.default.removeItem(at: folder)
        return try result.get()
    }

    /// Runs `busbar` with `arguments` and nothing of this process's environment but what it needs.
    func run(
        _ arguments: String...,
        input: String = "",
        environment: [String: String] = [:]
    ) async throws -> Result {
        let process = try start(arguments, input: input, environment: environment)
        return try await process.result()
    }

    /// Starts `busbar`; the caller waits for its end.
    func start(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws -> RunningCommand
    {
        try RunningCommand(Self.executable, arguments, in: folder, input: input, environment: environment)
    }
}
