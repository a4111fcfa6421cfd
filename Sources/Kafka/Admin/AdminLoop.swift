internal import CLibrdkafka
internal import Log
internal import Logging

/// The owner thread of an ``Admin``. It waits for commands without polling: every request has a queue of its own.
///
/// What is not constant is confined to the owner thread: hence `@unchecked Sendable`.
final class AdminLoop: @unchecked Sendable {
    static let timeout = Duration.seconds(15)

    let commands: CommandQueue
    let handle: ClientHandle
    private let logger: Logger
    private var isClosing = false
    private var closers: [CheckedContinuation<Void, Never>] = []

    private init(_ settings: ClientSettings, logger: Logger) throws(LogError) {
        handle = try ClientHandle(settings, ClientCallbacks(logger: logger))
        commands = CommandQueue(handle)
        self.logger = logger
    }

    static func open(_ settings: ClientSettings, logger: Logger) async throws(LogError) -> AdminLoop {
        let result: Result<AdminLoop, LogError> = await withCheckedContinuation { continuation in
            do throws(LogError) {
                try OwnerThread.start(named: "kafka-admin") {
                    do throws(LogError) {
                        let loop = try AdminLoop(settings, logger: logger)
                        loop.handle.setTarget(loop)
                        continuation.resume(returning: .success(loop))
                        loop.run()
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }

    func close() async {
        await withCheckedContinuation { continuation in
            commands.submit { isOpen in
                guard isOpen else { return continuation.resume() }
                self.closers.append(continuation)
                self.isClosing = true
            }
        }
    }

    func abandon() {
        commands.submit { isOpen in
            if isOpen { self.isClosing = true }
        }
    }

    private func run() {
        while !isClosing {
            for command in commands.drain() { command(true) }
            if isClosing { break }
            // Errors of the connection; there are no messages.
            unsafe rd_kafka_poll(handle.pointer, 0)
            commands.park(for: .seconds(5))
        }
        commands.close()
        handle.retire()
        for closer in closers { closer.resume() }
    }
}

extension AdminLoop: ClientCallbackTarget {
    func failed(_ error: LogError) {
        logger.info("admin client goes on after an error", metadata: ["error.message": "\(error)"])
    }
}
