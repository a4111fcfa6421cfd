/// Asks every client that is opened with a configuration for its statistics.
public struct StatisticsReports: Sendable {
    /// Takes one report. Called on the cooperative pool, for one report of a client at a time.
    public typealias Handler = @Sendable (ClientStatistics) async -> Void

    /// How often librdkafka makes a report, 1 ms to a day (`statistics.interval.ms`). A report of a client with 1,000 partitions is
    /// about 1 MB of JSON, so seconds, not milliseconds.
    public var interval: Duration
    /// Takes the reports. One that is slower than the interval gets the newest report next;
    /// ``ClientStatistics/missedReports`` counts those it did not see.
    public var handler: Handler

    /// Reports to `handler`, one at a time.
    public init(every interval: Duration = .seconds(10), handler: @escaping Handler) {
        self.interval = interval
        self.handler = handler
    }
}
