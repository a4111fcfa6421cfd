import Foundation
import Subprocess
import SystemPackage
import Testing

/// A folder that is gone after its test.
struct TemporaryFolder {
    let url: URL
    var path: String { url.path }

    static func with<R>(_ files: [String: String] = [:], _ body: (TemporaryFolder) async throws -> R) async throws -> R
    {
        let folder = TemporaryFolder(
            url: FileManager.default.temporaryDirectory.appending(path: "busbar-check-\(UUID().uuidString)")
        )
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        let result: Result<R, any Error>
        do {
            try folder.write(files)
            result = .success(try await body(folder))
        } catch {
            result = .failure(error)
        }
        try FileManager.default.removeItem(at: folder.url)
        return try result.get()
    }

    func write(_ files: [String: String]) throws {
        for (path, text) in files {
            let file = url.appending(path: path)
            let parent = file.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    func remove(_ path: String) throws {
        try FileManager.default.removeItem(at: url.appending(path: path))
    }

    /// Runs git as nobody in particular, with no settings but its own.
    @discardableResult
    func git(_ arguments: String..., in folder: String? = nil) async throws -> String {
        let result = try await Subprocess.run(
            .name("git"),
            arguments: Arguments(["-C", folder ?? path] + arguments),
            environment: .inherit.updating([
                "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a",
                "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
            ]),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        try #require(result.terminationStatus.isSuccess, "git \(arguments): \(result.standardError)")
        return result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Puts all that is there into a commit.
    @discardableResult
    func commit(_ message: String = "a change") async throws -> String {
        try await git("add", "-A")
        try await git("commit", "-q", "--allow-empty", "-m", message)
        return try await git("rev-parse", "HEAD")
    }
}
