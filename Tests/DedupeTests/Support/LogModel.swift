import Log

@testable import Dedupe

/// A partition's log, and what the definition of a duplicate says of each record, computed by looking at all the earlier
/// ones.
struct LogModel {
    struct Entry {
        let offset: Offset
        let timestamp: Timestamp
        let key: Int?
    }

    let partition: TopicPartition
    let entries: [Entry]
    /// The offset after the last record and what follows it.
    let end: Offset
    /// For each record the highest timestamp up to and including it.
    private let logTimes: [Int64]

    init(partition: TopicPartition, entries: [Entry], end: Offset) {
        self.partition = partition
        self.entries = entries
        self.end = end
        var latest: Int64 = 0
        logTimes = entries.map { entry in
            latest = max(latest, entry.timestamp.rawValue)
            return latest
        }
    }

    func isDuplicate(_ index: Int, window: Int64) -> Bool {
        guard let key = entries[index].key else { return false }
        for earlier in 0..<index where entries[earlier].key == key {
            if logTimes[index] - max(entries[earlier].timestamp.rawValue, 0) < window { return true }
        }
        return false
    }

    /// The index of the first record at or after `offset`.
    func index(of offset: Offset) -> Int {
        entries.firstIndex { $0.offset >= offset } ?? entries.count
    }

    /// The offset of the record at `index`, or the end.
    func offset(_ index: Int) -> Offset {
        index < entries.count ? entries[index].offset : end
    }

    static func random(
        _ partition: TopicPartition,
        count: Int,
        keys: Int,
        using random: inout SeededGenerator
    ) -> LogModel {
        var entries: [Entry] = []
        var offset = Int64.random(in: 0...20, using: &random)
        var clock: Int64 = 1_700_000_000_000
        for _ in 0..<count {
            clock +=
                random.chance(3) ? Int64.random(in: 50...400, using: &random) : Int64.random(in: 0...6, using: &random)
            let jitter = random.chance(20) ? Int64.random(in: -120...10, using: &random) : 0
            let timestamp = random.chance(1) ? -1 : clock + jitter
            let key = random.chance(8) ? nil : Int.random(in: 0..<keys, using: &random)
            entries.append(Entry(offset: Offset(offset), timestamp: Timestamp(milliseconds: timestamp), key: key))
            offset += random.chance(10) ? Int64.random(in: 2...9, using: &random) : 1
        }
        return LogModel(
            partition: partition,
            entries: entries,
            end: Offset(offset + Int64.random(in: 0...3, using: &random))
        )
    }
}
