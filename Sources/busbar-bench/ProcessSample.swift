internal import Foundation

/// What a process holds at one moment (proc(5)).
struct ProcessSample: Sendable {
    /// Memory of its own in MiB: `RssAnon`, which leaves out pages of files, its program among them.
    var anonymousMegabytes: Double
    /// All of it that is in RAM, in MiB: `VmRSS`.
    var residentMegabytes: Double
    /// The most that ever was, in MiB: `VmHWM`.
    var peakMegabytes: Double
    var threads: Int
    /// Open descriptors.
    var descriptors: Int
    /// Those of them that are sockets.
    var sockets: Int
    /// Descriptors of files that have no name any more.
    var deletedFiles: Int

    /// - Throws: when there is no such process.
    init(of pid: Int32) throws {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        anonymousMegabytes = try Self.value("RssAnon", in: status) / 1024
        residentMegabytes = try Self.value("VmRSS", in: status) / 1024
        peakMegabytes = try Self.value("VmHWM", in: status) / 1024
        threads = Int(try Self.value("Threads", in: status))
        let folder = "/proc/\(pid)/fd"
        let open = try FileManager.default.contentsOfDirectory(atPath: folder)
        descriptors = open.count
        let targets = open.compactMap { name -> String? in
            // One that was closed since the listing has no target any more, and is not looked at.
            let target = Result { try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)") }
            guard case .success(let path) = target else { return nil }
            return path
        }
        sockets = targets.count { $0.hasPrefix("socket:") }
        deletedFiles = targets.count { $0.hasSuffix(" (deleted)") }
    }

    private static func value(_ name: String, in status: String) throws -> Double {
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("\(name):") }),
            let value = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        else { throw BenchError("/proc/PID/status has no \(name)") }
        return value
    }
}
