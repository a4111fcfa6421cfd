import Log
import LogTesting
import TestKit
import Testing

@testable import Connectors

/// A record to be written.
private struct Sample {
    var timestamp: Timestamp
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [Header]
}

/// Two clusters, one of which mirrors the other's topic `t`, with transactions of its own.
@Suite(.timeLimit(.minutes(2)))
struct OffsetsMoveTests {
    private let source = InMemoryLog(.init(clusterID: "source"))
    private let target = InMemoryLog(.init(clusterID: "target"))
    private let place = TopicPartition("t", 0)

    /// Appends records in random transactions, some of them aborted, whose markers take offsets.
    private func write(_ records: [Sample], to log: InMemoryLog, _ random: inout SeededRandom) async throws {
        let producer = try await log.producer(ProducerConfiguration(transactionalID: "w\(random.next())"))
        var rest = records[...]
        while !rest.isEmpty {
            try await producer.beginTransaction()
            if random.chance(0.3) {
                _ = try await producer.send(ProduceBatch(["aborted"], to: "t"))
                try await producer.abortTransaction()
                continue
            }
            var batch = ProduceBatch()
            for record in rest.prefix(Int.random(in: 1...5, using: &random)) { batch.append(record, to: place) }
            for case .failed(let error) in try await producer.send(batch) { throw error }
            try await producer.commitTransaction()
            rest = rest.dropFirst(batch.count)
        }
        await producer.close(within: .zero)
    }

    private func records(_ count: Int, _ random: inout SeededRandom) -> [Sample] {
        (0..<count).map { index in
            Sample(
                timestamp: Timestamp(milliseconds: 1000 + Int64(index / 3)),
                key: random.chance(0.2) ? nil : random.bytes(Int.random(in: 0...2, using: &random)),
                // Few different values, so that neighbours are often alike.
                value: random.chance(0.2) ? nil : random.bytes(Int.random(in: 0...1, using: &random)),
                headers: random.chance(0.3) ? [Header("a", "1"), Header("a", nil)] : []
            )
        }
    }

    private func mirror(_ records: [Sample], seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        try await source.createTopics([TopicSpecification("t", partitions: 1)])
        try await target.createTopics([TopicSpecification("t", partitions: 1)])
        try await write(records, to: source, &random)
        try await write(records, to: target, &random)
    }

    private func plan(
        _ groups: [String]? = nil,
        replaces: Bool = false
    ) async throws -> OffsetsMove.Plan {
        try await OffsetsMove(from: source, to: target, groups: groups, replaces: replaces).plan()
    }

    @Test(arguments: 0..<12)
    func everyOffsetIsFoundInTheMirror(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let records = records(Int.random(in: 0...60, using: &random), &random)
        try await mirror(records, seed: seed)
        let originals = source.records(in: place)
        let copies = target.records(in: place)
        let readers = try await MoveReaders(source, target)
        let ends = (source: try await bound(of: source), target: try await bound(of: target))
        for raw in 0...ends.source.rawValue {
            let committed = Offset(raw)
            let index = originals.firstIndex { $0.offset >= committed } ?? originals.count
            let match = try await readers.find(committed, of: place)
            let expected = index < copies.count ? copies[index].offset : ends.target
            #expect(match.offset == expected, "seed \(seed), committed \(raw)")
            #expect(match.records == Int64(originals.count - index), "seed \(seed), committed \(raw)")
            #expect(match.deletedUnread == 0)
        }
        await readers.close()
    }

    private func bound(of log: InMemoryLog) async throws -> Offset {
        try await log.reader().bounds(of: place).upperBound
    }

    @Test func offsetsTheirTextAndNothingElseAreMoved() async throws {
        try await mirror(someRecords(20), seed: 1)
        let committed = CommittedOffset(source.records(in: place)[7].offset, metadata: "busbar1;consumed=7")
        try await source.setOffsets([place: committed], of: "busbar.a")
        let plan = try await plan()
        #expect(plan.problems == [])
        try await OffsetsMove(from: source, to: target).apply(plan)
        let expected = CommittedOffset(target.records(in: place)[7].offset, metadata: "busbar1;consumed=7")
        #expect(target.committedOffsets(of: "busbar.a") == [place: expected])
        // Again: nothing is to be done.
        let again = try await self.plan()
        #expect(again.problems == [] && again.lines.map(\.isThere) == [true])
    }

    private func someRecords(_ count: Int) -> [Sample] {
        var random = SeededRandom(seed: 42)
        return records(count, &random)
    }

    @Test func whatIsCompactedOrDeletedInTheMirrorBeforeTheOffsetDoesNotMatter() async throws {
        try await mirror(someRecords(20), seed: 2)
        try await source.setOffsets([place: CommittedOffset(source.records(in: place)[15].offset)], of: "g")
        let expected = target.records(in: place)[15].offset
        try target.deleteRecords(in: place, before: target.records(in: place)[10].offset)
        #expect(try await plan().lines.map(\.match.offset) == [expected])
    }

    @Test func recordsThatWereDeletedUnreadAreCounted() async throws {
        try await mirror(someRecords(20), seed: 3)
        try await source.setOffsets([place: CommittedOffset(0)], of: "g")
        let first = source.records(in: place)[4]
        try source.deleteRecords(in: place, before: first.offset)
        let line = try #require(try await plan().lines.first)
        #expect(line.match.deletedUnread == first.offset.rawValue)
        #expect(line.match.offset == target.records(in: place)[4].offset)
        #expect(line.match.records == 16)
    }

