internal import FoundationEssentials
internal import Logging
internal import Synchronization

/// Hands a client's reports to the handler, one after the other, and keeps at most one that waits: the newest.
///
/// The owner thread only copies the JSON; it is decoded where the handler runs.
final class StatisticsDelivery: Sendable {
    private struct State {
        var waiting: [UInt8]?
        var isDelivering = false
        var missed = 0
    }

    private let state = Mutex(State())
    private let handler: StatisticsReports.Handler
    private let logger: Logger

    init(_ handler: @escaping StatisticsReports.Handler, logger: Logger) {
        self.handler = handler
        self.logger = logger
    }

    /// Takes librdkafka's JSON. Never waits.
    func deliver(_ report: [UInt8]) {
        let mustStart = state.withLock { state in
            if state.waiting != nil { state.missed += 1 }
            state.waiting = report
            defer { state.isDelivering = true }
            return !state.isDelivering
        }
        // A task of its own, because nobody waits for it: it ends with the last report, and there is never a second one.
        if mustStart { Task { await self.run() } }
    }

    private func run() async {
        while let (report, missed) = next() {
            do {
                var statistics = try JSONDecoder().decode(ClientStatistics.self, from: Data(report))
                statistics.missedReports = missed
                await handler(statistics)
            } catch {
                logger.info("statistics cannot be read", metadata: ["error.message": "\(error)"])
            }
        }
    }

    private func next() -> ([UInt8], Int)? {
        state.withLock { state in
            guard let report = state.waiting else {
                state.isDelivering = false
                return nil
            }
            state.waiting = nil
            return (report, state.missed)
        }
    }
}
