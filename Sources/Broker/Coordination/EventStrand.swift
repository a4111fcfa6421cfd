internal import NIOPosix
internal import Synchronization

/// Works on events one after the other, on whatever request thread is free: what one event brings about is done before
/// the next is looked at, so that writes keep their order. Any thread.
final class EventStrand<Event: Sendable>: Sendable {
    private struct State {
        var events: [Event] = []
        var isWorking = false
    }

    private let state = Mutex(State())
    private let threads: NIOThreadPool
    private let work: @Sendable (Event) -> Void

    /// The work may block on the disk; it must not wait for another event of this strand.
    init(threads: NIOThreadPool, work: @escaping @Sendable (Event) -> Void) {
        self.threads = threads
        self.work = work
    }

    /// Queues an event.
    func post(_ event: Event) {
        let starts = state.withLock { state in
            state.events.append(event)
            defer { state.isWorking = true }
            return !state.isWorking
        }
        if starts { submit() }
    }

    private func submit() {
        threads.submit { [self] pool in
            if case .active = pool { workOff() }
        }
    }

    private func workOff() {
        while true {
            let events = state.withLock { state in
                defer { state.events = [] }
                if state.events.isEmpty { state.isWorking = false }
                return state.events
            }
            guard !events.isEmpty else { return }
            for event in events { work(event) }
        }
    }
}
