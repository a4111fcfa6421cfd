internal import Synchronization

/// Delivery reports between whoever polls, who gets them, and the task that reads them.
///
/// It holds at most what fits into the producer's queue twice, and a thousand per sender: senders wait while ``count`` is at
/// the queue's limit, and look after each thousand.
///
/// Reports wait in chunks, which are handed out as they are: one array of all that has come would be of a size that the
/// allocator asks the kernel for each time, page by page.
final class ReportQueue: Sendable {
    /// Reports of one chunk.
    static let chunk = 1000

    private struct State {
        /// None is empty; those before `next` have been handed out.
        var chunks: [[DeliveryReport]] = []
        var next = 0
        var count = 0
        var isClosed = false

        mutating func append(_ new: inout [DeliveryReport]) {
            count += new.count
            if next < chunks.count, chunks[chunks.count - 1].count + new.count <= ReportQueue.chunk {
                chunks[chunks.count - 1].append(contentsOf: new)
                new.removeAll(keepingCapacity: true)
            } else {
                let isFull = new.count >= ReportQueue.chunk
                chunks.append(new)
                new = []
                if isFull { new.reserveCapacity(ReportQueue.chunk) }
            }
        }

        mutating func take() -> [DeliveryReport] {
            guard next < chunks.count else { return [] }
            var chunk: [DeliveryReport] = []
            swap(&chunk, &chunks[next])
            next += 1
            if next * 2 >= chunks.count {
                chunks.removeFirst(next)
                next = 0
            }
            count -= chunk.count
            return chunk
        }
    }

    private let state = Mutex(State())
    private let readers = WaitingTasks()
    /// Called after reports were handed out.
    private let onTaken: @Sendable () -> Void

    init(onTaken: @escaping @Sendable () -> Void) {
        self.onTaken = onTaken
    }

    /// Reports that nobody has read.
    var count: Int { state.withLock { $0.count } }

    /// Takes what has come, in its order, and leaves an empty array.
    func append(_ new: inout [DeliveryReport]) {
        guard !new.isEmpty else { return }
        state.withLock { $0.append(&new) }
        readers.wake()
    }

    /// No report follows.
    func close() {
        state.withLock { $0.isClosed = true }
        readers.wake()
    }

    func next() async -> [DeliveryReport]? {
        while true {
            let (reports, isClosed) = state.withLock { ($0.take(), $0.isClosed) }
            if !reports.isEmpty {
                onTaken()
                return reports
            }
            if isClosed || Task.isCancelled { return nil }
            await readers.wait { self.state.withLock { $0.isClosed || $0.count > 0 } }
        }
    }
}
