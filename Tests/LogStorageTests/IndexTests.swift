import KafkaProtocol
import LogStorage
import LogStorageTesting
import NIOCore
import Testing

@Suite struct IndexTests {
    /// Ascending on the whole, with some before their predecessors.
    static func timestamp(_ index: Int) -> Int64 {
        Int64(index) * 10 + Int64(index % 3) * 25
    }

    static func timestamps(_ count: Int) -> [Int64] {
        (0..<count).map { timestamp($0) }
    }

    private func filled(_ disk: SimulatedDisk, count: Int = 300) throws -> PartitionLog {
        let log = try openLog(disk)
        for index in 0..<count {
            try log.write(Batches.batch(["v\(index)"], timestamps: [Self.timestamp(index)]))
        }
        return log
    }

    @Test func aLookUpByTimeFindsTheFirstRecordNotOlder() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try filled(disk)
        let timestamps = Self.timestamps(300)
        for wanted in stride(from: Int64(0), to: 3100, by: 7) {
            let expected = timestamps.firstIndex { $0 >= wanted }
            let found = try log.offset(forTimestamp: wanted, isolation: .uncommitted)
            let offset = expected.map { Int64($0) }
            #expect(found?.offset == offset, "timestamp \(wanted)")
            #expect(found?.timestamp == expected.map { timestamps[$0] })
        }
        let largest = try #require(timestamps.max())
        #expect(try log.maxTimestamp() == TimestampedOffset(timestamp: largest, offset: 299))
    }

    @Test func aLookUpInsideABatchFindsTheRecord() throws {
        let log = try openLog(SimulatedDisk(seed: 1))
        try log.write(Batches.batch(["a", "b", "c"], timestamps: [10, 30, 20]))
        #expect(try log.offset(forTimestamp: 15, isolation: .uncommitted)?.offset == 1)
        #expect(try log.offset(forTimestamp: 30, isolation: .uncommitted)?.offset == 1)
        #expect(try log.offset(forTimestamp: 31, isolation: .uncommitted) == nil)
        #expect(try log.maxTimestamp() == TimestampedOffset(timestamp: 30, offset: 1))
    }

    @Test(arguments: [".index", ".timeindex", ".txnindex"], ["missing", "cut", "garbage"])
    func lostIndexesAreMadeAgain(suffix: String, how: String) throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try filled(disk)
        let expected = try log.records()
        try log.close(clean: true)
        for path in disk.paths where path.hasSuffix(suffix) {
            let bytes = disk.bytes(path) ?? []
            switch how {
            case "missing": disk.erase(path)
            case "cut": disk.overwrite(path, bytes.dropLast(3))
            default: if suffix == ".index" { disk.overwrite(path, bytes.map { $0 &+ 1 }) }
            }
        }
        let again = try openLog(disk)
        for start in stride(from: 0, to: 300, by: 13) {
            #expect(try again.records(from: Int64(start), maxBytes: 300) == Array(expected[start...]))
            let wanted = Int64(start * 10)
            #expect(
                try again.offset(forTimestamp: wanted, isolation: .uncommitted)
                    == log.timeOracle(wanted, count: 300)
            )
        }
        try again.write(Batches.batch(["more"]))
    }

    /// One flipped bit after another: whatever it hits, each record is served as it was written or refused.
    @Test func damageInASealedSegmentIsReportedAndNeverServed() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try filled(disk, count: 60)
        let expected = try log.records()
        try log.close(clean: true)
        let paths = disk.paths.filter { $0.hasSuffix(".log") }
        let path = paths[paths.count / 2]
        let whole = try #require(disk.bytes(path))
        for place in stride(from: 0, to: whole.count, by: 41) {
            var bytes = whole
            bytes[place] ^= 1 << UInt8(place % 8)
            disk.overwrite(path, bytes)
            let again = try openLog(disk)
            var refused = 0
            for offset in Int64(0)..<60 {
                let seen = try Self.record(at: offset, in: again)
                if seen == nil { refused += 1 } else { #expect(seen == expected[Int(offset)], "byte \(place)") }
            }
            // The leader epoch is the one field that nothing covers.
            let isEpoch = refused == 0
            #expect(try again.verify().isEmpty == isEpoch, "byte \(place)")
            #expect(refused <= 14, "byte \(place)")
            #expect(disk.bytes(path) == bytes)
        }
    }

    /// The first record from `offset` on, nil when the log says that it is damaged.
    private static func record(at offset: Int64, in log: PartitionLog) throws -> SeenRecord? {
        do {
            let slice = try log.read(from: offset, maxBytes: 1, minOneBatch: true, isolation: .uncommitted)
            for batch in try RecordBatch.all(in: ByteBuffer(bytes: slice.bytes())) {
                try batch.checkCRC()
                var reader = try RecordReader(batch)
                while let record = try reader.next() {
                    guard record.offset >= offset else { continue }
                    return SeenRecord(offset: record.offset, value: record.value.map { String(buffer: $0) })
                }
            }
            Issue.record("the slice at \(offset) holds no record")
            return nil
        } catch let error as StorageError {
            #expect(error.code == .damaged)
            return nil
        }
    }

    @Test func damageInTheSyncedPartOfTheLastSegmentIsNotTakenForATornTail() throws {
        var configuration = LogConfiguration.small
        configuration.segmentBytes = 64 << 20
        configuration.maxBatchBytes = 8 << 20
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk, configuration)
        let big = String(repeating: "y", count: 700_000)
        // More than the recovery point's distance, synced.
        for index in 0..<4 { try log.write(Batches.batch(["\(index)" + big])) }
        let path = try #require(disk.paths.first { $0.hasSuffix(".log") })
        var bytes = try #require(disk.bytes(path))
        bytes[1000] ^= 1
        disk.overwrite(path, bytes)
        let again = try openLog(disk.afterKill(), configuration)
        #expect(again.recovery.damages.count == 1)
        #expect(again.recovery.truncatedBytes == 0)
        #expect(again.offsets.endOffset == 4)
        #expect(try again.records(from: 1, maxBytes: 8 << 20).map(\.offset) == [1, 2, 3])
        #expect(throws: StorageError.self) { try again.records(from: 0) }
    }
}

extension PartitionLog {
    /// What the look-up must find in the log that `filled` makes.
    func timeOracle(_ wanted: Int64, count: Int) -> TimestampedOffset? {
        let timestamps = IndexTests.timestamps(count)
        guard let index = timestamps.firstIndex(where: { $0 >= wanted }) else { return nil }
        return TimestampedOffset(timestamp: timestamps[index], offset: Int64(index))
    }
}
