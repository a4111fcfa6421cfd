@testable import Broker

/// The model of committed offsets: a map, and what the log holds in its order.
struct OffsetModel {
    struct Key: Hashable {
        let group: String
        let partition: LogPartition
    }

    enum Entry {
        case write(CoordinatorWrite)
        case marker(producerID: Int64, partition: Int32, committed: Bool)
    }

    private struct Commit {
        let key: Key
        let value: Int64
        let logOffset: Int64
    }

    /// Durable entries with their offsets, over all partitions.
    private(set) var log: [(entry: Entry, offset: Int64)] = []
    private var visible: [Key: Commit] = [:]
    private var waiting: [Int64: [Commit]] = [:]
    private var issued: [WriteToken: [Key]] = [:]

    /// What OffsetFetch has to say; -1 without an offset.
    func value(_ key: Key) -> Int64 { visible[key]?.value ?? -1 }

    /// Whether a commit is neither durable nor refused, or its transaction is open.
    func isUnstable(_ key: Key) -> Bool {
        issued.values.contains { $0.contains(key) } || waiting.values.contains { $0.contains { $0.key == key } }
    }

    /// The offsets that a write commits; tombstones have `nil`.
    static func offsets(_ write: CoordinatorWrite) throws -> [(key: Key, value: Int64?)] {
        try write.records.compactMap { record in
            guard case .offset(let group, let partition) = try OffsetsTopicKey(record.key) else { return nil }
            return (
                Key(group: group, partition: partition), try record.value.map { try OffsetRecord.committed($0).offset }
            )
        }
    }

    /// The coordinator decided to write: deletions are seen at once, commits when they are durable.
    mutating func issue(_ write: CoordinatorWrite) throws {
        for (key, value) in try Self.offsets(write) {
            if value != nil {
                issued[write.token, default: []].append(key)
            } else {
                forget(key)
            }
        }
    }

    private mutating func forget(_ key: Key) {
        visible[key] = nil
        for id in waiting.keys { waiting[id]?.removeAll { $0.key == key } }
        for token in issued.keys { issued[token]?.removeAll { $0 == key } }
    }

    mutating func complete(_ entry: Entry, offset: Int64) throws {
        log.append((entry, offset))
        switch entry {
        case .write(let write):
            let live = issued.removeValue(forKey: write.token) ?? []
            for case (let key, let value?) in try Self.offsets(write) where live.contains(key) {
                add(Commit(key: key, value: value, logOffset: offset), write.producer?.id)
            }
        case .marker(let producerID, let partition, let committed):
            end(producerID, partition, committed)
        }
    }

    mutating func fail(_ write: CoordinatorWrite) { issued[write.token] = nil }

    private mutating func add(_ commit: Commit, _ producerID: Int64?) {
        if let producerID {
            waiting[producerID, default: []].append(commit)
        } else {
            show(commit)
        }
    }

    private mutating func show(_ commit: Commit) {
        if (visible[commit.key]?.logOffset ?? -1) < commit.logOffset { visible[commit.key] = commit }
    }

    private mutating func end(_ producerID: Int64, _ partition: Int32, _ committed: Bool) {
        let ended = (waiting[producerID] ?? []).filter { GroupCoordinator().partition(for: $0.key.group) == partition }
        waiting[producerID]?.removeAll { commit in ended.contains { $0.key == commit.key } }
        if committed { ended.forEach { show($0) } }
    }

    /// What is left of everything after a restart: the log, read from its beginning.
    func reread() throws -> OffsetModel {
        var fresh = OffsetModel()
        for (entry, offset) in log {
            if case .write(let write) = entry { try fresh.issue(write) }
            try fresh.complete(entry, offset: offset)
        }
        return fresh
    }
}
