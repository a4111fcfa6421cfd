import Foundation
import Synchronization

/// A process whose output goes to files, so that no pipe can fill up.
struct RunningCommand: Sendable {
    let pid: Int32
    private let scratch: URL
    private let end: ProcessEnd

    init(
        _ executable: URL,
        _ arguments: [String],
        in folder: URL,
        input: String,
        environment: [String: String]
    ) throws {
        scratch = FileManager.default.temporaryDirectory.appending(path: "busbar-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        for (name, text) in ["in": input, "out": "", "err": ""] {
            try Data(text.utf8).write(to: scratch.appending(path: name))
        }
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path].merging(environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: scratch.appending(path: "in"))
        process.standardOutput = try FileHandle(forWritingTo: scratch.appending(path: "out"))
        process.standardError = try FileHandle(forWritingTo: scratch.appending(path: "err"))
        let end = ProcessEnd()
        process.terminationHandler = { end.reach($0.terminationStatus) }
        try process.run()
        pid = process.processIdentifier
        self.end = end
    }

    /// Output so far.
    func output() throws -> String {
        String(decoding: try Data(contentsOf: scratch.appending(path: "out")), as: UTF8.self)
    }

    /// Waits for the end.
    func result() async throws -> Command.Result {
        let status = await end.status()
        let errors = String(decoding: try Data(contentsOf: scratch.appending(path: "err")), as: UTF8.self)
        let result = Command.Result(status: status, output: try output(), errors: errors)
        try FileManager.default.removeItem(at: scratch)
        return result
    }
}

/// Waits for the end of one process, from one task.
private final class ProcessEnd: Sendable {
    private struct State {
        var status: Int32?
        var waiting: CheckedContinuation<Int32, Never>?
    }

    private let state = Mutex(State())

    func reach(_ status: Int32) {
        let waiting = state.withLock { state in
            state.status = status
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: status)
    }

    func status() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state -> Int32? in
                if state.status == nil { state.waiting = continuation }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }
}
