internal import Glibc
package import LocalStack

extension LocalBroker {
    /// Stops the process while `body` runs: its sockets stay open and say nothing.
    package func frozen<R>(_ body: () async throws -> R) async throws -> R {
        guard Glibc.kill(pid, SIGSTOP) == 0 else { throw FreezeError(number: errno) }
        defer { Glibc.kill(pid, SIGCONT) }
        // Requests are answered until the last of its threads has met the signal.
        var state = siginfo_t()
        while waitid(P_PID, id_t(pid), &state, WSTOPPED | WNOWAIT) != 0 {
            guard errno == EINTR else { throw FreezeError(number: errno) }
        }
        return try await body()
    }
}

/// The broker's process could not be stopped.
private struct FreezeError: Error, CustomStringConvertible {
    let number: Int32

    var description: String { "the broker could not be frozen: \(String(cString: strerror(number)))" }
}
