internal import Glibc

/// A thread with a stack large enough for what libjq recurses over.
///
/// libjq frees, compares and prints nested values recursively, about 70 to 300 bytes of stack a level, and a program
/// that loops can nest some 200,000 levels deep in 100 ms: more than the 8 MiB of an ordinary thread hold. So programs
/// that can build deep values run here; the caller waits. The stack is address space; only touched pages cost memory.
///
/// `@unchecked Sendable`: `work` is written before `start` and read after it, and the other way round with `done`.
final class DeepStack: @unchecked Sendable {
    private static let bytes = 512 << 20

    private let mailbox = Mailbox()

    /// - Throws: `.runtime` when the system gives no thread of that size.
    init() throws(ExpressionError) {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, Self.bytes)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        // The new thread takes over this reference and gives it up when it ends.
        let context = unsafe Unmanaged.passRetained(mailbox)
        let error = unsafe pthread_create(
            &thread,
            &attributes,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Mailbox>.fromOpaque(context).takeRetainedValue().serve()
                return nil
            },
            context.toOpaque()
        )
        guard error == 0 else {
            unsafe context.release()
            throw ExpressionError(
                code: .runtime,
                message:
                    "no thread for a program that loops (pthread_create: \(error)); raise the limits on threads and memory"
            )
        }
    }

    deinit {
        mailbox.close()
    }

    /// Runs `body` on the thread and returns when it is done. Not for two callers at once.
    func run(_ body: () -> Void) {
        withoutActuallyEscaping(body) { mailbox.run($0) }
    }

    private final class Mailbox: @unchecked Sendable {
        private var work: (() -> Void)?
        private var isClosed = false
        private let start = Semaphore()
        private let done = Semaphore()

        func run(_ body: @escaping () -> Void) {
            work = body
            start.signal()
            done.wait()
        }

        func close() {
            isClosed = true
            start.signal()
        }

        func serve() {
            while true {
                start.wait()
                if isClosed { return }
                work?()
                work = nil
                done.signal()
            }
        }
    }
}

/// A POSIX semaphore that starts at zero.
@safe
private final class Semaphore {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func signal() {
        unsafe sem_post(semaphore)
    }

    func wait() {
        // A signal handler may interrupt the wait: EINTR.
        while unsafe sem_wait(semaphore) != 0 {}
    }
}
