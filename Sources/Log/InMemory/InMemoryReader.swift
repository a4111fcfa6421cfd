/// A reader of explicit partitions of an ``InMemoryLog``. All state is the log's; this is its handle.
final class InMemoryReader: LogReader {
    private let id: Int64
    private let log: InMemoryLog

    init(_ id: Int64, of log: InMemoryLog) {
        self.id = id
        self.log = log
    }

    func assign(_ positions: [TopicPartition: Offset]) async throws(LogError) {
        try log.attempt { (state) throws(LogError) in try state.assign(positions, to: id) }
    }

    func next(wait: Duration) async throws(LogError) -> ReaderEvent {
        try await log.wait(atMost: wait) { (state) throws(LogError) in
            try state.nextEvent(ofReader: id)
        } ?? .idle
    }

    func bounds(of partition: TopicPartition) async throws(LogError) -> Range<Offset> {
        try log.attempt { (state) throws(LogError) in try state.bounds(of: partition) }
    }

    func offset(in partition: TopicPartition, at time: Timestamp) async throws(LogError) -> Offset? {
        try log.attempt { (state) throws(LogError) in try state.offset(in: partition, at: time) }
    }

    func close() async {
        log.change { state in
            state.readers[id] = nil
            state.hasNews = true
        }
    }
}
