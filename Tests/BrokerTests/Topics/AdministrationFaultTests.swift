import Foundation
import LogStorage
import LogStorageTesting
import Logging
import TestFiles
import Testing

@testable import Broker

/// The disk fails at every call of a few changes: each has happened or not, also after a crash or a power loss, and who
/// asked for one that has not was told.
@Suite(.timeLimit(.minutes(5))) struct AdministrationFaultTests {
    /// What others can see.
    private struct Snapshot: Equatable {
        var topics: [String: [String]] = [:]
        var hasRecord = false
        var rules = 0
        var users: [String] = []
    }

    /// Everything that changes, on a disk in memory; the lock alone is on a real one.
    private final class World {
        let directory: DataDirectory
        let topics: TopicAdministration
        let authorizer: Authorizer
        let credentials: CredentialStore

        init(_ disk: SimulatedDisk, _ folder: String) throws {
            directory = try DataDirectory(folder, disk: disk)
            let configuration = BrokerConfiguration(dataDirectory: folder)
            topics = TopicAdministration(
                catalogue: try TopicCatalogue(file: directory.file("topics.json"), disk: disk),
                partitions: PartitionTable(directory: directory, configuration: configuration, disk: disk),
                defaults: configuration.topics,
                metrics: BrokerMetrics(),
                logger: .quiet
            )
            authorizer = try Authorizer(
                file: directory.file("acls.json"),
                settings: .init(superUsers: [], allowsWithoutRule: false),
                disk: disk
            )
            credentials = try CredentialStore(file: directory.file("users.json"), users: [], disk: disk)
            try topics.start()
        }

        deinit { directory.unlock() }

        func snapshot() throws -> Snapshot {
            var snapshot = Snapshot()
            for topic in topics.catalogue.all where !topic.isInternal {
                let settings = topic.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                snapshot.topics[topic.name] = ["\(topic.partitions)"] + settings
            }
            // A record whose sync failed may be there or not, and the next try adds another.
            snapshot.hasRecord = try topics.partitions["a", 0]?.existingLog()?.offsets.endOffset ?? 0 > 0
            snapshot.rules = authorizer.all.count
            snapshot.users = credentials.described.map(\.user)
            return snapshot
        }
    }

    private static let rule = AccessRule(
        resourceType: .topic,
        resourceName: "a",
        patternType: .literal,
        principal: "User:bob",
        host: "*",
        operation: .read,
        isAllowed: true
    )
    private static let credential = ScramCredential(password: "geheim", hash: .sha256)

    /// The changes, one after the other. Each can be asked for again when it failed.
    private static let steps: [@Sendable (World) throws -> Void] = [
        { _ = try $0.topics.create("a", partitions: 2, settings: [:], dryRun: false) },
        { world in
            let log = try #require(world.topics.partitions["a", 0]).log()
            _ = try log.appendMarker(
                producerID: 1,
                epoch: 0,
                committed: true,
                coordinatorEpoch: 0,
                leaderEpoch: 0,
                now: 1
            )
            try log.sync()
        },
        { _ = try $0.topics.create("b", partitions: 1, settings: ["retention.ms": "1"], dryRun: false) },
        { try $0.topics.alter("a", dryRun: false) { $0["retention.ms"] = "5" } },
        { try $0.topics.grow("b", to: 3, dryRun: false) },
        { try $0.topics.delete("a") },
        { world in
            try world.topics.finishDeletions()
            _ = try world.topics.create("a", partitions: 1, settings: [:], dryRun: false)
        },
        { try $0.authorizer.add([rule]) },
        { _ = try $0.credentials.apply([.upsert(user: "bob", credential)]) },
        { _ = try $0.authorizer.remove { $0.principal == "User:bob" } },
        { try $0.topics.delete("b") },
    ]

    /// The step that appends a record.
    private static let appending = 1

    /// What is seen before the first step and after each.
    private static func expected() throws -> (snapshots: [Snapshot], calls: Int) {
        let disk = SimulatedDisk(seed: 0)
        let folder = TemporaryFolder()
        let world = try World(disk, folder.path)
        disk.plan(SimulatedDisk.Plan())
        var snapshots = [try world.snapshot()]
        for step in steps {
            try step(world)
            snapshots.append(try world.snapshot())
        }
        return (snapshots, disk.calls)
    }

    /// Where a run ended early, and what may be seen then and after a restart.
    private struct Stop {
        let step: Int
        let allowed: [Snapshot]
    }

    /// Runs the steps until one fails or the power is gone.
    private static func run(
        _ world: World,
        on disk: SimulatedDisk,
        _ expected: [Snapshot],
        _ comment: Comment
    ) throws -> Stop? {
        for (number, step) in steps.enumerated() {
            do {
                try step(world)
            } catch {
                // A refused change has not happened; a record is the exception, and a power loss says nothing.
                let isOpen = disk.isDown || number == appending
                return Stop(
                    step: number,
                    allowed: isOpen ? [expected[number], expected[number + 1]] : [expected[number]]
                )
            }
            if disk.isDown { return Stop(step: number, allowed: [expected[number + 1]]) }
            #expect(try world.snapshot() == expected[number + 1], "step \(number), \(comment)")
        }
        return nil
    }

    @Test(arguments: [SimulatedDisk.Fault.fail, .tear])
    func aChangeThatWasRefusedHasNotHappened(fault: SimulatedDisk.Fault) throws {
        let (expected, calls) = try Self.expected()
        for call in 1...calls {
            let comment: Comment = "\(fault) at call \(call)"
            let disk = SimulatedDisk(seed: UInt64(call))
            let folder = TemporaryFolder()
            let world = try World(disk, folder.path)
            disk.plan(SimulatedDisk.Plan(at: call, fault: fault))
            guard let stop = try Self.run(world, on: disk, expected, comment) else { continue }
            #expect(stop.allowed.contains(try world.snapshot()), comment)
            for survivor in [disk.afterKill(), disk.afterPowerLoss()] {
                let elsewhere = TemporaryFolder()
                let found = try World(survivor.moved(from: folder.path, to: elsewhere.path), elsewhere.path).snapshot()
                #expect(stop.allowed.contains(found), "restarted, step \(stop.step), \(comment)")
            }
            // Asked for again, it happens, and so does what follows.
            for (number, next) in Self.steps.enumerated().dropFirst(stop.step) {
                try next(world)
                #expect(try world.snapshot() == expected[number + 1], "step \(number), \(comment)")
            }
        }
    }

    @Test func aPowerLossLeavesTheOldStateOrTheNew() throws {
        let (expected, calls) = try Self.expected()
        for call in 1...calls {
            let comment: Comment = "power lost at call \(call)"
            let disk = SimulatedDisk(seed: UInt64(call))
            let folder = TemporaryFolder()
            let world = try World(disk, folder.path)
            disk.plan(SimulatedDisk.Plan(at: call, fault: .powerLoss))
            let stop = try #require(try Self.run(world, on: disk, expected, comment), comment)
            for survivor in [disk.afterKill(), disk.afterPowerLoss()] {
                let elsewhere = TemporaryFolder()
                let found = try World(survivor.moved(from: folder.path, to: elsewhere.path), elsewhere.path).snapshot()
                #expect(stop.allowed.contains(found), "step \(stop.step), \(comment)")
            }
        }
    }
}
