internal import CLibrdkafka
internal import Glibc
internal import Log

/// A detached POSIX thread that runs one closure: the home of blocking librdkafka calls.
enum OwnerThread {
    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(_ name: String, _ body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Starts the thread; of `name` Linux keeps 15 bytes.
    /// - Throws: when the process has no thread left; `body` is not run then.
    static func start(named name: String, _ body: @escaping @Sendable () -> Void) throws(LogError) {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        // Taken back by the thread, or below when there is none.
        let start = unsafe Unmanaged.passRetained(Start(name, body))
        let code = unsafe pthread_create(
            &thread,
            &attributes,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                unsafe busbar_name_thread(start.name)
                start.body()
                return nil
            },
            unsafe start.toOpaque()
        )
        guard code == 0 else {
            unsafe start.release()
            throw LogError(
                .other,
                name: "THREAD",
                message: unsafe "cannot start thread \(name): \(String(cString: strerror(code)))",
                isRetriable: true
            )
        }
    }

    /// Runs `body` on a thread of its own, or here when no thread can be had.
    static func startOrRun(named name: String, _ body: @escaping @Sendable () -> Void) {
        do {
            try start(named: name, body)
        } catch {
            body()
        }
    }
}
