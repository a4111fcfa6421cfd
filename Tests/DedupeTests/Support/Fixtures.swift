import Log
import TestFiles

@testable import Dedupe

let orders = TopicPartition("orders", 0)
let payments = TopicPartition("payments", 3)

func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

extension DedupeConfiguration {
    static func test(
        _ folder: TemporaryFolder,
        window: Int64 = 100,
        memory: Int = 1 << 20,
        disk: Int? = nil,
        identity: String = "test",
        cluster: String? = nil,
        name: String = "journal.sqlite"
    ) -> DedupeConfiguration {
        DedupeConfiguration(
            path: folder.path(name),
            identity: identity,
            cluster: cluster,
            window: .milliseconds(window),
            maximumMemoryBytes: memory,
            maximumDiskBytes: disk
        )
    }
}

extension DedupeState {
    /// The answers for records of one partition at consecutive offsets.
    func check(_ partition: TopicPartition, from first: Int64, _ records: [(Int64, String?)]) throws -> [DedupeVerdict]
    {
        try records.enumerated().map { index, record in
            try check(partition, Offset(first + Int64(index)), at(record.0), record.1.map(hasher.key(of:)))
        }
    }

    /// Checks, seals and commits.
    func settle(_ partition: TopicPartition, from first: Int64, _ records: [(Int64, String?)]) throws {
        _ = try check(partition, from: first, records)
        let end = Offset(first + Int64(records.count))
        try seal([partition: end])
        try commit(partition, upTo: end)
    }

    /// Gives a rebuild the records it asks for.
    func rebuild(_ partition: TopicPartition, _ records: [(Int64, String?)], in range: Range<Offset>) throws {
        for (offset, record) in records.enumerated() where range.contains(Offset(Int64(offset))) {
            try absorb(partition, Offset(Int64(offset)), at(record.0), record.1.map(hasher.key(of:)))
        }
        try finishRebuild(partition)
    }
}
