internal import KafkaProtocol
internal import LogStorage

/// What one Fetch asks of each partition, with the partitions found and the client's rights looked up.
struct FetchPlan: Sendable {
    /// One partition of the request.
    struct Entry: Sendable {
        let index: Int32
        let offset: Int64
        let maxBytes: Int
        /// Where to read, or why not.
        let source: Source
    }

    /// Where a partition's records come from.
    enum Source: Sendable {
        case partition(Partition)
        case refused(ErrorCode)
    }

    /// One topic of the request.
    struct Topic: Sendable {
        let name: String
        let id: KafkaUUID
        let entries: [Entry]
    }

    /// The offsets that every answer carries.
    struct Marks: Sendable {
        var start: Int64 = 0
        var stable: Int64 = 0
        var high: Int64 = 0

        /// Of a partition that was never written.
        init() {}

        init(_ offsets: LogOffsets) {
            start = offsets.startOffset
            stable = offsets.lastStableOffset
            high = offsets.highWatermark
        }
    }

    /// What a partition is answered with.
    struct Served: Sendable {
        let entry: Entry
        var error: ErrorCode?
        var marks: Marks?
        var slice: LogSlice?
    }

    let topics: [Topic]
    let isolation: Isolation
    /// Of the whole answer; the first batch is served even when it is larger.
    let maxBytes: Int

    /// Whether nothing is asked.
    var isEmpty: Bool { topics.allSatisfy(\.entries.isEmpty) }

    /// Every partition that can be waited for.
    var partitions: [Partition] {
        topics.flatMap { topic in
            topic.entries.compactMap { if case .partition(let partition) = $0.source { partition } else { nil } }
        }
    }

    /// Reads what is there now.
    ///
    /// - Parameter start: the entry to begin with, counted over all topics and taken modulo: by beginning somewhere else
    ///   each time, no partition is starved by large ones before it.
    /// - Returns: by topic, in the order of the request; the bytes served; whether some partition is refused.
    func read(startingAt start: Int) -> (served: [[Served]], bytes: Int, hasError: Bool) {
        var served = topics.map { topic in topic.entries.map { Served(entry: $0) } }
        let places = served.indices.flatMap { topic in served[topic].indices.map { (topic, $0) } }
        var bytes = 0
        var hasError = false
        for step in places.indices {
            let (topic, entry) = places[(start + step) % places.count]
            read(&served[topic][entry], room: maxBytes - bytes, isFirst: bytes == 0)
            bytes += served[topic][entry].slice?.count ?? 0
            hasError = hasError || served[topic][entry].error != nil
        }
        return (served, bytes, hasError)
    }

    private func read(_ served: inout Served, room: Int, isFirst: Bool) {
        guard case .partition(let partition) = served.entry.source else {
            if case .refused(let code) = served.entry.source { served.error = code }
            return
        }
        do throws(StorageError) {
            guard let log = try partition.existingLog() else {
                return readNothing(&served)
            }
            served.marks = Marks(log.offsets)
            guard room > 0 || isFirst else { return }
            let slice = try log.read(
                from: served.entry.offset,
                maxBytes: max(min(served.entry.maxBytes, room), 0),
                minOneBatch: isFirst,
                isolation: isolation
            )
            served.marks = Marks(slice.offsets)
            served.slice = slice
        } catch {
            served.error = ErrorCode(error)
        }
    }

    /// A partition that was never written has the one offset 0.
    private func readNothing(_ served: inout Served) {
        served.marks = Marks()
        if served.entry.offset != 0 { served.error = .offsetOutOfRange }
    }
}
