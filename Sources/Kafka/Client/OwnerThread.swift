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

    /// - Parameter name: at most 15 bytes, as Linux shows it in `top -H`.
    /// - Throws: when the process has no thread left; `body` is not run then.
    static func start(named name: String, _ body: @escaping @Sendable () -> Void) throws(LogError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        // Taken back by the thread, or below when there is none.
        let start = Unmanaged.passRetained(Start(name, body))
        let code = pthread_create(
            &thread,
            &attributes,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                busbar_name_thread(start.name)
                start.body()
                return nil
            },
            start.toOpaque()
        )
        guard code == 0 else {
            start.release()
            throw LogError(
                .other,
                name: "THREAD",
                message: "cannot start thread \(name): \(String(cString: strerror(code)))",
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
