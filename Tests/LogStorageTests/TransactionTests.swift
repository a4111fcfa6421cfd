import KafkaProtocol
import LogStorage
import LogStorageTesting
import NIOCore
import Testing

@Suite struct TransactionTests {
    private func send(_ log: PartitionLog, _ id: Int64, _ sequence: Int32, _ value: String) throws -> Int64 {
        try log.write(Batches.batch([value], producer: (id, 0, sequence), transactional: true)).baseOffset
    }

    @discardableResult
    private func end(_ log: PartitionLog, _ id: Int64, committed: Bool, epoch: Int16 = 0, coordinator: Int32 = 0) throws
        -> Int64
    {
        let marker = try log.appendMarker(
            producerID: id,
            epoch: epoch,
            committed: committed,
            coordinatorEpoch: coordinator,
            leaderEpoch: 0,
            now: 1000
        )
        try log.sync()
        return marker.baseOffset
    }

    @Test func theLastStableOffsetWaitsForTheOldestOpenTransaction() throws {
        let log = try openLog(SimulatedDisk(seed: 1))
        try log.write(Batches.batch(["plain"]))
        let first = try send(log, 1, 0, "a")
        let second = try send(log, 2, 0, "b")
        #expect(log.offsets.lastStableOffset == first)
        #expect(try log.committedValues() == ["plain"])
        try end(log, 2, committed: true)
        #expect(log.offsets.lastStableOffset == first)
        try end(log, 1, committed: false)
        #expect(log.offsets.lastStableOffset == log.offsets.endOffset)
        #expect(second == first + 1)
        #expect(try log.committedValues() == ["plain", "b"])
    }

    @Test func aMarkerCountsOnlyWhenItIsDurable() throws {
        let log = try openLog(SimulatedDisk(seed: 1))
        let first = try send(log, 1, 0, "a")
        try log.appendMarker(
            producerID: 1,
            epoch: 0,
            committed: true,
            coordinatorEpoch: 0,
            leaderEpoch: 0,
            now: 1000
        )
        #expect(log.offsets.lastStableOffset == first)
        try log.sync()
        #expect(log.offsets.lastStableOffset == 2)
    }

    @Test func abortedRecordsAreNamedAlsoWhenTheMarkerIsInALaterSegment() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk)
        var expected: [String?] = []
        for round in 0..<30 {
            let (a, b) = (Int64(1), Int64(2))
            _ = try send(log, a, Int32(round * 2), "a\(round)")
            _ = try send(log, b, Int32(round), "b\(round)")
            try log.write(Batches.batch(["plain\(round)" + String(repeating: "x", count: 100)]))
            _ = try send(log, a, Int32(round * 2 + 1), "A\(round)")
            try end(log, a, committed: round % 3 == 0)
            try end(log, b, committed: round % 2 == 0)
            if round % 3 == 0 { expected.append("a\(round)") }
            if round % 2 == 0 { expected.append("b\(round)") }
            expected.append("plain\(round)" + String(repeating: "x", count: 100))
            if round % 3 == 0 { expected.append("A\(round)") }
        }
        #expect(log.segmentCount > 4)
        #expect(try log.committedValues() == expected)
        #expect(try openLog(disk.afterKill()).committedValues() == expected)
        // The indexes of aborted transactions are made again from the batches.
        for path in disk.paths where path.hasSuffix(".txnindex") || path.hasSuffix(".snapshot") { disk.erase(path) }
        #expect(try openLog(disk.afterKill()).committedValues() == expected)
    }

    @Test func markersOfOldEpochsAndOldCoordinatorsAreFenced() throws {
        let log = try openLog(SimulatedDisk(seed: 1))
        _ = try send(log, 1, 0, "a")
        try end(log, 1, committed: true, epoch: 1, coordinator: 5)
        #expect(throws: StorageError.self) { try end(log, 1, committed: true, epoch: 0, coordinator: 5) }
        #expect(throws: StorageError.self) { try end(log, 1, committed: true, epoch: 1, coordinator: 4) }
        do {
            _ = try send(log, 1, 1, "zombie")
            Issue.record("a zombie wrote")
        } catch let error as StorageError {
            #expect(error.code == .invalidProducerEpoch)
        }
    }

    @Test func aPlainBatchInsideATransactionIsRefused() throws {
        let log = try openLog(SimulatedDisk(seed: 1))
        _ = try send(log, 1, 0, "a")
        do {
            try log.write(Batches.batch(["x"], producer: (1, 0, 1)))
            Issue.record("it was taken")
        } catch let error as StorageError {
            #expect(error.code == .invalidTransactionState)
        }
    }

    @Test(arguments: [true, false])
    func openTransactionsSurviveARestart(clean: Bool) throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk)
        let first = try send(log, 1, 0, "a")
        for index in 0..<30 { try log.write(Batches.batch(["plain\(index)"])) }
        try log.close(clean: clean)
        let again = try openLog(disk)
        #expect(again.offsets.lastStableOffset == first)
        #expect(again.producers().first?.transactionStart == first)
        try end(again, 1, committed: false)
        #expect(try again.committedValues().count == 30)
    }
}