    /// Ways in which a copy is no copy of 10 records.
    enum Damage: String, CaseIterable {
        case lacksTheLast, hasOneMore, hasAnotherKey, hasAnotherValue, hasAnotherHeader, hasAnotherTime, nullBecameEmpty
    }

    @Test(arguments: Damage.allCases, [0, 5, 9])
    func aMirrorThatDiffersBehindTheOffsetIsRefused(_ damage: Damage, _ index: Int) async throws {
        var random = SeededRandom(seed: 9)
        let records = (0..<10).map { number -> Sample in
            let byte: [UInt8] = [UInt8(number)]
            let time = Timestamp(milliseconds: 5000 + Int64(number))
            return Sample(timestamp: time, key: byte, value: number == 9 ? nil : byte, headers: [Header("h", "x")])
        }
        try await source.createTopics([TopicSpecification("t", partitions: 1)])
        try await target.createTopics([TopicSpecification("t", partitions: 1)])
        try await write(records, to: source, &random)
        try await write(damaged(records, damage), to: target, &random)
        try await source.setOffsets([place: CommittedOffset(source.records(in: place)[index].offset)], of: "g")
        let plan = try await plan()
        #expect(plan.lines.isEmpty)
        let problem = try #require(plan.problems.first)
        #expect(problem.hasPrefix("t/0, offset \(source.records(in: place)[index].offset) of group g: "))
        #expect(problem.hasSuffix("; the mirror has not caught up, or somebody else has written"))
    }

    private func damaged(_ records: [Sample], _ damage: Damage) -> [Sample] {
        var records = records
        switch damage {
        case .lacksTheLast: records.removeLast()
        case .hasOneMore: records.append(records[3])
        case .hasAnotherKey: records[9].key = nil
        case .hasAnotherValue: records[9].value = [1]
        case .hasAnotherHeader: records[9].headers.append(Header("h", "x"))
        case .hasAnotherTime: records[9].timestamp = Timestamp(milliseconds: 1)
        case .nullBecameEmpty: records[9].value = []
        }
        return records
    }

    @Test func aGroupThatHasReadEverythingIsComparedByItsLastRecord() async throws {
        try await mirror(someRecords(8), seed: 4)
        try await source.setOffsets([place: CommittedOffset(try await bound(of: source))], of: "g")
        #expect(try await plan().lines.map(\.match.offset) == [try await bound(of: target)])
        var random = SeededRandom(seed: 5)
        try await write(
            [
                Sample(
                    timestamp: Timestamp(milliseconds: 1),
                    key: nil,
                    value: [77, 77],
                    headers: []
                )
            ],
            to: source,
            &random
        )
        try await source.setOffsets([place: CommittedOffset(try await bound(of: source))], of: "g")
        #expect(try await plan().problems.count == 1)
    }

    @Test func groupsThatRunOrHaveRunAreRefused() async throws {
        try await mirror(someRecords(8), seed: 6)
        try await source.setOffsets([place: CommittedOffset(0)], of: "g")
        try await target.setOffsets([place: CommittedOffset(3)], of: "g")
        #expect(try await plan().problems.map { $0.contains("--force replaces it") } == [true])
        let forced = try await plan(replaces: true)
        #expect(forced.problems == [] && forced.lines.map(\.isThere) == [false])
        let member = try await source.consumer(ConsumerConfiguration(group: "g", topics: ["t"]))
        _ = try await member.next(wait: .zero)
        #expect(
            try await plan(replaces: true).problems
                == ["group g has 1 members in the source: stop whatever reads as this group"]
        )
        await member.close()
    }

    @Test func topicsAndGroupsThatAreNotThereAreNamed() async throws {
        try await mirror(someRecords(3), seed: 7)
        try await source.createTopics([TopicSpecification("u", partitions: 1)])
        try await source.setOffsets([TopicPartition("u", 0): CommittedOffset(0)], of: "g")
        #expect(
            try await plan(["g", "nobody"]).problems == [
                "there is no group nobody in the source",
                "group g reads u, which the target does not have: mirror it, or name the groups to move",
            ]
        )
        let same = try await OffsetsMove(from: source, to: source).plan()
        #expect(same.problems == ["both addresses are the same cluster: there is nothing to move"])
    }

    @Test func aMirrorThatIsBehindIsRefusedEvenWhereNoGroupReads() async throws {
        try await mirror(someRecords(8), seed: 8)
        let last = try #require(source.records(in: place).last)
        try await target.createTopics([TopicSpecification("busbar.offsets", partitions: 1)])
        for (next, problems) in [(last.offset, 1), (last.offset.next, 0)] {
            var batch = ProduceBatch()
            batch.append(
                topic: "busbar.offsets",
                key: Array(#"["mirror","t/0"]"#.utf8),
                value: MirrorPosition(cluster: "source", next: next).bytes
            )
            let producer = try await target.producer(ProducerConfiguration())
            _ = try await producer.send(batch)
            #expect(try await plan().problems.count == problems)
        }
    }
}

extension ProduceBatch {
    fileprivate mutating func append(_ record: Sample, to place: TopicPartition) {
        append(
            topic: place.topic,
            partition: place.partition,
            key: record.key,
            value: record.value,
            headers: record.headers,
            timestamp: record.timestamp
        )
    }
}
