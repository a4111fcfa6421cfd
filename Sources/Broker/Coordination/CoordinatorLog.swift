internal import KafkaProtocol
internal import LogStorage
internal import Logging
internal import NIOCore
internal import Telemetry

/// The coordinators' way to their topics: batches in, their durable end out; records out at the start.
struct CoordinatorLog: Sendable {
    let topic: InternalTopic
    let partitions: PartitionTable
    let committer: GroupCommitter
    let clock: BrokerClock
    let metrics: BrokerMetrics

    /// Appends one batch. `done` is called on any thread once it is durable, or is known not to be.
    func append(_ write: CoordinatorWrite, done: @escaping @Sendable (WriteOutcome) -> Void) {
        guard let partition = partitions[topic.rawValue, write.partition] else {
            return done(.failed(.coordinatorNotAvailable))
        }
        do throws(StorageError) {
            let log = try partition.log()
            let result = try log.append(
                batch(write),
                origin: .coordinator,
                leaderEpoch: Partition.leaderEpoch,
                now: clock.epoch
            )
            committer.commit(result, of: log) { [metrics] outcome in
                switch outcome {
                case .success: done(.durable(offset: result.baseOffset))
                case .failure(let error):
                    metrics.storageFailed("sync")
                    done(.failed(ErrorCode(error)))
                }
            }
        } catch {
            let code = ErrorCode(error)
            if code == .kafkaStorageError { metrics.storageFailed("append") }
            done(.failed(code))
        }
    }

    private func batch(_ write: CoordinatorWrite) -> ByteBuffer {
        var builder = RecordBatchBuilder(
            attributes: RecordBatchAttributes(isTransactional: write.producer != nil),
            leaderEpoch: Partition.leaderEpoch,
            producerID: write.producer?.id ?? -1,
            producerEpoch: write.producer?.epoch ?? -1
        )
        let now = clock.epoch
        for record in write.records {
            builder.append(
                key: ByteBuffer(bytes: record.key),
                value: record.value.map { ByteBuffer(bytes: $0) },
                timestamp: now
            )
        }
        return builder.finish()
    }
}
