internal import Logging
internal import NIOPosix
internal import Synchronization
internal import Telemetry

/// Threads for work that may take as long as somebody's schema makes it: compiling and comparing. The cooperative pool,
/// which answers everything else, never waits for it.
final class CheckThreads: Sendable {
    /// Pieces of work that may wait; those beyond are refused, and clients come back.
    static let maxWaiting = 256

    private let pool: NIOThreadPool
    private let capacity: Int
    private let load = Mutex(0)

    init(_ count: Int) {
        pool = NIOThreadPool(numberOfThreads: max(1, count))
        capacity = max(1, count) + Self.maxWaiting
        pool.start()
    }

    /// Pieces of work that are under way or wait.
    var current: Int { load.withLock { $0 } }

    /// Waits for a thread and for the work.
    /// - Throws: what the work throws, 429 when too many wait, 50001 when the registry is stopping.
    func run<R: Sendable>(
        _ work: @escaping @Sendable () throws(RegistryError) -> R
    ) async throws(RegistryError) -> R {
        try enter()
        defer { load.withLock { $0 -= 1 } }
        do {
            return try await pool.runIfActive(work)
        } catch let error as RegistryError {
            throw error
        } catch {
            throw RegistryError(.store, "The registry is stopping: \(error)")
        }
    }

    private func enter() throws(RegistryError) {
        let isFull = load.withLock { load in
            guard load < capacity else { return true }
            load += 1
            return false
        }
        guard !isFull else {
            throw RegistryError(
                .tooManyRequests,
                "More than \(Self.maxWaiting) schemas wait to be compiled and compared; try again later."
            )
        }
    }

    /// Ends the threads when they are done. Nothing may be run any more.
    ///
    /// As NIO has it, only the pool that a whole process shares refuses to end. Threads that stay are no reason to keep
    /// what else is open: it is said, no more.
    func stop(_ logger: Logger) async {
        do {
            try await pool.shutdownGracefully()
        } catch {
            logger.info("the threads that compare schemas did not end", metadata: Logger.Metadata([.error: "\(error)"]))
        }
    }
}
