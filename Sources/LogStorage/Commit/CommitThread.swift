internal import Glibc

/// A POSIX thread that runs one closure and can be waited for: the home of blocking syncs.
final class CommitThread: Sendable {
    private final class Start {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    private let thread: pthread_t

    /// - Throws: `.io` when the process has no thread left; `body` is not run then.
    init(_ body: @escaping @Sendable () -> Void) throws(StorageError) {
        var thread = pthread_t()
        // Taken back by the thread, or below when there is none.
        let start = unsafe Unmanaged.passRetained(Start(body))
        let code = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            },
            unsafe start.toOpaque()
        )
        guard code == 0 else {
            unsafe start.release()
            throw StorageError(.io, "cannot start a sync thread: error \(code)", errorNumber: code)
        }
        self.thread = thread
    }

    /// Waits for the end. To be called once, from another thread.
    func join() {
        pthread_join(thread, nil)
    }
}
