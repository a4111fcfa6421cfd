internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// One client's connection as the request threads see it: a queue of frames that are worked on one after the other, and
/// a way back to the channel. Any thread.
///
/// Only the start of each request is serial; an answer that waits (for a sync, for records, for a group) lets the next
/// request start.
final class Connection: Sendable {
    private struct Queue {
        var frames = CircularBuffer<(slot: UInt64, frame: ByteBuffer)>()
        var isWorking = false
    }

    let id: UInt64
    /// The peer's address without its port; empty when it is not known.
    let host: String
    /// Whether bytes are encrypted: then files cannot be sent by the kernel.
    let isEncrypted: Bool
    /// Who the client is, and how far it is with saying so.
    let session: Session
    private let queue = Mutex(Queue())
    private let closed = Atomic<Bool>(false)
    private let eventLoop: any EventLoop
    private let handler: NIOLoopBound<ConnectionHandler>
    private let threads: NIOThreadPool
    private let work: @Sendable (ByteBuffer, Reply) -> Void

    init(
        id: UInt64,
        host: String,
        isEncrypted: Bool,
        session: Session,
        handler: NIOLoopBound<ConnectionHandler>,
        eventLoop: any EventLoop,
        threads: NIOThreadPool,
        work: @escaping @Sendable (ByteBuffer, Reply) -> Void
    ) {
        self.id = id
        self.host = host
        self.isEncrypted = isEncrypted
        self.session = session
        self.handler = handler
        self.eventLoop = eventLoop
        self.threads = threads
        self.work = work
    }

    /// Whether the client is gone; parked requests look here before they do work for it.
    var isClosed: Bool { closed.load(ordering: .acquiring) }

    /// Queues a request, without its length prefix. Called on the event loop, in the order of arrival.
    func receive(_ frame: ByteBuffer, slot: UInt64) {
        let starts = queue.withLock { queue in
            queue.frames.append((slot, frame))
            defer { queue.isWorking = true }
            return !queue.isWorking
        }
        if starts { submit() }
    }

    /// Called once the channel is closed: what was not started is dropped.
    func close() {
        closed.store(true, ordering: .releasing)
        queue.withLock { $0.frames.removeAll() }
    }

    /// Hands an answer to the channel.
    func complete(_ slot: UInt64, _ response: Response) {
        let handler = handler
        eventLoop.execute { handler.value.complete(slot, response) }
    }

    /// Closes the channel; `reason` goes to the log.
    func fail(_ reason: String) {
        let handler = handler
        eventLoop.execute { handler.value.fail(reason) }
    }

    /// Takes no more requests, and closes the channel once those it has are answered.
    func drain() {
        let handler = handler
        eventLoop.execute { handler.value.drain() }
    }

    private func submit() {
        threads.submit { [self] state in
            // Cancelled: the broker has stopped, and with it every connection.
            if case .active = state { workOff() }
        }
    }

    /// Works on a few requests, then goes to the back of the line, so that a busy connection does not keep a thread.
    private func workOff() {
        for _ in 0..<16 {
            let next = queue.withLock { queue -> (slot: UInt64, frame: ByteBuffer)? in
                guard let next = queue.frames.popFirst() else {
                    queue.isWorking = false
                    return nil
                }
                return next
            }
            guard let next else { return }
            work(next.frame, Reply(slot: next.slot, connection: self))
        }
        submit()
    }
}
