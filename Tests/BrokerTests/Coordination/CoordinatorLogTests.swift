import KafkaProtocol
import LogStorage
import NIOPosix
import TestFiles
import Testing

@testable import Broker

/// What a coordinator is told of its writes, by real logs.
@Suite(.timeLimit(.minutes(1))) struct CoordinatorLogTests {
    private let folder = TemporaryFolder()
    private let disk = FullableDisk()

    /// Writes records of one group's partition one after the other.
    /// - Returns: how each ended.
    private func outcomes(_ writes: [Write]) async throws -> [WriteOutcome] {
        let directory = try DataDirectory(folder.path)
        let partitions = PartitionTable(
            directory: directory,
            configuration: BrokerConfiguration(dataDirectory: folder.path),
            disk: disk
        )
        let offsets = InternalTopic.offsets
        partitions.add(
            Topic(
                name: offsets.rawValue,
                id: KafkaUUID.random(),
                partitions: InternalTopic.partitions,
                settings: offsets.settings
            )
        )
        let committer = try GroupCommitter(threads: 1)
        let log = CoordinatorLog(
            topic: offsets,
            partitions: partitions,
            committer: committer,
            clock: BrokerClock(timersOn: MultiThreadedEventLoopGroup.singleton.any()),
            metrics: BrokerMetrics()
        )
        var outcomes: [WriteOutcome] = []
        for (number, write) in writes.enumerated() {
            disk.isFull = write.isDiskFull
            outcomes.append(
                await withCheckedContinuation { continuation in
                    log.append(write.batch(UInt64(number))) { continuation.resume(returning: $0) }
                }
            )
        }
        committer.stop()
        #expect(await partitions.close(clean: true, on: .singleton).isEmpty)
        return outcomes
    }

    /// Offsets of a transaction of `producer`, or of none.
    private struct Write {
        var producer: ProducerIdentity?
        var isDiskFull = false

        func batch(_ number: UInt64) -> CoordinatorWrite {
            CoordinatorWrite(
                token: WriteToken(number),
                partition: 3,
                records: [CoordinatorRecord(key: Array("key".utf8), value: Array("value".utf8))],
                producer: producer
            )
        }
    }

    @Test func aProducerWhoseEpochIsPastIsToldThatItIsFenced() async throws {
        let ends = try await outcomes([
            Write(producer: ProducerIdentity(id: 7, epoch: 5)), Write(producer: ProducerIdentity(id: 7, epoch: 4)),
            Write(),
        ])
        // To be told of a failing disk instead would have it try again for ever.
        #expect(ends == [.durable(offset: 0), .failed(.invalidProducerEpoch), .durable(offset: 1)])
    }

    @Test func aFullDiskIsAStorageErrorAndGoesBy() async throws {
        let ends = try await outcomes([Write(), Write(isDiskFull: true), Write()])
        #expect(ends == [.durable(offset: 0), .failed(.kafkaStorageError), .durable(offset: 1)])
    }
}
