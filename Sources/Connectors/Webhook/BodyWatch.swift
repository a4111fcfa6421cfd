internal import NIOCore
internal import Synchronization

/// Cuts off a request body that comes too slowly ("R-U-Dead-Yet"): the server's idle timeout starts anew with every part,
/// so that a dripping body would hold its connection for ever.
///
/// The channel's input is closed, which ends the reader's loop; the output stays open for the answer.
final class BodyWatch: Sendable {
    private struct State {
        var received = 0
        var isTooSlow = false
    }

    private let state = Mutex(State())
    private let settings: WebhookSettings
    private let start = NIODeadline.now()

    init(_ settings: WebhookSettings) {
        self.settings = settings
    }

    var isTooSlow: Bool { state.withLock { $0.isTooSlow } }

    /// Counts bytes that have come; returns how many there are in all.
    func add(_ count: Int) -> Int {
        state.withLock {
            $0.received += count
            return $0.received
        }
    }

    /// Calls `body` while a timer of the channel's event loop looks on.
    func watching<R>(_ channel: any Channel, _ body: () async throws -> R) async rethrows -> R {
        let interval = TimeAmount(min(settings.bodyTimeout / 4, .milliseconds(500)))
        let timer = channel.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [self] task in
            guard isOverdue(at: .now()) else { return }
            task.cancel()
            channel.close(mode: .input, promise: nil)
        }
        defer { timer.cancel() }
        return try await body()
    }

    private func isOverdue(at now: NIODeadline) -> Bool {
        let elapsed = Duration.nanoseconds((now - start).nanoseconds)
        return state.withLock { state in
            let due = Double(settings.minRate) * max(0, (elapsed - settings.bodyGrace) / .seconds(1))
            state.isTooSlow = elapsed >= settings.bodyTimeout || Double(state.received) < due
            return state.isTooSlow
        }
    }
}
