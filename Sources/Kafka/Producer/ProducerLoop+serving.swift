internal import CLibrdkafka
internal import Dispatch
internal import Synchronization

/// Serving delivery reports: by the owner thread, and by senders that hand over many records.
///
/// A report frees its record's memory. Where the thread that allocated it frees it, as in a C program that sends and polls in
/// one loop, the allocator takes no lock that another thread holds. So the owner thread leaves the reports to the senders while
/// they serve, and takes over a moment after the last did. Records with three headers: 0.7 to 0.85 of a C loop's rate without
/// this, 0.9 to 1.1 with it (`busbar-bench produce --headers 3`, two cores).
extension ProducerLoop {
    /// Waits for the first callback up to a second, and serves. Owner thread only.
    func waitAndServe() {
        turn.wait()
        // A sender's poll may have taken the wake-up of a command that came before.
        serve(for: commands.isIdle ? 1000 : 0)
        let outstanding = unsafe rd_kafka_outq_len(handle.pointer)
        turn.signal()
        // With many under way the next responses are a moment off: one wake-up then serves them all.
        if outstanding > Self.many { commands.park(for: .milliseconds(1)) }
    }

    /// Serves what has come, if nobody else does just now; for a sender between ``enter(_:)`` and ``leave()``.
    ///
    /// Callbacks run on the sender's thread then: they hand results over and return.
    /// - Returns: whether anything had come.
    @discardableResult
    func serveBeside() -> Bool {
        guard turn.wait(timeout: .now()) == .success else { return false }
        defer { turn.signal() }
        guard serve() > 0 else { return false }
        isServedBeside.store(true, ordering: .relaxed)
        return true
    }

    /// The same, and whether there is room for more reports: those that come while one call hands over without end count, too.
    func serveAndHasRoom() -> Bool {
        serveBeside()
        return hasRoomForReports
    }

    /// Whether so few reports are unread that more records may be lent.
    var hasRoomForReports: Bool { reports.count < Int(queueLimit) }

    /// Serves callbacks, waiting for the first up to `milliseconds`; with `turn`.
    /// - Returns: how many callbacks there were.
    @discardableResult
    func serve(for milliseconds: Int32 = 0) -> Int32 {
        let served = unsafe rd_kafka_poll(handle.pointer, milliseconds)
        guard served > 0 else { return 0 }
        reports.append(&pending)
        // A sender that were resumed for each report would hand over a few records and wait again.
        if unsafe rd_kafka_outq_len(handle.pointer) <= queueLimit / 4 * 3 { generation.advance(waking: room) }
        return served
    }

    /// What has been served by a call that polls by itself becomes visible; with `turn`.
    func publish() {
        reports.append(&pending)
        generation.advance(waking: room)
    }
}
