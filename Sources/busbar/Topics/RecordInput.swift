internal import ArgumentParser
internal import Foundation

/// Reads the values of records from a file or standard input, a bounded part at a time.
struct RecordInput {
    /// How values lie in the input.
    enum Shape {
        /// One per line; empty lines are none.
        case lines
        case whole
        /// The input is not read.
        case tombstone
    }

    /// Bytes read at once.
    private static let chunk = 1 << 20

    let file: String
    let shape: Shape

    /// Hands over values, some at a time, in order; `nil` is a tombstone.
    /// - Throws: ``CommandFailure`` when the file cannot be read, and what `body` throws.
    func forEachBatch(_ body: ([[UInt8]?]) async throws -> Void) async throws {
        switch shape {
        case .tombstone: try await body([nil])
        case .whole: try await body([[UInt8](try read(open()))])
        case .lines:
            var lines = LineSplitter()
            let handle = try open()
            while let part = try handle.read(upToCount: Self.chunk), !part.isEmpty {
                let complete = lines.add(part)
                if !complete.isEmpty { try await body(complete) }
            }
            if let last = lines.rest { try await body([last]) }
        }
    }

    private func read(_ handle: FileHandle) throws -> Data {
        try handle.readToEnd() ?? Data()
    }

    private func open() throws -> FileHandle {
        if file == "-" { return .standardInput }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw CommandFailure(.usage, "\(file): the file cannot be read")
        }
        return handle
    }
}

/// Cuts bytes into lines; a line may come in parts. Empty lines and the carriage return before a line feed are dropped.
struct LineSplitter {
    private var open: [UInt8] = []

    /// The lines that are complete now.
    mutating func add(_ part: some Sequence<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in part {
            guard byte == UInt8(ascii: "\n") else {
                open.append(byte)
                continue
            }
            if let line = take() { lines.append(line) }
        }
        return lines
    }

    /// What stands after the last line feed.
    var rest: [UInt8]? {
        var copy = self
        return copy.take()
    }

    private mutating func take() -> [UInt8]? {
        defer { open.removeAll(keepingCapacity: true) }
        let line = open.last == UInt8(ascii: "\r") ? open.dropLast() : open[...]
        return line.isEmpty ? nil : [UInt8](line)
    }
}
