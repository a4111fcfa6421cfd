import Log

/// What members in other processes say that they do, each record of topic `said` one word and its numbers.
///
/// A member says what it will read from before it reads, what it has read before it commits, and what it has committed
/// after the broker has confirmed it: so what a process that is killed has not said did not count.
enum MemberWord: Equatable {
    case started(member: Int)
    case assigned(member: Int, PartitionID)
    case revoked(member: Int, PartitionID)
    case read(member: Int, PartitionID, ClosedRange<Int64>)
    case committed(member: Int, PartitionID, next: Int64)
    /// A second without a message.
    case idle(member: Int)

    var text: String {
        switch self {
        case .started(let member): "started \(member)"
        case .assigned(let member, let partition): "assigned \(member) \(partition.rawValue)"
        case .revoked(let member, let partition): "revoked \(member) \(partition.rawValue)"
        case .read(let member, let partition, let offsets):
            "read \(member) \(partition.rawValue) \(offsets.lowerBound) \(offsets.upperBound)"
        case .committed(let member, let partition, let next): "committed \(member) \(partition.rawValue) \(next)"
        case .idle(let member): "idle \(member)"
        }
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ")
        let numbers = parts.dropFirst().compactMap { Int64($0) }
        guard let word = parts.first, let member = numbers.first.map({ Int($0) }), numbers.count == parts.count - 1
        else { return nil }
        let partition = PartitionID(rawValue: Int32(truncatingIfNeeded: numbers.dropFirst().first ?? -1))
        switch (word, numbers.count) {
        case ("started", 1): self = .started(member: member)
        case ("idle", 1): self = .idle(member: member)
        case ("assigned", 2): self = .assigned(member: member, partition)
        case ("revoked", 2): self = .revoked(member: member, partition)
        case ("read", 4) where numbers[2] <= numbers[3]:
            self = .read(member: member, partition, numbers[2]...numbers[3])
        case ("committed", 3): self = .committed(member: member, partition, next: numbers[2])
        default: return nil
        }
    }

    var member: Int {
        switch self {
        case .started(let member), .idle(let member), .assigned(let member, _), .revoked(let member, _),
            .read(let member, _, _),
            .committed(let member, _, _):
            member
        }
    }
}

/// The ground truth of what all members have said, in the order of the log.
///
/// A record may be read again, but not by a member that got its partition after a commit behind the record was confirmed.
struct MemberLedger {
    private struct Place: Hashable {
        let member: Int
        let partition: PartitionID
    }

    private var seen: [PartitionID: Set<Int64>] = [:]
    private(set) var committed: [PartitionID: Int64] = [:]
    /// Where a member may not read behind.
    private var floors: [Place: Int64] = [:]
    /// Records that somebody has read.
    private(set) var count = 0
    private(set) var duplicates = 0
    private(set) var violations: [String] = []

    mutating func note(_ word: MemberWord) {
        switch word {
        case .started, .revoked, .idle: break
        case .assigned(let member, let partition):
            floors[Place(member: member, partition: partition)] = committed[partition, default: 0]
        case .read(let member, let partition, let offsets): read(offsets, partition, by: member)
        case .committed(let member, let partition, let next):
            committed[partition] = max(next, committed[partition, default: 0])
            let place = Place(member: member, partition: partition)
            floors[place] = max(next, floors[place, default: 0])
        }
    }

    private mutating func read(_ offsets: ClosedRange<Int64>, _ partition: PartitionID, by member: Int) {
        guard let floor = floors[Place(member: member, partition: partition)] else {
            violations.append("member \(member) read \(partition) without having it")
            return
        }
        if offsets.lowerBound < floor {
            violations.append("member \(member) read \(partition)@\(offsets) though \(floor) was committed")
        }
        for offset in offsets {
            if seen[partition, default: []].insert(offset).inserted { count += 1 } else { duplicates += 1 }
        }
    }

    /// Offsets below `end` that nobody has read.
    func missing(below end: Int64, in partition: PartitionID) -> [Int64] {
        let seen = seen[partition, default: []]
        return (0..<end).filter { !seen.contains($0) }
    }
}
