package import ConnectorKit
package import Log

/// Reads topics of another cluster, byte for byte, for a sink that puts each record where it was.
///
/// Records are neither decoded nor checked. What is committed there is read in the order of each partition; the position
/// after a batch is accepted together with it. Which topics there are is asked for again every
/// ``MirrorSettings/refresh``, which also notices that the cluster is gone.
package struct MirrorSource: Source {
    private let settings: MirrorSettings
    private let connector: String
    private let source: any Log
    private let target: any Log
    private let onEvent: @Sendable (MirrorEvent) -> Void
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - settings: which topics, and how they are read.
    ///   - connector: the connector's name, under which its own positions are stored.
    ///   - source: the other cluster.
    ///   - target: the cluster that records go to.
    ///   - onEvent: told about what operators should know; called on the source's task.
    ///   - sleep: waits when the intake has no room; throws when the task is cancelled.
    package init(
        _ settings: MirrorSettings,
        connector: String,
        from source: any Log,
        to target: any Log,
        onEvent: @escaping @Sendable (MirrorEvent) -> Void = { _ in },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.settings = settings
        self.connector = connector
        self.source = source
        self.target = target
        self.onEvent = onEvent
        self.sleep = sleep
    }

    /// - Throws: ``ConnectorError``, `LogError` of the target, ``IntakeError/unavailable(detail:)`` from the intake.
    package func run(into intake: any Intake) async throws {
        let cluster = try await otherCluster()
        let reader = try await MirrorFailure.naming(settings.brokers) { () throws(LogError) in
            try await source.reader(onDeleted: .fail)
        }
        let reading = MirrorReading(
            settings,
            cluster: cluster,
            topics: MirrorTopics(source: source, target: target),
            reader: reader,
            hand: MirrorHand(settings, connector: connector, cluster: cluster, intake: intake, sleep: sleep),
            onEvent: onEvent
        )
        do {
            try await reading.run()
        } catch is CancellationError {
            // told to end
        } catch IntakeError.stopping {
            // likewise
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
    }

    private func otherCluster() async throws -> String {
        let other = try await MirrorFailure.naming(settings.brokers) { () throws(LogError) in
            try await source.clusterID()
        }
        if let other, try await target.clusterID() == other {
            throw ConnectorError(
                .wrongCluster,
                setting: "brokers",
                "\(settings.brokers) is the cluster that the records go to; every record would come back for ever. Name the "
                    + "brokers of the other cluster."
            )
        }
        return other ?? ""
    }
}

/// Something that who runs a mirror should know.
package enum MirrorEvent: Sendable, Hashable {
    /// Retention deleted what was not mirrored yet: it is in neither cluster.
    case deleted(TopicPartition, unread: Range<Offset>)
    /// These partitions are mirrored from now on.
    case added([TopicPartition])
    /// These are not there any more.
    case gone([TopicPartition])
}
