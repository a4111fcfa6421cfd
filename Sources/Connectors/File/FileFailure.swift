internal import Delivery
internal import Glibc

/// A failed system call on a file.
struct FileFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The call, for example `open`.
    let call: String
    let path: String
    let errno: Int32

    /// Takes `errno` as the call left it.
    init(_ call: String, _ path: String, errno code: Int32 = Glibc.errno) {
        self.call = call
        self.path = path
        errno = code
    }

    var description: String { "\(call) \(path): \(Self.text(errno))" }

    /// What a sink answers for the records it could not write; the classes follow errno(3).
    ///
    /// | errno | answer |
    /// |---|---|
    /// | ENOSPC, EDQUOT, EIO, EMFILE, ENFILE, EAGAIN, EINTR, ENOMEM | retry: room, handles or the disk may come back |
    /// | ENAMETOOLONG | reject: this record's path can never exist |
    /// | EACCES, EPERM, EROFS | pause |
    /// | EWOULDBLOCK from `flock` | pause: another process writes the file |
    /// | anything else | pause: nothing is burnt while somebody looks |
    var sinkResult: SinkResult {
        if call == "flock", errno == EWOULDBLOCK {
            return .pause(.target, detail: "\(path) is written by another process or connector; give each its own path")
        }
        switch errno {
        case ENOSPC, EDQUOT, EIO, EMFILE, ENFILE, EAGAIN, EINTR, ENOMEM:
            return .retry(.target5xx, detail: description)
        case ENAMETOOLONG:
            return .reject(.policy, detail: description)
        case EACCES, EPERM, EROFS:
            return .pause(.target, detail: description)
        default:
            return .pause(.target, detail: description)
        }
    }

    private static func text(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "errno \(code)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
