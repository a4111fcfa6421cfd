import KafkaProtocol
import LogStorage
import LogStorageTesting
import NIOCore
import Testing

/// The log against an array: appends, reads, deletions, compactions, restarts, in random order.
@Suite struct ModelTests {
    private struct Model {
        var records: [SeenRecord] = []
        var start: Int64 = 0
        var end: Int64 = 0

        func visible(from offset: Int64) -> ArraySlice<SeenRecord> {
            var low = 0
            var high = records.count
            let first = max(offset, start)
            while low < high {
                let middle = (low + high) / 2
                if records[middle].offset < first { low = middle + 1 } else { high = middle }
            }
            return records[low...]
        }
    }

    private struct Run {
        var random: SeededRandom
        var configuration = LogConfiguration.small
        var disk: SimulatedDisk
        var log: PartitionLog
        var model = Model()
        var batch = ByteBuffer()

        init(seed: UInt64) throws {
            random = SeededRandom(seed)
            configuration.segmentBytes = 16 << 10
            configuration.compacts = true
            configuration.deletes = true
            configuration.retentionBytes = 256 << 10
            disk = SimulatedDisk(seed: seed)
            log = try openLog(disk, configuration)
        }

        mutating func step() throws {
            switch random.below(1000) {
            case ..<420: try append()
            case ..<960: try read()
            case ..<985: try outside()
            case ..<990: try delete()
            case ..<995: try retain()
            case ..<997: try compact()
            case ..<998: try log.checkpoint(after: 1)
            default: try restart()
            }
        }

        private mutating func append() throws {
            let count = random.below(3) + 1
            let keys = (0..<count).map { _ in "k\(random.below(50))" as String? }
            let values = (0..<count).map { _ in random.once(in: 8) ? nil : "v\(random.below(1_000_000))" as String? }
            let result = try log.write(Batches.batch(values, keys: keys))
            #expect(result.baseOffset == model.end)
            for index in 0..<count {
                model.records.append(
                    SeenRecord(offset: model.end + Int64(index), key: keys[index], value: values[index])
                )
            }
            model.end += Int64(count)
        }

        private mutating func read() throws {
            let from = model.start + Int64(random.below(Int(model.end - model.start) + 1))
            let slice = try log.read(
                from: from,
                maxBytes: random.below(400),
                minOneBatch: true,
                isolation: .uncommitted
            )
            var expected = model.visible(from: from)
            for batch in try RecordBatch.all(in: ByteBuffer(bytes: slice.bytes())) {
                var reader = try RecordReader(batch)
                while let record = try reader.next() {
                    guard record.offset >= from else { continue }
                    let wanted = expected.popFirst()
                    try #require(wanted?.offset == record.offset)
                    try #require(wanted?.value == record.value.map { String(buffer: $0) })
                }
            }
            if slice.count == 0 { #expect(expected.isEmpty) }
            #expect((expected.first?.offset ?? model.end) >= slice.nextOffset)
        }

        private func outside() throws {
            for offset in [model.start - 1, model.end + 1] {
                #expect(throws: StorageError.self) {
                    try log.read(from: offset, maxBytes: 1, minOneBatch: true, isolation: .uncommitted)
                }
            }
        }

        private mutating func delete() throws {
            let to = model.start + Int64(random.below(Int(model.end - model.start) / 4 + 1))
            _ = try log.deleteRecords(before: to)
            moveStart(to)
        }

        private mutating func retain() throws {
            moveStart(try log.applyRetention(now: 1000).startOffset)
        }

        private mutating func moveStart(_ start: Int64) {
            #expect(start >= model.start)
            model.start = start
            model.records = Array(model.visible(from: start))
        }

        /// Below the report's offset the last record of each key stays, and tombstones until their time.
        private mutating func compact() throws {
            let report = try log.compact(now: 1000, force: true)
            #expect(report.skipped.isEmpty)
            var last: [String: Int64] = [:]
            for record in model.records where record.offset < report.cleanedTo {
                last[record.key ?? ""] = record.offset
            }
            let expected = model.records.filter { record in
                record.offset >= report.cleanedTo || last[record.key ?? ""] == record.offset
            }
            let seen = try log.records()
            #expect(seen == expected, "compaction to \(report.cleanedTo)")
            model.records = expected
        }

        private mutating func restart() throws {
            let clean = random.once(in: 2)
            try log.close(clean: clean)
            disk = random.once(in: 2) ? disk.afterKill() : disk.afterPowerLoss()
            log = try openLog(disk, configuration)
            if clean { #expect(log.recovery.wasClean) }
            #expect(log.offsets.startOffset >= model.start)
            #expect(log.offsets.endOffset == model.end)
        }
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func agreesWithAnArray(seed: UInt64) throws {
        var run = try Run(seed: seed)
        for _ in 0..<20_000 { try run.step() }
        #expect(try run.log.records() == Array(run.model.visible(from: run.log.offsets.startOffset)), "seed \(seed)")
        #expect(try run.log.verify().isEmpty, "seed \(seed)")
    }
}
