import LogStorage
import LogStorageTesting
import Testing

@Suite struct AtomicFileTests {
    private static let path = "/data/file"
    private static let old = Array("old".utf8)
    private static let new = Array("new and longer".utf8)

    private static func prepared(_ seed: UInt64) throws -> SimulatedDisk {
        let disk = SimulatedDisk(seed: seed)
        try AtomicFile(path, on: disk).replace(old)
        return disk
    }

    private static func calls() throws -> Int {
        let disk = try prepared(0)
        disk.plan(SimulatedDisk.Plan())
        try AtomicFile(path, on: disk).replace(new, previous: old)
        return disk.calls
    }

    @Test(arguments: [SimulatedDisk.Fault.fail, .tear])
    func afterAFailureTheOldContentIsThere(fault: SimulatedDisk.Fault) throws {
        for call in 1...(try Self.calls()) {
            let disk = try Self.prepared(UInt64(call))
            disk.plan(SimulatedDisk.Plan(at: call, fault: fault))
            #expect(throws: StorageError.self) {
                try AtomicFile(Self.path, on: disk).replace(Self.new, previous: Self.old)
            }
            for survivor in [disk, disk.afterKill(), disk.afterPowerLoss()] {
                #expect(try AtomicFile(Self.path, on: survivor).read() == Self.old, "\(fault) at call \(call)")
            }
        }
    }

    @Test func afterAPowerLossTheContentIsOldOrNew() throws {
        for call in 1...(try Self.calls()) {
            for seed in 0..<20 as Range<UInt64> {
                let disk = try Self.prepared(seed)
                disk.plan(SimulatedDisk.Plan(at: call, fault: .powerLoss))
                #expect(throws: StorageError.self) {
                    try AtomicFile(Self.path, on: disk).replace(Self.new, previous: Self.old)
                }
                let found = try AtomicFile(Self.path, on: disk.afterPowerLoss()).read()
                #expect(found == Self.old || found == Self.new, "power lost at call \(call), seed \(seed)")
            }
        }
    }

    @Test func aReplacedFileSurvivesAPowerLoss() throws {
        let disk = try Self.prepared(1)
        try AtomicFile(Self.path, on: disk).replace(Self.new)
        #expect(try AtomicFile(Self.path, on: disk.afterPowerLoss()).read() == Self.new)
        #expect(try AtomicFile("/data/none", on: disk).read() == nil)
    }
}
