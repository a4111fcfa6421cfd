import KafkaProtocol
import LogStorage
import NIOCore

/// A producer that sends numbered values in order and repeats what was not acknowledged, as librdkafka does.
struct IdempotentClient {
    let producerID: Int64
    /// Values in all; batch `n` holds `sizes[n]` of them.
    let sizes: [Int]
    /// Batches acknowledged.
    private(set) var acknowledged = 0
    /// Batches sent at least once.
    private(set) var attempted = 0

    init(producerID: Int64 = 7, sizes: [Int]) {
        self.producerID = producerID
        self.sizes = sizes
    }

    var isDone: Bool { acknowledged == sizes.count }
    var acknowledgedValues: Int { sizes[..<acknowledged].reduce(0, +) }
    var attemptedValues: Int { sizes[..<attempted].reduce(0, +) }

    static func value(_ number: Int) -> String { "value-\(number)-" + String(repeating: "x", count: number % 40) }

    func batch(_ index: Int) -> ByteBuffer {
        let first = sizes[..<index].reduce(0, +)
        let values = (first..<first + sizes[index]).map { Self.value($0) }
        return Batches.batch(values, producer: (producerID, 0, Int32(first)))
    }

    /// Sends up to `count` batches behind the acknowledged ones and syncs them: all are acknowledged, or an error
    /// says that some may not be.
    mutating func round(_ count: Int, on log: PartitionLog) throws {
        let end = min(sizes.count, acknowledged + count)
        for index in acknowledged..<end {
            attempted = max(attempted, index + 1)
            try log.append(batch(index), origin: .client, leaderEpoch: 0, now: 1000)
        }
        try log.sync()
        acknowledged = end
        if acknowledged.isMultiple(of: 2) { try log.checkpoint(after: 1) }
    }
}
