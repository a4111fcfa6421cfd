import Compression
import KafkaProtocol
import LogStorage
import LogStorageTesting
import NIOCore
import Testing

@Suite struct CompactionTests {
    private var configuration: LogConfiguration {
        var configuration = LogConfiguration.small
        configuration.compacts = true
        configuration.deletes = false
        configuration.deleteRetentionMilliseconds = 1000
        return configuration
    }

    private func put(_ log: PartitionLog, _ key: String, _ value: String?) throws {
        try log.write(Batches.batch([value], keys: [key]))
    }

    @Test func theLastValueOfAKeyStaysWithItsOffset() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk, configuration)
        var last: [String: Int64] = [:]
        for index in 0..<200 {
            let key = "k\(index % 7)"
            last[key] = log.offsets.endOffset
            try put(log, key, "v\(index)")
        }
        let before = try log.records()
        let report = try log.compact(now: 2000)
        #expect(report.skipped.isEmpty)
        #expect(report.recordsRemoved > 150)
        // What became small is joined by the next pass.
        let joined = try log.compact(now: 2000, force: true)
        #expect(joined.segmentsAfter < report.segmentsBefore / 2)
        let after = try log.records()
        let active = after.filter { $0.offset >= report.cleanedTo }
        let cleaned = after.filter { $0.offset < report.cleanedTo }
        #expect(active == before.filter { $0.offset >= report.cleanedTo })
        #expect(
            cleaned.allSatisfy { record in
                !before.contains { $0.key == record.key && $0.offset > record.offset && $0.offset < report.cleanedTo }
            }
        )
        #expect(after.allSatisfy { before.contains($0) })
        for (key, offset) in last { #expect(after.contains { $0.key == key && $0.offset == offset }) }
        #expect(try openLog(disk.afterKill(), configuration).records() == after)
        #expect(try log.verify().isEmpty)
        for start in stride(from: 0, to: 200, by: 9) {
            #expect(try log.records(from: Int64(start)) == after.filter { $0.offset >= start })
        }
    }

    @Test func aTombstoneStaysForItsRetentionAndThenGoes() throws {
        let log = try openLog(SimulatedDisk(seed: 1), configuration)
        try put(log, "k", "old")
        try put(log, "k", nil)
        for index in 0..<30 { try put(log, "other\(index)", "v") }
        _ = try log.compact(now: 2000, force: true)
        #expect(try log.records().filter { $0.key == "k" } == [SeenRecord(offset: 1, key: "k", value: nil)])
        _ = try log.compact(now: 2999, force: true)
        #expect(try log.records().contains { $0.key == "k" })
        _ = try log.compact(now: 3000, force: true)
        #expect(try !log.records().contains { $0.key == "k" })
    }

    @Test func abortedRecordsGoAndDoNotReplaceCommittedOnes() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk, configuration)
        try put(log, "k", "committed")
        for round in 0..<20 {
            try log.write(
                Batches.batch(["aborted\(round)"], keys: ["k"], producer: (1, 0, Int32(round)), transactional: true)
            )
            try log.appendMarker(
                producerID: 1,
                epoch: 0,
                committed: false,
                coordinatorEpoch: 0,
                leaderEpoch: 0,
                now: 1000
            )
            try log.sync()
        }
        for index in 0..<30 { try put(log, "other\(index)", "v") }
        let expected = try log.committedValues()
        let report = try log.compact(now: 2000, force: true)
        #expect(report.recordsRemoved == 20)
        #expect(try log.committedValues() == expected)
        let again = try openLog(disk.afterKill(), configuration)
        #expect(try again.committedValues() == expected)
        #expect(again.offsets.lastStableOffset == again.offsets.endOffset)
        _ = try again.compact(now: 9000, force: true)
        _ = try again.compact(now: 19000, force: true)
        #expect(try again.committedValues() == expected)
        // The aborting producer goes on with its sequence.
        #expect(
            try again.write(Batches.batch(["x"], keys: ["z"], producer: (1, 0, 20), transactional: true)).baseOffset > 0
        )
    }

    @Test func nothingAboveTheLastStableOffsetIsTouched() throws {
        let log = try openLog(SimulatedDisk(seed: 1), configuration)
        try log.write(Batches.batch(["open"], keys: ["t"], producer: (1, 0, 0), transactional: true))
        for index in 0..<100 { try put(log, "k", "v\(index)") }
        let before = try log.records()
        _ = try log.compact(now: 2000, force: true)
        #expect(try log.records() == before)
    }

    @Test func aSmallKeyTableTakesMorePassesToTheSameResult() throws {
        var configuration = configuration
        configuration.compactionKeys = 3
        let log = try openLog(SimulatedDisk(seed: 1), configuration)
        for index in 0..<200 { try put(log, "k\(index % 11)", "v\(index)") }
        var passes = 0
        var cleaned: Int64 = -1
        while true {
            let report = try log.compact(now: 2000, force: true)
            if report.cleanedTo == cleaned { break }
            cleaned = report.cleanedTo
            passes += 1
            try #require(passes < 200)
        }
        #expect(passes > 3)
        let keys = try log.records().filter { $0.offset < cleaned }.map(\.key)
        #expect(Set(keys).count == keys.count)
    }

    @Test(arguments: Codec.allCases)
    func compressedBatchesAreCompactedInTheirCodec(codec: Codec) throws {
        let log = try openLog(SimulatedDisk(seed: 1), configuration)
        for index in 0..<60 {
            let plain = Batches.batch(["v\(index)", "w\(index)"], keys: ["k\(index % 5)", "same"])
            try log.write(try Self.compressed(plain, codec))
        }
        let report = try log.compact(now: 2000, force: true)
        #expect(report.skipped.isEmpty)
        #expect(report.recordsRemoved > 60)
        var rest = ByteBuffer(
            bytes: try log.read(from: 0, maxBytes: 1, minOneBatch: true, isolation: .uncommitted).bytes()
        )
        let batch = try RecordBatch(readingFrom: &rest)
        try batch.checkCRC()
        let number = Int16([Codec.gzip: 1, .snappy: 2, .lz4: 3, .zstd: 4][codec] ?? 0)
        #expect(batch.header.attributes.rawValue & 7 == number)
        var reader = RecordReader(header: batch.header, records: try codec.decompress(batch.payload))
        #expect(try reader.next()?.value != nil)
    }

    static func compressed(_ plain: ByteBuffer, _ codec: Codec) throws -> ByteBuffer {
        var rest = plain
        let batch = try RecordBatch(readingFrom: &rest)
        var header = batch.header
        let payload = try codec.compress(batch.payload)
        let number = Int16([Codec.gzip: 1, .snappy: 2, .lz4: 3, .zstd: 4][codec] ?? 0)
        header.attributes = RecordBatchAttributes(rawValue: header.attributes.rawValue | number)
        header.batchLength = Int32(RecordBatchHeader.size - RecordBatchHeader.overhead + payload.readableBytes)
        var bytes = ByteBuffer(repeating: 0, count: RecordBatchHeader.size)
        bytes.writeImmutableBuffer(payload)
        header.write(over: &bytes, at: 0)
        return bytes
    }

    @Test(arguments: [SimulatedDisk.Fault.fail, .tear, .powerLoss])
    func aFaultAtAnyCallOfAPassLosesNoLastValue(fault: SimulatedDisk.Fault) throws {
        var call = 0
        while true {
            call += 1
            let disk = SimulatedDisk(seed: UInt64(call))
            let log = try openLog(disk, configuration)
            for index in 0..<30 { try put(log, "k\(index % 4)", "v\(index)") }
            let before = try log.records()
            disk.plan(SimulatedDisk.Plan(at: call, fault: fault))
            // What the fault does to the pass is not the question; what is left of the log is.
            do { _ = try log.compact(now: 2000, force: true) } catch {}
            let wasHit = disk.calls >= call
            if !disk.isDown { disk.plan(SimulatedDisk.Plan()) }
            if fault != .powerLoss {
                try put(log, "new", "n")
                #expect(try Self.lastValues(log.records()) == Self.lastValues(before, ["new": "n"]), "call \(call)")
            }
            for next in [disk.afterPowerLoss(), disk.afterKill()] {
                let values = try Self.lastValues(openLog(next, configuration).records().filter { $0.key != "new" })
                #expect(values == Self.lastValues(before), "call \(call)")
            }
            if !wasHit { break }
        }
        #expect(call > 10)
    }

    private static func lastValues(_ records: [SeenRecord], _ more: [String: String] = [:]) -> [String: String?] {
        var values: [String: String?] = [:]
        for record in records { values[record.key ?? ""] = record.value }
        for (key, value) in more { values[key] = value }
        return values
    }
}
