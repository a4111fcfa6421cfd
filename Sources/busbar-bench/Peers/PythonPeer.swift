internal import Foundation

/// A program in Python that does the same work, in a process of its own; it says how much CPU time that took.
final class PythonPeer {
    private let process = Process()
    private let requests = Pipe()
    private let answers = Pipe()
    private let folder: URL
    private var unread: [UInt8] = []

    /// Starts `script` of scripts/bench_peers with the Python of `environment` and a folder with these files.
    /// - Throws: that one of them is not there, with the command that installs them.
    init(_ script: String, in environment: URL, files: [(name: String, content: [UInt8])]) throws {
        let python = environment.appending(path: "bin/python")
        let source = URL(filePath: "scripts/bench_peers/\(script)")
        for file in [python, source] where !FileManager.default.fileExists(atPath: file.path) {
            throw BenchError("there is no \(file.path); run scripts/bench-peers.sh in busbar's folder, or pass --alone")
        }
        folder = FileManager.default.temporaryDirectory.appending(path: "busbar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in files { try Data(file.content).write(to: folder.appending(path: file.name)) }
        process.executableURL = python
        process.arguments = [source.path, folder.path]
        process.standardInput = requests
        process.standardOutput = answers
        try process.run()
        guard try line() == "ready" else { throw BenchError("\(script) did not start") }
    }

    /// Sends a line and takes the answer: a count of its own, CPU seconds, wall seconds.
    func ask(_ request: String) throws -> (count: Int, cpu: Double, seconds: Double) {
        try requests.fileHandleForWriting.write(contentsOf: Data("\(request)\n".utf8))
        let answer = try line()
        let numbers = answer.split(separator: " ").compactMap { Double($0) }
        guard numbers.count == 3 else { throw BenchError("asked '\(request)' a peer answered '\(answer)'") }
        return (Int(numbers[0]), numbers[1], numbers[2])
    }

    /// Ends the process and removes what it read; a bench that failed leaves it.
    func end() throws {
        try requests.fileHandleForWriting.close()
        process.waitUntilExit()
        try FileManager.default.removeItem(at: folder)
    }

    private func line() throws -> String {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let text = String(decoding: unread[..<end], as: UTF8.self)
                unread.removeFirst(end + 1)
                return text
            }
            let more = answers.fileHandleForReading.availableData
            guard !more.isEmpty else { throw BenchError("a peer ended; its complaint is above") }
            unread += more
        }
    }
}
