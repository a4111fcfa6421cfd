internal import Log

/// Hands out the committed records of one range of offsets, one at a time, so that two clusters can be read in step.
///
/// One caller at a time.
final class RangeReader {
    /// How long nothing may come before reading is given up: longer than the 60 s after which a broker aborts what a dead
    /// producer left open, and what cannot be read until then.
    static let patience = Duration.seconds(90)

    private let reader: any LogReader
    private let partition: TopicPartition
    private let range: Range<Offset>
    private var batch: MessageBatch?
    private var index = 0
    private var isFinished = false

    /// Assigns `reader` to the range; what it read before is forgotten.
    init(_ reader: any LogReader, _ partition: TopicPartition, _ range: Range<Offset>) async throws(LogError) {
        self.reader = reader
        self.partition = partition
        self.range = range
        isFinished = range.isEmpty
        if !isFinished { try await reader.assign([partition: range.lowerBound]) }
    }

    /// The next record; `nil` at the end of the range.
    /// - Throws: `LogError`, also when nothing comes for ``patience``; `CancellationError`.
    func next() async throws -> MessageView? {
        while !isFinished {
            if let batch, index < batch.count {
                let message = batch[index]
                index += 1
                guard message.topicPartition == partition else { continue }
                if message.offset >= range.upperBound { break }
                isFinished = message.offset.next >= range.upperBound
                return message
            }
            try await fetch()
        }
        isFinished = true
        return nil
    }

    private func fetch() async throws {
        let deadline = ContinuousClock.now.advanced(by: Self.patience)
        while true {
            try Task.checkCancellation()
            switch try await reader.next(wait: .seconds(1)) {
            case .batch(let next):
                (batch, index) = (next, 0)
                return
            case .end(let ended, let offset) where ended == partition && offset >= range.upperBound:
                isFinished = true
                return
            case .end, .idle:
                guard .now < deadline else { throw stalled }
            }
        }
    }

    private var stalled: LogError {
        LogError(
            .timedOut,
            name: "_TIMED_OUT",
            message: "cannot read \(partition) up to offset \(range.upperBound): nothing came for \(Self.patience); a "
                + "transaction may be open there, or the broker is gone",
            isRetriable: true
        )
    }
}
