package import Log

/// Takes what consumer groups have committed from one cluster to its mirror.
///
/// Nothing may write to the source while it is looked at, and the mirror must have caught up: both are checked. The text that
/// is committed beside an offset goes along: it carries the accounting.
package struct OffsetsMove: Sendable {
    /// A log whose groups can be seen and set.
    package typealias Cluster = Log & ConsumerGroups

    private let source: any Cluster
    private let target: any Cluster
    private let groups: [String]?
    private let replaces: Bool

    /// - Parameters:
    ///   - source: where the groups have committed.
    ///   - target: where they will read on.
    ///   - groups: which ones; `nil` is every group with committed offsets.
    ///   - replaces: whether other offsets that a group has in the target already give way.
    package init(from source: any Cluster, to target: any Cluster, groups: [String]? = nil, replaces: Bool = false) {
        self.source = source
        self.target = target
        self.groups = groups
        self.replaces = replaces
    }

    /// What is to be done, and what stands against it.
    package struct Plan: Sendable {
        /// By group and partition.
        package var lines: [Line] = []
        /// A sentence each; with any of them nothing is moved.
        package var problems: [String] = []
    }

    /// One committed offset.
    package struct Line: Sendable, Hashable {
        package var group: String
        package var partition: TopicPartition
        /// In the source.
        package var committed: CommittedOffset
        /// In the target.
        package var match: TailMatch
        /// The group has committed just this in the target already.
        package var isThere: Bool
    }

    /// Looks at both clusters and changes nothing.
    /// - Throws: `LogError` when a cluster does not answer.
    package func plan() async throws -> Plan {
        var plan = Plan()
        guard try await source.clusterID() != target.clusterID() else {
            plan.problems.append("both addresses are the same cluster: there is nothing to move")
            return plan
        }
        let topics = MoveTopics(source: try await source.topics(), target: try await target.topics())
        var wanted: [(group: String, offsets: [TopicPartition: CommittedOffset])] = []
        for group in try await named(&plan) {
            let offsets = try await source.offsets(committedBy: group, in: topics.partitions)
            if offsets.isEmpty {
                if groups != nil { plan.problems.append("group \(group) has committed nothing in the source") }
                continue
            }
            try await checkMembers(group, &plan)
            wanted.append((group, offsets))
        }
        let readers = try await MoveReaders(source, target)
        do {
            try await readers.checkMirror(topics, &plan)
            for (group, offsets) in wanted { try await match(group, offsets, topics, readers, &plan) }
            try await readers.checkStillness(&plan)
        } catch {
            await readers.close()
            throw error
        }
        await readers.close()
        return plan
    }

    /// Commits in the target what `plan` says.
    /// - Precondition: it has no problems.
    /// - Throws: `LogError`; some of the groups may have been moved then, and moving again does the rest.
    package func apply(_ plan: Plan) async throws(LogError) {
        precondition(plan.problems.isEmpty, "a plan with problems is not to be applied")
        let lines = Dictionary(grouping: plan.lines.filter { !$0.isThere }, by: \.group)
        for (group, lines) in lines.sorted(by: { $0.key < $1.key }) {
            let offsets = lines.map {
                ($0.partition, CommittedOffset($0.match.offset, metadata: $0.committed.metadata))
            }
            try await target.setOffsets(Dictionary(uniqueKeysWithValues: offsets), of: group)
        }
    }

    private func named(_ plan: inout Plan) async throws -> [String] {
        let known = try await source.groups()
        guard let groups else { return known }
        for group in groups where !known.contains(group) {
            plan.problems.append("there is no group \(group) in the source")
        }
        return groups.filter(known.contains)
    }

    private func checkMembers(_ group: String, _ plan: inout Plan) async throws {
        for (cluster, name) in [(source, "source"), (target, "target")] {
            let count = try await cluster.members(of: group)
            guard count > 0 else { continue }
            plan.problems.append(
                "group \(group) has \(count) members in the \(name): stop whatever reads as this group"
            )
        }
    }

    private func match(
        _ group: String,
        _ offsets: [TopicPartition: CommittedOffset],
        _ topics: MoveTopics,
        _ readers: MoveReaders,
        _ plan: inout Plan
    ) async throws {
        let present = try await target.offsets(committedBy: group, in: offsets.keys.filter(topics.isInBoth))
        for (partition, committed) in offsets.sorted(by: { $0.key < $1.key }) {
            if let problem = topics.problem(with: partition, group) {
                plan.problems.append(problem)
                continue
            }
            do {
                let match = try await readers.find(committed.offset, of: partition)
                let meant = CommittedOffset(match.offset, metadata: committed.metadata)
                if let other = present[partition], other != meant, !replaces {
                    plan.problems.append(Self.taken(group, partition, other, meant))
                    continue
                }
                plan.lines.append(
                    Line(
                        group: group,
                        partition: partition,
                        committed: committed,
                        match: match,
                        isThere: present[partition] == meant
                    )
                )
            } catch let mismatch as TailSearch.Mismatch {
                plan.problems.append(
                    "\(partition), offset \(committed.offset) of group \(group): \(mismatch.reason); "
                        + (try await advice(partition.topic))
                )
            }
        }
    }

    private func advice(_ topic: TopicName) async throws -> String {
        let policies = try await [source, target].asyncMap {
            try await $0.settings(of: [topic])[topic]?["cleanup.policy"]
        }
        guard policies.contains(where: { $0?.contains("compact") == true }) else {
            return "the mirror has not caught up, or somebody else has written"
        }
        return
            "the topic is compacted, and the clusters may have cleaned it differently: let the group read to its end in "
            + "the source before the move, then nothing has to be compared"
    }

    private static func taken(
        _ group: String,
        _ partition: TopicPartition,
        _ found: CommittedOffset,
        _ meant: CommittedOffset
    ) -> String {
        let what = found.offset == meant.offset ? "with another text" : "and not \(meant.offset)"
        return
            "group \(group) has committed offset \(found.offset) of \(partition) in the target, \(what): it has run there "
            + "already; --force replaces it"
    }
}

extension Array {
    fileprivate func asyncMap<R>(_ transform: (Element) async throws -> R) async rethrows -> [R] {
        var result: [R] = []
        for element in self { result.append(try await transform(element)) }
        return result
    }
}
