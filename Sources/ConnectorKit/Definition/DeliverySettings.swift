package import Log

/// Which records wait for which.
package enum DeliveryOrder: String, Sendable, CaseIterable, Hashable {
    /// Strict order per partition.
    case partition
    /// Records of one key in order, keys concurrently.
    case key
    case none
}

/// What happens to a record that breaks the contract.
package enum ViolationPolicy: String, Sendable, CaseIterable, Hashable {
    case deadLetter = "dead_letter"
    /// The sender is told; push sources only.
    case reject
}

/// The `delivery:` section. Its defaults are those of ``ConnectorCatalogue/connectorFields``.
package struct DeliverySettings: Sendable, Hashable {
    /// The `retry:` section.
    package struct Retry: Sendable, Hashable {
        /// At least 1; the first attempt counts.
        package var attempts: Int
        /// Wait before the second attempt.
        package var initial: Duration
        /// Longest wait between two attempts.
        package var max: Duration
        /// Whether each wait is drawn between nothing and its length.
        package var hasJitter: Bool
        /// Over all attempts.
        package var within: Duration

        /// Retries as given, unchecked.
        package init(attempts: Int, initial: Duration, max: Duration, hasJitter: Bool, within: Duration) {
            self.attempts = attempts
            self.initial = initial
            self.max = max
            self.hasJitter = hasJitter
            self.within = within
        }
    }

    /// Which records wait for which.
    package var order: DeliveryOrder
    /// Per task, 1-10000.
    package var inFlight: Int
    /// What happens after an attempt that may work later.
    package var retry: Retry
    /// Of one attempt.
    package var timeout: Duration
    /// To the target; `nil`: no limit.
    package var rateLimit: Rate?
    /// `nil` when the file says `none`: what cannot be delivered stops the connector.
    package var deadLetter: TopicName?

    /// Settings as given, unchecked: files are checked by the linter.
    package init(
        order: DeliveryOrder,
        inFlight: Int,
        retry: Retry,
        timeout: Duration,
        rateLimit: Rate?,
        deadLetter: TopicName?
    ) {
        self.order = order
        self.inFlight = inFlight
        self.retry = retry
        self.timeout = timeout
        self.rateLimit = rateLimit
        self.deadLetter = deadLetter
    }

    init(_ fields: Fields, connector: String) {
        let retry = fields.object("retry")
        order = fields.choice("order")
        inFlight = fields.int("in_flight")
        self.retry = Retry(
            attempts: retry.int("attempts"),
            initial: retry.duration("initial"),
            max: retry.duration("max"),
            hasJitter: retry.string("jitter") == "full",
            within: retry.duration("within")
        )
        timeout = fields.duration("timeout")
        rateLimit = fields.optionalRate("rate_limit")
        let topic = fields.optionalString("dead_letter") ?? "\(connector).dlq"
        deadLetter = topic == "none" ? nil : TopicName(topic)
    }
}

/// The `slo:` section.
package struct ServiceObjectives: Sendable, Hashable {
    /// 0...1.
    package var success: Double?
    /// End to end.
    package var latencyP95: Duration?

    /// What is `nil` is not promised.
    package init(success: Double? = nil, latencyP95: Duration? = nil) {
        self.success = success
        self.latencyP95 = latencyP95
    }
}

/// The `dedupe:` section.
package struct DedupeSettings: Sendable, Hashable {
    /// What makes two records the same event.
    package enum Key: Sendable, Hashable {
        /// `ce_source` and `ce_id` together: what makes a CloudEvent unique (CloudEvents 1.0, 3.1.1).
        case cloudEvent
        case header(String)
        /// The record's key.
        case key
        /// What a jq program puts out.
        case expression(String)

        /// `header.<name>`, `key`, or a program that starts with `.`.
        package init?(_ text: String) {
            if text == "key" {
                self = .key
            } else if text.hasPrefix("header."), text.count > 7 {
                self = .header(String(text.dropFirst(7)))
            } else if text.hasPrefix(".") {
                self = .expression(text)
            } else {
                return nil
            }
        }
    }

    /// What makes two records the same event.
    package var key: Key
    /// How long an event is remembered, 1 s to 90 d.
    package var window: Duration

    /// Settings as given, unchecked.
    package init(key: Key, window: Duration) {
        self.key = key
        self.window = window
    }
}
