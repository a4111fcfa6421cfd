internal import CLibrdkafka
internal import Log

/// The partitions of a consumer that reads each by itself: one librdkafka queue, one batch and one demand per partition.
/// Confined to the owner thread.
///
/// librdkafka stops fetching a partition whose queue holds its share of the budget, and no other. Messages are taken from
/// a queue one by one: in a group, librdkafka's batch call may lose or bring back messages (fixed in 2.1.0). Nothing is
/// taken that is not handed out at once, so that pause and seek find no message on the way.
@safe struct PartitionLanes {
    @safe final class Lane {
        let number: UInt64
        let partition: TopicPartition
        let queue: OpaquePointer
        var batch: BatchInProgress
        var demand: Demand<PartitionReader.Event>?
        var errors: [LogError] = []
        /// The group takes the partition back: nothing more is handed out.
        var isEnded = false

        init(_ number: UInt64, _ partition: TopicPartition, _ queue: OpaquePointer, batchLimit: Int) {
            self.number = number
            self.partition = partition
            unsafe self.queue = unsafe queue
            batch = BatchInProgress(limit: batchLimit)
        }

        func answer(_ result: Result<PartitionReader.Event, LogError>) {
            demand?.answer.resume(returning: result)
            demand = nil
        }
    }

    private let handle: ClientHandle
    private let commands: CommandQueue
    private let batchLimit: Int
    private var lanes: [TopicPartition: Lane] = [:]
    private var lastNumber: UInt64 = 0

    init(_ handle: ClientHandle, _ commands: CommandQueue, batchLimit: Int) {
        self.handle = handle
        self.commands = commands
        self.batchLimit = batchLimit
    }

    /// The first moment at which a demand must be answered.
    var firstDeadline: ContinuousClock.Instant? { lanes.values.lazy.compactMap { $0.demand?.deadline }.min() }

    /// Takes the queues of `partitions` out of the consumer's; before they are assigned, so that no message goes there.
    mutating func open(_ partitions: [TopicPartition]) throws(LogError) {
        for partition in partitions {
            guard
                let queue = unsafe rd_kafka_queue_get_partition(
                    handle.pointer,
                    partition.topic.rawValue,
                    partition.partition.rawValue
                )
            else { throw LogError(RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, cannot: "read \(partition) by itself") }
            unsafe rd_kafka_queue_forward(queue, nil)
            unsafe commands.watch(queue)
            lastNumber += 1
            lanes[partition] = unsafe Lane(lastNumber, partition, queue, batchLimit: batchLimit)
        }
    }

    /// What names the partition's present lane; `nil` where it is not being read.
    func number(of partition: TopicPartition) -> UInt64? {
        guard let lane = lanes[partition], !lane.isEnded else { return nil }
        return lane.number
    }

    /// Registers a demand for a lane; of a lane that is gone, it is answered at once.
    func register(_ demand: Demand<PartitionReader.Event>, for partition: TopicPartition, _ number: UInt64) {
        guard let lane = lanes[partition], lane.number == number, !lane.isEnded else {
            return demand.answer.resume(returning: .success(.ended))
        }
        lane.answer(.success(.idle))
        lane.demand = demand
    }

    /// Answers every demand that can be answered now; of a client that a fatal error has ended, with that error.
    func serve(_ positions: inout [TopicPartition: Offset], _ fatal: LogError?) {
        for lane in lanes.values {
            guard let demand = lane.demand else { continue }
            if let fatal {
                lane.answer(.failure(fatal))
                continue
            }
            fill(lane)
            if !lane.batch.isEmpty {
                let (batch, after) = lane.batch.take(of: handle)
                positions.merge(after) { $1 }
                lane.answer(.success(.batch(batch)))
            } else if !lane.errors.isEmpty {
                lane.answer(.failure(lane.errors.removeFirst()))
            } else if demand.isOver(.now) {
                lane.answer(.success(.idle))
            }
        }
    }

    private func fill(_ lane: Lane) {
        while !lane.batch.isFull, let message = unsafe rd_kafka_consume_queue(lane.queue, 0) {
            if unsafe message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
                unsafe lane.batch.append(message)
                continue
            }
            let detail = unsafe rd_kafka_message_errstr(message).map { unsafe String(cString: $0) }
            unsafe lane.errors.append(
                LogError(message.pointee.err, cannot: "read \(lane.partition)", detail: detail)
            )
            unsafe rd_kafka_message_destroy(message)
            return
        }
    }

    /// The readers of `partitions` end now, before the group's change is answered.
    func end(_ partitions: Set<TopicPartition>) {
        for partition in partitions {
            lanes[partition]?.isEnded = true
            lanes[partition]?.answer(.success(.ended))
        }
    }

    func endAll() {
        end(Set(lanes.keys))
    }

    /// Gives the queues of `partitions` back, with what is left in them; after the partitions were given up, which makes
    /// it outdated.
    mutating func close(_ partitions: some Collection<TopicPartition>) {
        for partition in partitions {
            guard let lane = lanes.removeValue(forKey: partition) else { continue }
            lane.answer(.success(.ended))
            unsafe rd_kafka_queue_cb_event_enable(lane.queue, nil, nil)
            while let message = unsafe rd_kafka_consume_queue(lane.queue, 0) {
                unsafe rd_kafka_message_destroy(message)
            }
            lane.batch.dropAll()
            unsafe rd_kafka_queue_destroy(lane.queue)
        }
    }

    mutating func closeAll() {
        close(Array(lanes.keys))
    }
}
