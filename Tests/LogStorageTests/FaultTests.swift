import LogStorage
import LogStorageTesting
import Testing

/// The disk fails, tears or stops at every call of a fixed workload, and at random calls of random ones.
@Suite struct FaultTests {
    static let sizes = [1, 3, 2, 5, 1, 1, 8, 2, 2, 3, 1, 4, 2, 6, 1, 2, 3, 9, 1, 2]

    /// Open, send with repeats, close, open again: what a process does with faults around it.
    private static func run(_ disk: SimulatedDisk, _ client: inout IdempotentClient, round: Int = 3) throws {
        var log: PartitionLog?
        var attempts = 0
        while !client.isDone, !disk.isDown {
            attempts += 1
            try #require(attempts < 200, "the log came to stay unavailable")
            do {
                let open = try log ?? openLog(disk)
                log = open
                try client.round(round, on: open)
            } catch is StorageError {
                continue
            }
        }
        if let log, !disk.isDown {
            // A close that fails leaves what a crash leaves.
            do { try log.close(clean: true) } catch {}
        }
    }

    /// Every acknowledged record once and in order, and nothing that was not sent.
    private static func check(_ disk: SimulatedDisk, _ client: IdempotentClient, _ comment: Comment) throws {
        let log = try openLog(disk)
        let values = try log.records().map(\.value)
        #expect(values.count >= client.acknowledgedValues, comment)
        #expect(values.count <= client.attemptedValues, comment)
        #expect(values == (0..<values.count).map { IdempotentClient.value($0) }, comment)
        #expect(log.recovery.damages.isEmpty, comment)
        // The producer goes on where it stopped: its state was recovered with its records.
        var rest = client
        while !rest.isDone { try rest.round(4, on: log) }
        let all = rest.sizes.reduce(0, +)
        #expect(try log.records().map(\.value) == (0..<all).map { IdempotentClient.value($0) }, comment)
    }

    private static func calls() throws -> Int {
        let disk = SimulatedDisk(seed: 0)
        var client = IdempotentClient(sizes: sizes)
        try run(disk, &client)
        return disk.calls
    }

    @Test(arguments: [SimulatedDisk.Fault.fail, .tear])
    func aFailedCallLosesNothingThatWasAcknowledged(fault: SimulatedDisk.Fault) throws {
        for call in 1...(try Self.calls()) {
            let disk = SimulatedDisk(seed: UInt64(call))
            disk.plan(SimulatedDisk.Plan(at: call, fault: fault, times: call % 3 + 1))
            var client = IdempotentClient(sizes: Self.sizes)
            try Self.run(disk, &client)
            #expect(client.isDone, "fault at call \(call)")
            try Self.check(disk.afterKill(), client, "killed after a fault at call \(call)")
            try Self.check(disk.afterPowerLoss(), client, "power lost after a fault at call \(call)")
        }
    }

    @Test func aPowerLossAtAnyCallLosesNothingThatWasAcknowledged() throws {
        for call in 1...(try Self.calls()) {
            let disk = SimulatedDisk(seed: UInt64(call))
            disk.plan(SimulatedDisk.Plan(at: call, fault: .powerLoss))
            var client = IdempotentClient(sizes: Self.sizes)
            try Self.run(disk, &client)
            try Self.check(disk.afterPowerLoss(), client, "power lost at call \(call)")
            try Self.check(disk.afterKill(), client, "killed at call \(call)")
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func randomWorkloadsSurviveRandomPowerLosses(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let sizes = (0..<30).map { _ in random.below(12) + 1 }
        var client = IdempotentClient(sizes: sizes)
        var disk = SimulatedDisk(seed: seed)
        // Several lives of one log, each ended by a power loss or a kill, with a failing call now and then.
        for life in 0..<6 {
            let fault: SimulatedDisk.Fault = [.powerLoss, .powerLoss, .fail, .tear][random.below(4)]
            disk.plan(SimulatedDisk.Plan(at: random.below(60) + 1, fault: fault))
            let before = client.acknowledged
            try Self.run(disk, &client, round: random.below(5) + 1)
            #expect(client.acknowledged >= before)
            disk = random.once(in: 3) ? disk.afterKill() : disk.afterPowerLoss()
            try Self.check(disk.afterKill(), client, "seed \(seed), life \(life)")
        }
    }
}
