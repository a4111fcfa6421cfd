/// The declaration of one metric: the only way to get a series is through one of these.
package struct Metric: Hashable, Sendable {
    /// What kind of series it has, in Prometheus' terms.
    package enum Kind: String, Sendable {
        /// Only goes up; its name ends in `_total`.
        case counter
        /// Goes up and down.
        case gauge
        /// Observations counted in cumulative buckets.
        case histogram
    }

    /// The name, `busbar_<noun>_<unit>` in base units.
    package let name: String
    /// What kind of series it has.
    package let kind: Kind
    /// One sentence for people who read `/metrics`.
    package let help: String
    /// Its labels in the order of exposition; every series gives a value to each.
    package let labels: [MetricLabel]
    /// When to alert, as a PromQL condition, or why not.
    package let alert: String
    /// Upper bounds of a histogram's buckets, ascending and finite; `+Inf` is implied.
    package let buckets: [Double]

    init(
        _ name: String,
        _ kind: Kind,
        _ help: String,
        labels: [MetricLabel] = [],
        alert: String,
        buckets: [Double] = []
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.alert = alert
        self.buckets = buckets
    }
}

/// The label names there are. Their values come from bounded sets: never a key, an offset, a run id or a user.
package enum MetricLabel: String, CaseIterable, Hashable, Sendable {
    /// A connector's name.
    case connector
    /// How a record ended: `delivered`, `filtered`, `duplicate` or `dead_lettered`.
    case outcome
    /// How an attempt ended: `delivered`, `retry`, `reject`, `pause` or `fatal`; of a commit: `ok` or `error`; of a question to
    /// the registry `unknown`, too.
    case result
    /// A dead-letter reason.
    case reason
    /// A state of a closed set.
    case state
    /// An HTTP status, or `error` when there was none.
    case code
    /// A contract.
    case subject
    /// A consumer group.
    case group
    /// A topic.
    case topic
    /// A partition's number.
    case partition
    /// A bounded queue.
    case queue
    /// A broker's id.
    case broker
    /// A call of Kafka's protocol, by its name there.
    case api
    /// busbar's version.
    case version
    /// The version of librdkafka that is loaded.
    case librdkafka
}
