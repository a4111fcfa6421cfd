import KafkaProtocol
import LogStorage
import LogStorageTesting
import NIOCore
import Testing

/// A recovery begins at the last checkpoint, and what it finds is as if it had read everything.
@Suite struct CheckpointTests {
    private static let directory = "/data/t-0"

    /// One large segment, so that everything is in the active one.
    private static var configuration: LogConfiguration {
        var configuration = LogConfiguration.small
        configuration.segmentBytes = 1 << 20
        return configuration
    }

    private static func fill(_ log: PartitionLog, _ numbers: Range<Int>) throws {
        for number in numbers {
            let producer = (id: Int64(number % 3), epoch: Int16(0), sequence: Int32(number / 3))
            try log.write(
                Batches.batch(["v\(number)"], timestamps: [IndexTests.timestamp(number)], producer: producer)
            )
        }
    }

    private static func survivors(of disk: SimulatedDisk) -> [(name: String, disk: SimulatedDisk)] {
        [("killed", disk.afterKill()), ("power lost", disk.afterPowerLoss())]
    }

    /// Everything that can be asked of the log is answered as before.
    private static func check(_ log: PartitionLog, _ count: Int, _ comment: Comment) throws {
        #expect(try log.records().map(\.value) == (0..<count).map { "v\($0)" }, comment)
        let timestamps = IndexTests.timestamps(count)
        for wanted in stride(from: Int64(0), to: Int64(count) * 10, by: 97) {
            let expected = timestamps.firstIndex { $0 >= wanted }.map { Int64($0) }
            #expect(try log.offset(forTimestamp: wanted, isolation: .uncommitted)?.offset == expected, comment)
        }
        #expect(try log.maxTimestamp()?.timestamp == timestamps.max(), comment)
        #expect(log.producers().map(\.lastSequence) == [0, 1, 2].map { Int32((count - 1 - $0) / 3) }, comment)
        #expect(log.recovery.damages.isEmpty, comment)
    }

    @Test func onlyWhatCameAfterwardsIsRead() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk, Self.configuration)
        try Self.fill(log, 0..<300)
        try log.checkpoint(after: 1)
        let covered = log.byteCount
        try Self.fill(log, 300..<330)
        for (name, disk) in Self.survivors(of: disk) {
            let recovered = try openLog(disk, Self.configuration)
            #expect(recovered.recovery.scannedBytes == log.byteCount - covered, "\(name)")
            try Self.check(recovered, 330, "\(name)")
            // The producers go on, and another crash finds the same again.
            try Self.fill(recovered, 330..<360)
            try Self.check(try openLog(disk.afterKill(), Self.configuration), 360, "\(name), again")
        }
    }

    @Test func aCrashAfterACleanStopReadsOnlyWhatCameSince() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk, Self.configuration)
        try Self.fill(log, 0..<100)
        try log.close(clean: true)
        let next = try openLog(disk, Self.configuration)
        let covered = next.byteCount
        try Self.fill(next, 100..<110)
        let recovered = try openLog(disk.afterPowerLoss(), Self.configuration)
        #expect(recovered.recovery.scannedBytes == next.byteCount - covered)
        try Self.check(recovered, 110, "after a clean stop")
    }

    @Test func nothingIsWrittenBeforeTheLogHasGrown() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk, Self.configuration)
        try Self.fill(log, 0..<10)
        try log.checkpoint(after: log.byteCount + 1)
        #expect(!disk.paths.contains(Self.directory + "/checkpoint"))
        try log.checkpoint(after: log.byteCount)
        #expect(disk.paths.contains(Self.directory + "/checkpoint"))
    }

    @Test(arguments: ["checkpoint", ".snapshot", ".index", ".timeindex", ".txnindex"], ["missing", "cut", "garbage"])
    func whatDoesNotFitTheCheckpointIsMadeAgain(suffix: String, how: String) throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk, Self.configuration)
        try Self.fill(log, 0..<300)
        try log.checkpoint(after: 1)
        try Self.fill(log, 300..<310)
        let killed = disk.afterKill()
        for path in killed.paths where path.hasSuffix(suffix) {
            let bytes = killed.bytes(path) ?? []
            switch how {
            case "missing": killed.erase(path)
            case "cut": killed.overwrite(path, Array(bytes.dropLast(min(bytes.count, 40))))
            default: killed.overwrite(path, bytes.map { $0 &+ 1 })
            }
        }
        try Self.check(try openLog(killed, Self.configuration), 310, "\(suffix) \(how)")
    }

    @Test func transactionsOpenAndAbortedAreKnownAfterwards() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk, Self.configuration)
        try log.write(Batches.batch(["gone"], producer: (1, 0, 0), transactional: true))
        try log.appendMarker(producerID: 1, epoch: 0, committed: false, coordinatorEpoch: 0, leaderEpoch: 0, now: 1000)
        try log.write(Batches.batch(["open"], producer: (2, 0, 0), transactional: true))
        try log.sync()
        try log.checkpoint(after: 1)
        try log.write(Batches.batch(["kept"], producer: (1, 0, 1), transactional: true))
        try log.appendMarker(producerID: 1, epoch: 0, committed: true, coordinatorEpoch: 0, leaderEpoch: 0, now: 1000)
        try log.sync()
        for (name, disk) in Self.survivors(of: disk) {
            let recovered = try openLog(disk, Self.configuration)
            #expect(recovered.offsets.lastStableOffset == 2, "\(name)")
            try recovered.appendMarker(
                producerID: 2,
                epoch: 0,
                committed: true,
                coordinatorEpoch: 0,
                leaderEpoch: 0,
                now: 1000
            )
            try recovered.sync()
            #expect(try recovered.committedValues() == ["open", "kept"], "\(name)")
        }
    }

    @Test func theGroupCommitterWritesOne() throws {
        let disk = SimulatedDisk(seed: 1)
        var configuration = Self.configuration
        configuration.checkpointBytes = 1
        let log = try openLog(disk, configuration)
        let committer = try GroupCommitter(threads: 1)
        let result = try log.append(Batches.batch(["v"]), origin: .client, leaderEpoch: 0, now: 1000)
        committer.commit(result, of: log) { _ in }
        committer.stop()
        #expect(disk.paths.contains(Self.directory + "/checkpoint"))
    }

    @Test func snapshotsDoNotPileUp() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk, Self.configuration)
        for round in 0..<20 {
            try Self.fill(log, round * 10..<round * 10 + 10)
            try log.checkpoint(after: 1)
        }
        #expect(disk.paths.count { $0.hasSuffix(".snapshot") } <= 4)
    }
}
