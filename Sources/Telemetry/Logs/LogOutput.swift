internal import Glibc
internal import Synchronization

/// Writes whole lines to a file descriptor, each with one `write(2)`, never two threads at once. Any thread; blocks
/// while the reader of a pipe is slow, since losing lines is worse.
package final class LogOutput: Sendable {
    private struct State {
        var lost = 0
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    /// Standard error.
    package static let standardError = LogOutput(descriptor: STDERR_FILENO)

    /// - Parameter descriptor: An open file descriptor; it is not closed.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Lines that could not be written, because the descriptor is closed, or the disk is full.
    package var lost: Int { state.withLock { $0.lost } }

    /// Writes one line, its line feed included.
    package func write(_ line: [UInt8]) {
        state.withLock { state in
            if !writeAll(line) { state.lost += 1 }
        }
    }

    /// POSIX allows a short write (signal, full disk): the rest follows, so that no line is cut while it can be avoided.
    private func writeAll(_ line: [UInt8]) -> Bool {
        var rest = line[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if written == 0 || !waitUntilWritable(after: errno) {
                return false
            }
        }
        return true
    }

    /// A descriptor shared with a shell or a supervisor may have been made non-blocking by someone else.
    private func waitUntilWritable(after error: Int32) -> Bool {
        if error == EINTR { return true }
        guard error == EAGAIN else { return false }
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, 1000) > 0
    }
}
