import LogStorage
import LogStorageTesting
import NIOCore
import Testing

@Suite struct RetentionTests {
    @Test func oldSegmentsGoByTime() throws {
        var configuration = LogConfiguration.small
        configuration.retentionMilliseconds = 1000
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk, configuration)
        for index in 0..<100 { try log.write(Batches.batch(["v"], timestamps: [Int64(index * 100)])) }
        let report = try log.applyRetention(now: 6000)
        #expect(report.deletedSegments > 2)
        let start = log.offsets.startOffset
        #expect(start == report.startOffset)
        #expect(start > 30 && start <= 51)
        #expect(throws: StorageError.self) { try log.records(from: start - 1) }
        #expect(try log.records().first?.offset == start)
        #expect(try openLog(disk.afterKill(), configuration).offsets.startOffset == start)
    }

    @Test func anIdleLogIsEmptiedWhenEverythingIsOld() throws {
        var configuration = LogConfiguration.small
        configuration.retentionMilliseconds = 1000
        let log = try openLog(SimulatedDisk(seed: 1), configuration)
        for _ in 0..<10 { try log.write(Batches.batch(["v"], timestamps: [0])) }
        _ = try log.applyRetention(now: 5000)
        #expect(log.offsets.startOffset == 10)
        #expect(log.byteCount == 0)
        #expect(try log.write(Batches.batch(["next"])).baseOffset == 10)
    }

    @Test func oldSegmentsGoByBytes() throws {
        var configuration = LogConfiguration.small
        configuration.retentionBytes = 3000
        let log = try openLog(SimulatedDisk(seed: 1), configuration)
        for index in 0..<100 { try log.write(Batches.batch(["v\(index)"])) }
        _ = try log.applyRetention(now: 1000)
        #expect(log.byteCount >= 3000)
        #expect(log.byteCount < 3000 + 1024)
        #expect(try log.records().last?.value == "v99")
    }

    @Test func deletedRecordsStayDeletedAfterARestart() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk)
        for index in 0..<50 { try log.write(Batches.batch(["v\(index)"])) }
        #expect(try log.deleteRecords(before: 33) == 33)
        #expect(try log.records().map(\.offset) == Array(33..<50))
        #expect(throws: StorageError.self) { try log.deleteRecords(before: 51) }
        for next in [disk.afterKill(), disk.afterPowerLoss()] {
            let again = try openLog(next)
            #expect(again.offsets.startOffset == 33)
            #expect(try again.records().map(\.offset) == Array(33..<50))
        }
        #expect(try log.deleteRecords(before: -1) == 50)
        #expect(try log.records().isEmpty)
        #expect(try openLog(disk.afterKill()).offsets.startOffset == 50)
    }

    @Test func aSliceOutlivesItsSegment() throws {
        let log = try openLog(SimulatedDisk(seed: 1))
        for index in 0..<50 { try log.write(Batches.batch(["v\(index)"])) }
        let slice = try log.read(from: 0, maxBytes: 500, minOneBatch: true, isolation: .uncommitted)
        let before = try slice.bytes()
        _ = try log.deleteRecords(before: -1)
        try log.close(clean: true)
        #expect(try slice.bytes() == before)
    }
}
