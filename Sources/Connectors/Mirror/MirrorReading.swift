internal import ConnectorKit
internal import Log

/// One run of a `mirror` source: what is read, how far it has come, and how far it is behind.
///
/// Confined to the source's task.
final class MirrorReading {
    private let settings: MirrorSettings
    private let cluster: String
    private let topics: MirrorTopics
    private let reader: any LogReader
    private let hand: MirrorHand
    private let onEvent: @Sendable (MirrorEvent) -> Void
    /// The next offset to be mirrored of each partition.
    private var positions: [TopicPartition: Offset] = [:]
    /// The partitions that were not read to their end since their last record, with the ends that were last heard of.
    private var behind: [TopicPartition: Offset] = [:]
    private var nextRefresh = ContinuousClock.now
    private var isReady = false

    init(
        _ settings: MirrorSettings,
        cluster: String,
        topics: MirrorTopics,
        reader: any LogReader,
        hand: MirrorHand,
        onEvent: @escaping @Sendable (MirrorEvent) -> Void
    ) {
        self.settings = settings
        self.cluster = cluster
        self.topics = topics
        self.reader = reader
        self.hand = hand
        self.onEvent = onEvent
    }

    func run() async throws {
        while true {
            try Task.checkCancellation()
            if nextRefresh <= .now { try await refresh() }
            if !settings.follow, lag == 0 { return }
            if let event = try await next() {
                try await take(event)
            } else {
                try await skipDeleted()
            }
        }
    }

    /// What the reader has; `nil` when it stands where nothing is any more.
    private func next() async throws -> ReaderEvent? {
        let wait = min(ContinuousClock.now.duration(to: nextRefresh), .seconds(1))
        return try await ask { () throws(LogError) in
            do throws(LogError) {
                return try await reader.next(wait: max(wait, .milliseconds(1)))
            } catch {
                guard error.code == .offsetOutOfRange else { throw error }
                return nil
            }
        }
    }

    private func take(_ event: ReaderEvent) async throws {
        switch event {
        case .batch(let batch):
            try await hand.over(batch) { partition, next in
                positions[partition] = next
                behind[partition] = max(behind[partition] ?? next, next)
            }
        case .end(let partition, let offset):
            // Control records lie between the last record and the end: there is nothing to mirror before it.
            guard let position = positions[partition] else { return }
            positions[partition] = max(position, offset)
            behind[partition] = nil
        case .idle:
            return
        }
        hand.report(lag: lag)
    }

    /// 0 only when every partition was read to its end.
    private var lag: Int64 {
        behind.reduce(0) { $0 + max(1, (positions[$1.key] ?? $1.value).distance(to: $1.value)) }
    }

    /// Looks for topics and partitions that came or went, and for the ends of all.
    private func refresh() async throws {
        let wanted = try await topics.prepare(settings)
        let gone = positions.keys.filter { !wanted.contains($0) }.sorted()
        let added = wanted.filter { positions[$0] == nil }.sorted()
        for partition in gone { (positions[partition], behind[partition]) = (nil, nil) }
        // One that was read to its end is at it until its next record comes: there is nothing to ask.
        for partition in wanted.sorted() where positions[partition] == nil || behind[partition] != nil {
            try await place(partition)
        }
        if !gone.isEmpty { onEvent(.gone(gone)) }
        if !added.isEmpty { onEvent(.added(added)) }
        if !gone.isEmpty || !added.isEmpty {
            try await ask { () throws(LogError) in try await reader.assign(positions) }
        }
        nextRefresh = .now.advanced(by: settings.refresh)
        if !isReady || !gone.isEmpty || !added.isEmpty {
            isReady = true
            hand.ready(
                "mirroring \(positions.count) partition\(positions.count == 1 ? "" : "s") from \(settings.brokers)"
            )
        }
        hand.report(lag: lag)
    }

    /// Notes a partition's end, and for a new one where to begin.
    private func place(_ partition: TopicPartition) async throws {
        let bounds = try await bounds(of: partition)
        behind[partition] = bounds.upperBound
        guard positions[partition] == nil else { return }
        guard let stored = try await hand.position(of: partition) else {
            positions[partition] = bounds.lowerBound
            return
        }
        guard stored.cluster == cluster else {
            throw ConnectorError(
                .wrongCluster,
                setting: "brokers",
                "this connector has mirrored \(partition) of cluster \(stored.cluster), and \(settings.brokers) is cluster "
                    + "\(cluster); give the connector another name to mirror another cluster."
            )
        }
        positions[partition] = try within(bounds, stored.next, of: partition)
    }

    /// `position`, or where the log begins by now. What was deleted unread is reported.
    private func within(_ bounds: Range<Offset>, _ position: Offset, of partition: TopicPartition) throws -> Offset {
        guard position <= bounds.upperBound else {
            throw ConnectorError(
                .sourceWentBack,
                "\(partition) of the mirrored cluster at \(settings.brokers) ends at offset \(bounds.upperBound), and "
                    + "\(position) was reached before: the cluster has lost records that are here, or the topic was made "
                    + "anew. Give the connector another name to mirror from the start, into topics that are empty."
            )
        }
        guard position < bounds.lowerBound else { return position }
        onEvent(.deleted(partition, unread: position..<bounds.lowerBound))
        return bounds.lowerBound
    }

    /// Goes on behind what retention deleted while it was being read.
    private func skipDeleted() async throws {
        for (partition, position) in positions.sorted(by: { $0.key < $1.key }) {
            positions[partition] = try within(try await bounds(of: partition), position, of: partition)
        }
        try await ask { () throws(LogError) in try await reader.assign(positions) }
    }

    private func bounds(of partition: TopicPartition) async throws -> Range<Offset> {
        try await ask { () throws(LogError) in try await reader.bounds(of: partition) }
    }

    private func ask<R>(_ body: () async throws(LogError) -> R) async throws(ConnectorError) -> R {
        try await MirrorFailure.naming(settings.brokers, body)
    }
}
