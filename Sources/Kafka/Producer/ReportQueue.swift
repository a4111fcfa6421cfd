internal import Synchronization

/// Delivery reports between whoever polls, who gets them, and the task that reads them.
///
/// It holds at most what fits into the producer's queue twice, and a thousand per sender: senders wait while ``count`` is at
/// the queue's limit, and look after each thousand.
final class ReportQueue: Sendable {
    private struct State {
        var reports: [DeliveryReport] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let readers = WaitingTasks()
    /// Called after reports were handed out.
    private let onTaken: @Sendable () -> Void

    init(onTaken: @escaping @Sendable () -> Void) {
        self.onTaken = onTaken
    }

    /// Reports that nobody has read.
    var count: Int { state.withLock { $0.reports.count } }

    /// Takes what has come, in its order, and leaves an empty array.
    func append(_ new: inout [DeliveryReport]) {
        guard !new.isEmpty else { return }
        state.withLock { state in
            if state.reports.isEmpty {
                swap(&state.reports, &new)
            } else {
                state.reports.append(contentsOf: new)
                new.removeAll(keepingCapacity: true)
            }
        }
        readers.wake()
    }

    /// No report follows.
    func close() {
        state.withLock { $0.isClosed = true }
        readers.wake()
    }

    func next() async -> [DeliveryReport]? {
        while true {
            let (reports, isClosed) = state.withLock { state in
                defer { state.reports = [] }
                return (state.reports, state.isClosed)
            }
            if !reports.isEmpty {
                onTaken()
                return reports
            }
            if isClosed || Task.isCancelled { return nil }
            await readers.wait { self.state.withLock { $0.isClosed || !$0.reports.isEmpty } }
        }
    }
}
