internal import CLibrdkafka
internal import Log
internal import Synchronization

/// Waits for the delivery reports of one batch.
///
/// Each record's opaque pointer is the address of its own ``Report``, which names the tracker: a report finds its batch
/// and its place in it without a lookup, a lock or an allocation per record.
///
///     reports  [ r0 | r1 | r2 | … ]      _private of record i = &reports[i]
///                │    │    │
///                └────┴────┴──▶ tracker: open = records without an outcome + 1 until the sender has tried them all
///
/// A record's outcome is written once, by the sender (refused) or by whoever polls (reported), before `open` is
/// decremented with release; results are read after it was seen at 0 with acquire: hence `@unchecked Sendable`. Whoever
/// brings `open` to 0 resumes the sender, exactly once.
@safe final class DeliveryTracker: @unchecked Sendable {
    /// Safe to hold: the tracker that it names retains itself until its last report.
    @safe struct Report {
        let tracker: Unmanaged<DeliveryTracker>
        var offset: Int64
        var time: Int64
        var partition: Int32
        var code: Int32
    }

    /// Stands for "no outcome yet"; no code of librdkafka.
    private static let unsettled = Int32.min

    private enum Waiter {
        case none
        case waiting(CheckedContinuation<Void, Never>)
        case done
    }

    private let reports: UnsafeMutableBufferPointer<Report>
    private let open: Atomic<Int>
    private let waiter = Mutex(Waiter.none)

    /// - Parameter count: records of the batch, at least 1.
    init(count: Int) {
        unsafe reports = .allocate(capacity: count)
        open = Atomic(count + 1)
        let blank = unsafe Report(
            tracker: Unmanaged.passUnretained(self),
            offset: -1,
            time: -1,
            partition: -1,
            code: Self.unsettled
        )
        unsafe reports.initialize(repeating: blank)
        // The reports point here until the last has come; balanced in `settle`.
        _ = unsafe Unmanaged.passRetained(self)
    }

    deinit {
        unsafe reports.deallocate()
    }

    /// What to hand to librdkafka with record `index`.
    func opaque(of index: Int) -> UnsafeMutableRawPointer? {
        unsafe UnsafeMutableRawPointer(reports.baseAddress?.advanced(by: index))
    }

    /// Record `index` was not accepted. Sender only.
    func refuse(_ index: Int, _ code: rd_kafka_resp_err_t) {
        unsafe reports[index].code = code.rawValue
        settle(1)
    }

    /// Gives up a tracker that no record was sent with.
    func discard() {
        settle(unsafe reports.count + 1)
    }

    /// The sender has tried every record.
    func finishSending() {
        settle(1)
    }

    /// Gives every record that has no outcome this one; owner thread only, after the sender has finished and the client's
    /// last poll.
    func abandon(_ code: rd_kafka_resp_err_t) {
        for index in unsafe reports.indices where unsafe reports[index].code == Self.unsettled {
            refuse(index, code)
        }
    }

    /// Takes a delivery report; inside a poll only.
    static func report(_ message: UnsafePointer<rd_kafka_message_t>, to opaque: UnsafeMutableRawPointer) {
        let report = unsafe opaque.assumingMemoryBound(to: Report.self)
        unsafe report.pointee.offset = unsafe message.pointee.offset
        unsafe report.pointee.time = unsafe rd_kafka_message_timestamp(message, nil)
        unsafe report.pointee.partition = unsafe message.pointee.partition
        unsafe report.pointee.code = unsafe message.pointee.err.rawValue
        unsafe report.pointee.tracker._withUnsafeGuaranteedRef { $0.settle(1) }
    }

    private func settle(_ count: Int) {
        guard open.subtract(count, ordering: .acquiringAndReleasing).newValue == 0 else { return }
        let continuation = waiter.withLock { waiter -> CheckedContinuation<Void, Never>? in
            defer { waiter = .done }
            if case .waiting(let continuation) = waiter { return continuation }
            return nil
        }
        continuation?.resume()
        unsafe Unmanaged.passUnretained(self).release()
    }

    /// Returns when every record has an outcome; called once.
    func finished() async {
        await withCheckedContinuation { continuation in
            let isDone = waiter.withLock { waiter in
                if case .done = waiter { return true }
                waiter = .waiting(continuation)
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    /// The outcomes in the batch's order; after ``finished()``.
    func results(of batch: ProduceBatch) -> [ProduceResult] {
        var results: [ProduceResult] = []
        results.reserveCapacity(batch.count)
        for index in unsafe reports.indices {
            let report = unsafe reports[index]
            // The topic is for the text of a failure only.
            let topic = report.code == 0 ? nil : batch.withRecord(at: index) { $0.topic }
            results.append(
                ProduceResult(
                    report.code,
                    partition: report.partition,
                    offset: report.offset,
                    time: report.time,
                    topic: topic
                )
            )
        }
        return results
    }

    /// Outcomes of which those from `index` on were never handed over because of `error`.
    func results(of batch: ProduceBatch, refusedFrom index: Int, _ error: LogError) -> [ProduceResult] {
        var results = results(of: batch)
        for index in index..<results.count { results[index] = .failed(error) }
        return results
    }
}
