internal import CLibrdkafka
internal import Log
internal import Synchronization

/// Owns one `rd_kafka_t` and decides when it is destroyed.
///
/// `rd_kafka_destroy` waits for every message that was handed out, and hangs for ever if one is never destroyed; it
/// also blocks for network threads to end. So it runs when the owner thread has retired the client *and* the last batch
/// is gone: on the owner thread if that was last, else on a thread of its own, never on the cooperative pool.
///
///     open ──lend/giveBack──▶ open ──retire──▶ retired ──last giveBack──▶ destroyed
///
/// Nothing here waits for a broker. What comes before it is the owner thread's, and bounded there: a consumer leaves its
/// group (``PollLoop/closeTimeout``), a producer flushes within its deadline, purges what is left and takes the reports of
/// that, each after the request that is under way. `rd_kafka_destroy` then ends the network threads, which look up from a
/// connection or a poll at least once a second whatever the peer does; name lookups, which nothing interrupts, end by the
/// resolver's own timeout (resolv.conf(5)). Tokens come from tasks that are told the end first.
///
/// `pointer` is valid until the client is destroyed, which cannot happen while the owner thread runs or a batch lives.
/// librdkafka's functions may be called from any thread until the client is destroyed, hence `@unchecked Sendable`.
@safe final class ClientHandle: @unchecked Sendable {
    private struct State {
        var loans = 0
        /// What the owner thread has to destroy.
        var returned: [ReturnedMessages] = []
        var isRetired = false
        var isAbandoned = false
    }

    let pointer: OpaquePointer
    /// The queue whose poll ``wake()`` interrupts: the consumer's, or the main queue of a producer.
    private let queue: OpaquePointer?
    private let callbacks: ClientCallbacks
    private let state = Mutex(State())

    init(_ settings: ClientSettings, _ callbacks: ClientCallbacks) throws(LogError) {
        let client = try unsafe settings.makeClient(callbacks)
        self.callbacks = callbacks
        unsafe pointer = unsafe client
        switch settings.role {
        case .consumer:
            // Moves every callback to the consumer's queue, the only one that is polled. A consumer without a group, which
            // an Admin is, has no such queue and is told so by an error: its main queue stays the one to poll.
            _ = unsafe rd_kafka_poll_set_consumer(client)
            unsafe queue = unsafe rd_kafka_queue_get_consumer(client)
        case .producer:
            unsafe queue = unsafe rd_kafka_queue_get_main(client)
        }
        guard callbacks.tokens != nil, let error = unsafe rd_kafka_sasl_background_callbacks_enable(client) else {
            return
        }
        let reason = unsafe LogError(consuming: error, cannot: "fetch tokens in the background")
        destroy()
        throw reason
    }

    /// `error`, or the refused login or certificate that is its cause: what did not get through in its time since `start`
    /// was kept back by a broker that does not let the client in.
    func explained(_ error: LogError, since start: ContinuousClock.Instant) -> LogError {
        guard error.isUnanswered, let refusal = callbacks.refusal(since: start) else { return error }
        return error.explained(by: refusal.error)
    }

    /// The same for each record that failed.
    func explained(_ results: [ProduceResult], since start: ContinuousClock.Instant) -> [ProduceResult] {
        guard callbacks.refusal(since: start) != nil else { return results }
        return results.map { result in
            guard case .failed(let error) = result else { return result }
            return .failed(explained(error, since: start))
        }
    }

    /// The refused login or certificate that may be why something that began at `start` got no answer.
    func refusal(since start: ContinuousClock.Instant) -> RefusedLogin? {
        callbacks.refusal(since: start)
    }

    func setTarget(_ target: any ClientCallbackTarget) {
        callbacks.target = target
    }

    /// Makes a poll that waits, or the next one, return at once. Not after ``retire()``.
    func wake() {
        if let queue = unsafe queue { unsafe rd_kafka_queue_yield(queue) }
    }

    /// Counts one batch of messages that is handed out.
    func lend() {
        state.withLock { $0.loans += 1 }
    }

    /// Takes a batch back. The owner thread destroys the messages when it looks next, which is before it takes more: done
    /// beside its polling, both would pass librdkafka's reference counts from core to core with every message. Without owner
    /// thread, after ``retire()``, they are destroyed here.
    func giveBack(_ messages: ReturnedMessages) {
        let isTaken = state.withLock { state in
            guard !state.isRetired else { return false }
            state.returned.append(messages)
            state.loans -= 1
            return true
        }
        guard !isTaken else { return }
        messages.destroy()
        giveBack()
    }

    /// Ends a loan that has no messages, or none any more.
    func giveBack() {
        let isLast = state.withLock { state in
            state.loans -= 1
            return state.isRetired && state.loans == 0
        }
        if isLast {
            OwnerThread.startOrRun(named: "kafka-destroy") { self.destroy() }
        }
    }

    /// Destroys the messages that were given back. Owner thread only.
    func destroyReturned() {
        let returned = state.withLock { state in
            defer { state.returned = [] }
            return state.returned
        }
        for messages in returned { messages.destroy() }
    }

    /// Ends the client; called once, by the owner thread, after its last poll.
    func retire() {
        callbacks.target = nil
        let isUnused = state.withLock { state in
            state.isRetired = true
            return state.loans == 0
        }
        destroyReturned()
        if isUnused { destroy() }
    }

    /// Leaves the client to the end of the process instead of destroying it: its threads and its callbacks stay.
    ///
    /// For a client whose destruction would abort the process, see ``PollLoop/leaveGroup()``. Called by the owner thread
    /// before ``retire()``.
    func abandon() {
        state.withLock { $0.isAbandoned = true }
        // Its threads may still log; nothing gives this reference back.
        _ = unsafe Unmanaged.passRetained(callbacks)
    }

    private func destroy() {
        callbacks.tokens?.end()
        if let queue = unsafe queue { unsafe rd_kafka_queue_destroy(queue) }
        guard !state.withLock({ $0.isAbandoned }) else { return }
        // The owner thread has closed the consumer already, or given up on it.
        unsafe rd_kafka_destroy_flags(pointer, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
        // `callbacks` is released with this object, after the last callback.
    }
}

/// The messages of a batch that nobody reads any more.
///
/// Whoever holds this is the only one who still knows the messages, hence `@unchecked Sendable`; ``destroy()`` is called once.
@safe struct ReturnedMessages: @unchecked Sendable {
    private let messages: [UnsafeMutablePointer<rd_kafka_message_t>]

    init(_ messages: [UnsafeMutablePointer<rd_kafka_message_t>]) {
        unsafe self.messages = unsafe messages
    }

    func destroy() {
        unsafe messages.forEach { unsafe rd_kafka_message_destroy($0) }
    }
}
