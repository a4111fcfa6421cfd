package import Delivery
package import JSON
internal import Log
package import Telemetry

/// What health checks and `/connectors` say, from one snapshot of the board.
package struct StatusReport {
    private let board: StatusBoard

    package init(_ board: StatusBoard) {
        self.board = board
    }

    /// `{"ready":…,"connectors":[{"connector":…,"state":…,"ready":…,"detail":…}]}` and whether all are ready.
    package func readiness() -> (json: [UInt8], ready: Bool) {
        let snapshot = board.snapshot()
        let isReady = snapshot.allSatisfy { $0.entry.lifecycle.isReady }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("ready", isReady)
            writer.array("connectors") { writer in
                for (name, entry) in snapshot {
                    writer.object { writer in
                        writer.member("connector", name)
                        writer.member("state", entry.lifecycle.state.label)
                        writer.member("ready", entry.lifecycle.isReady)
                        writer.member("detail", entry.detail)
                    }
                }
            }
        }
        return (writer.bytes, isReady)
    }

    /// One line per connector: state, accounting over all partitions, lag.
    package func connectors() -> [UInt8] {
        var writer = JSONWriter()
        for (name, entry) in board.snapshot() {
            let accounting = entry.accounting
            writer.object { writer in
                writer.member("connector", name)
                writer.member("state", entry.lifecycle.state.label)
                writer.member("detail", entry.detail)
                Self.write(accounting, to: &writer)
                writer.member("partitions", entry.partitions.count)
                writer.member("lag", entry.partitions.values.reduce(entry.sourceLag ?? 0) { $0 + ($1.lag ?? 0) })
            }
            writer.newline()
        }
        return writer.bytes
    }

    /// The members of an accounting, as `busbar dev --once --json` prints them.
    package static func write(_ accounting: Accounting, to writer: inout JSONWriter) {
        writer.member("consumed", accounting.consumed)
        writer.member("delivered", accounting.settled[.delivered])
        writer.member("filtered", accounting.settled[.filtered])
        writer.member("duplicate", accounting.settled[.duplicate])
        writer.object("dead_lettered") { writer in
            for (reason, count) in accounting.settled.deadLetters { writer.member(reason.rawValue, count) }
        }
        writer.member("in_flight", accounting.inFlight)
        writer.member("residue", accounting.residue)
    }

    /// Brings the gauges that mirror the board up to date.
    package func refresh(_ registry: MetricsRegistry) {
        for (name, entry) in board.snapshot() {
            let accounting = entry.accounting
            registry.gauge(.inFlight, [.connector: name]).set(Int(accounting.inFlight))
            registry.gauge(.accountingResidue, [.connector: name]).set(Int(accounting.residue))
            registry.gauge(.partitionsAssigned, [.connector: name]).set(entry.partitions.count)
            if let lag = entry.sourceLag { registry.gauge(.sourceLagMessages, [.connector: name]).set(Int(lag)) }
            registry.setState(
                .connectorState,
                [.connector: name],
                to: entry.lifecycle.state.label,
                of: ConnectorLifecycle.State.labels
            )
            for (partition, view) in entry.partitions { refresh(registry, name, partition, view) }
        }
    }

    private func refresh(
        _ registry: MetricsRegistry,
        _ name: String,
        _ partition: TopicPartition,
        _ view: PartitionView
    ) {
        let group = "busbar.\(name)"
        let topic = partition.topic.rawValue
        let number = String(partition.partition.rawValue)
        let time = view.lagTime.components
        registry.gauge(.consumerLagSeconds, [.group: group, .topic: topic, .partition: number])
            .set(Double(time.seconds) + Double(time.attoseconds) / 1e18)
        if let lag = view.lag {
            registry.gauge(.consumerLagMessages, [.group: group, .topic: topic, .partition: number]).set(Int(lag))
        }
    }
}
