import Dev

/// What a worker says of a connector.
typealias WorkerReport = WorkerProbe.Connector

extension WorkerReport {
    /// Both workers' counts of one connector, each of which has some of its partitions.
    func adding(_ other: WorkerReport) -> WorkerReport {
        var sum = self
        sum.consumed += other.consumed
        sum.delivered += other.delivered
        sum.filtered += other.filtered
        sum.duplicate += other.duplicate
        sum.deadLettered.merge(other.deadLettered, uniquingKeysWith: +)
        sum.inFlight += other.inFlight
        sum.residue += other.residue
        return sum
    }
}
