import KafkaProtocol
import LogStorage
import LogStorageTesting
import NIOCore
import Testing

@Suite struct ProducerTests {
    private func code(_ body: () throws -> some Any) -> StorageError.Code? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? StorageError)?.code
        }
    }

    private func batch(_ sequence: Int32, count: Int = 1, epoch: Int16 = 0, transactional: Bool = false) -> ByteBuffer {
        let values = (0..<count).map { "s\(Int(sequence) + $0)" }
        return Batches.batch(values, producer: (7, epoch, sequence), transactional: transactional)
    }

    @Test func aRepeatedBatchIsAnsweredWithItsFirstOffsets() throws {
        let log = try openLog(SimulatedDisk(seed: 1))
        for index in 0..<5 { try log.write(batch(Int32(index * 2), count: 2)) }
        for index in 0..<5 {
            let again = try log.write(batch(Int32(index * 2), count: 2))
            #expect(again.duplicate)
            #expect(again.baseOffset == Int64(index * 2))
            #expect(again.lastOffset == Int64(index * 2 + 1))
        }
        #expect(log.offsets.endOffset == 10)
        try log.write(batch(10))
        #expect(code { try log.write(batch(0, count: 2)) } == .duplicateSequence)
    }

    @Test func aSkippedSequenceIsRefusedAndWritesNothing() throws {
        let log = try openLog(SimulatedDisk(seed: 1))
        try log.write(batch(0))
        #expect(code { try log.write(batch(2)) } == .outOfOrderSequence)
        #expect(log.offsets.endOffset == 1)
        try log.write(batch(1))
    }

    @Test func anOlderEpochIsFencedAndANewOneStartsAtZero() throws {
        let log = try openLog(SimulatedDisk(seed: 1))
        try log.write(batch(0))
        #expect(code { try log.write(batch(1, epoch: 1)) } == .outOfOrderSequence)
        try log.write(batch(0, epoch: 1))
        #expect(code { try log.write(batch(1, epoch: 0)) } == .invalidProducerEpoch)
        try log.write(batch(1, epoch: 1))
    }

    @Test func sequencesWrapAfterTheLargest() throws {
        let log = try openLog(SimulatedDisk(seed: 1))
        try log.write(batch(Int32.max - 1, count: 3))
        let next = try log.write(batch(1))
        #expect(next.baseOffset == 3)
        #expect(try log.write(batch(Int32.max - 1, count: 3)).duplicate)
    }

    @Test(arguments: [true, false])
    func theLastFiveBatchesSurviveARestart(clean: Bool) throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk)
        for index in 0..<40 { try log.write(batch(Int32(index))) }
        try log.close(clean: clean)
        let again = try openLog(disk)
        #expect(again.recovery.wasClean == clean)
        for index in 35..<40 { #expect(try again.write(batch(Int32(index))).duplicate) }
        #expect(code { try again.write(batch(41)) } == .outOfOrderSequence)
        #expect(try again.write(batch(40)).baseOffset == 40)
    }

    @Test func withoutSnapshotsTheStateIsRebuiltFromTheBatches() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk)
        for index in 0..<40 { try log.write(batch(Int32(index))) }
        let open = try log.write(batch(40, transactional: true))
        for path in disk.paths where path.hasSuffix(".snapshot") { disk.erase(path) }
        let again = try openLog(disk.afterKill())
        #expect(again.producers() == log.producers())
        #expect(again.offsets.lastStableOffset == open.baseOffset)
        #expect(try again.write(batch(38)).duplicate)
    }

    @Test func anIdleProducerIsForgottenButNotOneInATransaction() throws {
        var configuration = LogConfiguration.small
        configuration.producerExpirationMilliseconds = 100
        let log = try openLog(SimulatedDisk(seed: 1), configuration)
        try log.write(batch(5), now: 1000)
        try log.write(Batches.batch(["t"], producer: (8, 0, 0), transactional: true), now: 1000)
        #expect(try log.applyRetention(now: 1099).expiredProducers == 0)
        #expect(try log.applyRetention(now: 1100).expiredProducers == 1)
        #expect(log.producers().map(\.producerID) == [8])
    }

    @Test func theNumberOfProducersIsBounded() throws {
        var configuration = LogConfiguration.small
        configuration.maxProducers = 10
        let log = try openLog(SimulatedDisk(seed: 1), configuration)
        for id in 0..<30 { try log.write(Batches.batch(["x"], producer: (Int64(id), 0, 0)), now: Int64(1000 + id)) }
        _ = try log.applyRetention(now: 1100)
        #expect(log.producers().count <= 10)
        #expect(log.producers().last?.producerID == 29)
    }
}
