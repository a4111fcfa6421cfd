import KafkaProtocol
import LogStorage
import LogStorageTesting
import NIOCore
import Synchronization
import Testing

@Suite struct CommitTests {
    /// Waits for a callback without blocking the pool.
    private func committed(_ append: AppendResult, _ log: PartitionLog, _ committer: GroupCommitter) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            committer.commit(append, of: log) { continuation.resume(with: $0.mapError { $0 }) }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func whoIsAnsweredIsDurable() async throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk)
        let committer = try GroupCommitter(threads: 2)
        defer { committer.stop() }
        for index in 0..<20 {
            let append = try log.append(Batches.batch(["v\(index)"]), origin: .client, leaderEpoch: 0, now: 1)
            try await committed(append, log, committer)
            #expect(log.offsets.durableEndOffset > append.lastOffset)
        }
        #expect(try openLog(disk.afterPowerLoss()).records().count == 20)
    }

    @Test(.timeLimit(.minutes(1)))
    func answersOfOneLogComeInOrderAndManyShareASync() async throws {
        let disk = SimulatedDisk(seed: 1)
        var configuration = LogConfiguration.small
        configuration.segmentBytes = 1 << 20
        configuration.flush = .groupCommit(window: .milliseconds(5), bytes: 1 << 20)
        let log = try openLog(disk, configuration)
        let committer = try GroupCommitter(threads: 3)
        let answers = Mutex<[Int64]>([])
        disk.plan(SimulatedDisk.Plan())
        for index in 0..<500 {
            let append = try log.append(Batches.batch(["v\(index)"]), origin: .client, leaderEpoch: 0, now: 1)
            committer.commit(append, of: log) { result in
                if case .success = result { answers.withLock { $0.append(append.baseOffset) } }
            }
        }
        committer.stop()
        #expect(answers.withLock { $0 } == Array(0..<500))
        // 500 writes, and far fewer syncs.
        #expect(disk.calls < 800)
    }

    @Test(.timeLimit(.minutes(1)))
    func aFailedSyncFailsItsWaitersAndTheLogGoesOn() async throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try openLog(disk)
        let committer = try GroupCommitter(threads: 1)
        defer { committer.stop() }
        let first = try log.append(Batches.batch(["kept"]), origin: .client, leaderEpoch: 0, now: 1)
        try await committed(first, log, committer)
        let second = try log.append(Batches.batch(["lost"]), origin: .client, leaderEpoch: 0, now: 1)
        disk.plan(SimulatedDisk.Plan(at: 1, fault: .fail))
        await #expect(throws: StorageError.self) { try await committed(second, log, committer) }
        #expect(try log.records().map(\.value) == ["kept"])
        let third = try log.append(Batches.batch(["next"]), origin: .client, leaderEpoch: 0, now: 1)
        #expect(third.baseOffset == 1)
        try await committed(third, log, committer)
        #expect(try log.records().map(\.value) == ["kept", "next"])
        #expect(try openLog(disk.afterPowerLoss()).records().map(\.value) == ["kept", "next"])
    }

    @Test(.timeLimit(.minutes(1)))
    func underAnIntervalTheAnswerComesAtOnceAndTheSyncBeforeTheEnd() async throws {
        let disk = SimulatedDisk(seed: 1)
        var configuration = LogConfiguration.small
        configuration.flush = .interval(.seconds(60))
        let log = try openLog(disk, configuration)
        let committer = try GroupCommitter(threads: 1)
        let append = try log.append(Batches.batch(["v"]), origin: .client, leaderEpoch: 0, now: 1)
        try await committed(append, log, committer)
        #expect(log.offsets.durableEndOffset == 0)
        committer.stop()
        #expect(log.offsets.durableEndOffset == 1)
    }

    @Test func aFullDiskRefusesAppendsServesReadsAndRecovers() throws {
        let disk = SimulatedDisk(seed: 3)
        let log = try openLog(disk)
        for index in 0..<20 { try log.write(Batches.batch(["v\(index)"])) }
        disk.plan(SimulatedDisk.Plan(at: 1, fault: .tear, times: 40))
        for _ in 0..<5 {
            do {
                try log.write(Batches.batch(["refused" + String(repeating: "x", count: 400)]))
                Issue.record("a full disk took a batch")
            } catch let error as StorageError {
                #expect([.diskFull, .io].contains(error.code))
            }
            #expect(try log.records().count == 20)
        }
        disk.plan(SimulatedDisk.Plan())
        #expect(try log.write(Batches.batch(["again"])).baseOffset == 20)
        #expect(try openLog(disk.afterPowerLoss()).records().count == 21)
    }

    @Test func openFilesAreBounded() throws {
        let cache = FileCache(disk: SimulatedDisk(seed: 1), capacity: 8)
        let logs = try (0..<10).map { number in
            try PartitionLog.open(directory: "/d/t-\(number)", configuration: .small, files: cache, now: 0)
        }
        for index in 0..<30 {
            for log in logs { try log.write(Batches.batch(["v\(index)"])) }
            #expect(cache.count <= 8)
        }
        for log in logs { #expect(try log.records().count == 30) }
        #expect(cache.count <= 8)
    }
}
