import KafkaProtocol
import LogStorage
import LogStorageTesting
import NIOCore
import Testing

@Suite struct PartitionLogTests {
    @Test func readsBackWhatWasAppendedInOrder() throws {
        let log = try openLog(SimulatedDisk(seed: 1))
        for index in 0..<100 { try log.write(Batches.batch(["a\(index)", "b\(index)"])) }
        let expected = (0..<100).flatMap { index in
            [
                SeenRecord(offset: Int64(index * 2), value: "a\(index)"),
                SeenRecord(offset: Int64(index * 2 + 1), value: "b\(index)"),
            ]
        }
        #expect(try log.records() == expected)
        #expect(log.segmentCount > 5)
        for start in stride(from: 0, to: 200, by: 7) {
            #expect(try log.records(from: Int64(start), maxBytes: 150) == Array(expected[start...]))
        }
    }

    @Test func unsyncedRecordsAreNotShownUnderGroupCommit() throws {
        let log = try openLog(SimulatedDisk(seed: 1))
        try log.append(Batches.batch(["x"]), origin: .client, leaderEpoch: 3, now: 1)
        #expect(log.offsets.highWatermark == 0)
        #expect(log.offsets.endOffset == 1)
        #expect(try log.records().isEmpty)
        try log.sync()
        #expect(try log.records().map(\.value) == ["x"])
    }

    @Test func recordsAreShownWhenWrittenUnderAnInterval() throws {
        var configuration = LogConfiguration.small
        configuration.flush = .interval(.seconds(1))
        let log = try openLog(SimulatedDisk(seed: 1), configuration)
        try log.append(Batches.batch(["x"]), origin: .client, leaderEpoch: 3, now: 1)
        #expect(log.offsets.highWatermark == 1)
        #expect(log.offsets.durableEndOffset == 0)
        #expect(try log.records().map(\.value) == ["x"])
    }

    @Test func aCleanStopIsReopenedWithoutAScan() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk)
        for index in 0..<50 { try log.write(Batches.batch(["\(index)"])) }
        try log.close(clean: true)
        let again = try openLog(disk)
        #expect(again.recovery.wasClean)
        #expect(again.recovery.scannedBytes == 0)
        #expect(try again.records().map(\.value) == (0..<50).map { "\($0)" })
        try again.write(Batches.batch(["50"]))
        let crashed = try openLog(disk.afterKill())
        #expect(!crashed.recovery.wasClean)
        #expect(try crashed.records().count == 51)
    }

    @Test func aTornTailIsCutAndNothingElse() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk)
        for index in 0..<50 { try log.write(Batches.batch(["\(index)"])) }
        let last = try #require(disk.paths.last { $0.hasSuffix(".log") })
        let whole = try #require(disk.bytes(last))
        disk.overwrite(last, whole.dropLast(5))
        let again = try openLog(disk.afterKill())
        #expect(again.recovery.truncatedBytes > 0)
        #expect(try again.records().map(\.value) == (0..<49).map { "\($0)" })
        #expect(try again.write(Batches.batch(["new"])).baseOffset == 49)
    }
}
