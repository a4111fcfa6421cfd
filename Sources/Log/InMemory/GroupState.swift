internal import _StringProcessing

/// One consumer group, as its coordinator and its members' assignor see it.
///
/// Ownership is level-triggered: ``target`` says who shall own a partition, ``owners`` who does. A member that owns what
/// another shall have is told to revoke; a partition without owner is offered to the member that shall have it. Hence a
/// partition moves in two rebalances, as with Kafka's cooperative-sticky assignor (KIP-429).
struct GroupState: Sendable {
    /// Counts from 1 with each change of the membership, of the topics or of the assignment.
    var generation = 0
    var members: [Int64: Member] = [:]
    /// Who owns what, from the moment the assignment was handed out until its revocation is answered.
    var owners: [TopicPartition: Int64] = [:]
    var target: [TopicPartition: Int64] = [:]
    var committed: [TopicPartition: CommittedOffset] = [:]

    struct Member: Sendable {
        enum Standing: Sendable {
            case joined
            /// The coordinator dropped it; it joins again after it has answered the loss.
            case expelled
            /// A newer consumer has taken its group instance id.
            case fenced
            /// Closed, but with a group instance id: its partitions wait for it (KIP-345).
            case absent
        }

        let configuration: ConsumerConfiguration
        var standing = Standing.joined
        /// Counts how often the consumer joined; each time it is another member to the coordinator.
        var incarnation = 1
        /// Where the answered assignments are being read.
        var positions: [TopicPartition: LogState.Position] = [:]
        /// The partitions of `positions`; the one read first last time is at the back.
        var order: [TopicPartition] = []
        var rebalances: UInt64 = 0
        /// Handed out and not answered yet.
        var outstanding: Rebalance?
        /// Taken away and not reported yet.
        var lost: [TopicPartition] = []

        /// Takes part in the assignment.
        var isCounted: Bool { standing == .joined || standing == .absent }

        func subscribes(to topic: TopicName) -> Bool {
            configuration.topics.contains { subscription in
                subscription.rawValue.hasPrefix("^")
                    ? TopicPattern.matches(subscription.rawValue, topic.rawValue)
                    : subscription == topic
            }
        }
    }

    func subscribes(to topic: TopicName) -> Bool {
        members.values.contains { $0.isCounted && $0.subscribes(to: topic) }
    }

    /// Computes who shall own which of `partitions`: evenly, and with as few moves as that allows.
    mutating func balance(_ partitions: [TopicPartition]) {
        let counted = members.filter(\.value.isCounted).keys.sorted()
        var eligible: [TopicName: [Int64]] = [:]
        for topic in Set(partitions.map(\.topic)) {
            eligible[topic] = counted.filter { members[$0]?.subscribes(to: topic) == true }
        }
        var load = Dictionary(uniqueKeysWithValues: counted.map { ($0, 0) })
        var next: [TopicPartition: Int64] = [:]
        for partition in partitions {
            guard let kept = target[partition], eligible[partition.topic]?.contains(kept) == true else { continue }
            next[partition] = kept
            load[kept, default: 0] += 1
        }
        for partition in partitions where next[partition] == nil {
            let candidates = eligible[partition.topic] ?? []
            guard let chosen = candidates.min(by: { (load[$0] ?? 0, $0) < (load[$1] ?? 0, $1) }) else { continue }
            next[partition] = chosen
            load[chosen, default: 0] += 1
        }
        while let move = Self.improvement(partitions, next, eligible, load) {
            if let from = next[move.partition] { load[from, default: 0] -= 1 }
            next[move.partition] = move.member
            load[move.member, default: 0] += 1
        }
        target = next
    }

    /// A partition whose owner has at least two more than another member that could have it; the last one first, so that
    /// members keep the partitions they had longest.
    private static func improvement(
        _ partitions: [TopicPartition],
        _ assignment: [TopicPartition: Int64],
        _ eligible: [TopicName: [Int64]],
        _ load: [Int64: Int]
    ) -> (partition: TopicPartition, member: Int64)? {
        for partition in partitions.reversed() {
            guard let owner = assignment[partition],
                let least = eligible[partition.topic]?
                    .min(by: { (load[$0] ?? 0, $0) < (load[$1] ?? 0, $1) })
            else { continue }
            if (load[owner] ?? 0) > (load[least] ?? 0) + 1 { return (partition, least) }
        }
        return nil
    }
}

/// Subscriptions that start with `^`.
package enum TopicPattern {
    /// - Throws: ``LogError/Code/configuration`` for what is not a regular expression.
    static func check(_ pattern: String) throws(LogError) {
        do {
            _ = try Regex(pattern)
        } catch {
            throw .invalid("_INVALID_ARG", "The subscription \(pattern) is not a regular expression: \(error).")
        }
    }

    /// Whether the topic's name starts with a match. Patterns were checked when the consumer was opened.
    package static func matches(_ pattern: String, _ topic: String) -> Bool {
        do {
            return try Regex(pattern).prefixMatch(in: topic) != nil
        } catch {
            return false
        }
    }
}
