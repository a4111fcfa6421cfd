internal import Delivery

extension ConnectorCatalogue {
    /// The keys of a connector file. Every default of a connector stands here and nowhere else.
    package var connectorFields: [FieldSpec] {
        [
            FieldSpec(
                "connector",
                .string,
                .required,
                doc:
                    "Name, unique in the installation: 1 to 63 of `a-z`, `0-9` and `-`. The consumer group is `busbar.<connector>`.",
                example: "github-incident-to-ticket"
            ),
            FieldSpec("description", .string, doc: "What the connector is for, in a sentence."),
            FieldSpec(
                "owner",
                .string,
                .required,
                doc: "The team that answers for the connector.",
                example: "platform-integrations"
            ),
            FieldSpec("runbook", .path, doc: "The page to open when the connector is in trouble."),
            FieldSpec(
                "from",
                .union(sources.map(\.spec)),
                .required,
                doc: "Where events come from: exactly one source."
            ),
            FieldSpec(
                "contract",
                .subject,
                doc: "The contract that every record is checked against, `subject` or `subject@vN`.",
                example: "github.issues"
            ),
            .choice(
                "on_violation",
                ViolationPolicy.deadLetter,
                doc:
                    "What happens to a record that breaks the contract. `reject` tells the sender, and needs a source with a waiting sender."
            ),
            FieldSpec(
                "dedupe",
                .object(Self.dedupeFields),
                doc: "Passes each event once. Needs a source that reads a topic."
            ),
            FieldSpec(
                "steps",
                .list(.union(Self.stepFields), count: 0...100),
                .byDefault("[]"),
                doc:
                    "What happens to each record, in order: jq programs over the payload, with `$headers`, `$key` and `$meta` bound."
            ),
            FieldSpec(
                "to",
                .oneOf([
                    .union(sinks.map(\.spec)),
                    .list(.union(sinks.map(\.spec), common: Self.routeFields), count: 1...100),
                ]),
                .required,
                doc:
                    "Where records go: one sink, or a sequence of sinks with conditions, tried in order. A last one without `when` takes the rest; what none takes is dead-lettered with reason `policy`."
            ),
            FieldSpec("delivery", .object(Self.deliveryFields), .byDefault("{}"), doc: "How records are delivered."),
            FieldSpec(
                "slo",
                .object(Self.objectiveFields),
                doc: "What the owner promises; exported with the measurements."
            ),
            FieldSpec(
                "tests",
                .list(.object(Self.testFields), count: 0...1000),
                .byDefault("[]"),
                doc: "What `busbar test` runs without a broker."
            ),
        ]
    }

    private static var dedupeFields: [FieldSpec] {
        [
            FieldSpec(
                "key",
                .string,
                doc:
                    "What makes two records the same event: `header.<name>`, `key`, or a jq program that starts with `.`. Left out: `ce_source` and `ce_id` of CloudEvents.",
                example: "header.ce_id"
            ),
            FieldSpec(
                "window",
                .duration(.seconds(1) ... .seconds(90 * 86_400)),
                .byDefault("7d"),
                doc: "How long an event is remembered."
            ),
        ]
    }

    private static var stepFields: [FieldSpec] {
        [
            FieldSpec(
                "filter",
                .jq,
                doc: "Passes records for which the program puts out `true`.",
                example: "'.action == \"opened\"'"
            ),
            FieldSpec(
                "map",
                .jq,
                doc: "Replaces the payload by what the program puts out.",
                example: "'{title: .issue.title}'"
            ),
        ]
    }

    private static var routeFields: [FieldSpec] {
        [
            FieldSpec(
                "when",
                .jq,
                doc: "Takes the records for which the program puts out `true`.",
                example: "'.severity == \"high\"'"
            )
        ]
    }

    private static var deliveryFields: [FieldSpec] {
        [
            .choice(
                "order",
                DeliveryOrder.key,
                doc: "`partition` is strict, `key` keeps records of one key in order, `none` is free."
            ),
            FieldSpec("in_flight", .int(1...10_000), .byDefault("64"), doc: "Most records under way per task."),
            FieldSpec(
                "retry",
                .object(retryFields),
                .byDefault("{}"),
                doc: "What happens after an attempt that may work later."
            ),
            FieldSpec(
                "timeout",
                .duration(.milliseconds(1) ... .seconds(3600)),
                .byDefault("10s"),
                doc: "Longest time of one attempt."
            ),
            FieldSpec("rate_limit", .rate, doc: "Most records per time to the target.", example: "50/s"),
            FieldSpec(
                "dead_letter",
                .topic,
                doc:
                    "Topic of what could not be delivered; `<connector>.dlq` when left out. `none` stops the connector instead."
            ),
        ]
    }

    private static var retryFields: [FieldSpec] {
        [
            FieldSpec(
                "attempts",
                .int(1...1000),
                .byDefault("8"),
                doc: "Most attempts per record, the first included."
            ),
            FieldSpec(
                "initial",
                .duration(.milliseconds(1) ... .seconds(3600)),
                .byDefault("200ms"),
                doc: "Wait before the second attempt; each later one doubles."
            ),
            FieldSpec(
                "max",
                .duration(.milliseconds(1) ... .seconds(86_400)),
                .byDefault("30s"),
                doc: "Longest wait between two attempts."
            ),
            FieldSpec(
                "jitter",
                .choice(["full", "none"]),
                .byDefault("full"),
                doc: "`full` draws each wait between nothing and its length."
            ),
            FieldSpec(
                "within",
                .duration(.seconds(1) ... .seconds(7 * 86_400)),
                .byDefault("10m"),
                doc: "Longest time over all attempts; after it the record is dead-lettered as `expired`."
            ),
        ]
    }

    private static var objectiveFields: [FieldSpec] {
        [
            FieldSpec("success", .percentage, doc: "Share of records delivered.", example: "99.9%"),
            FieldSpec(
                "latency_p95",
                .duration(),
                doc: "What 95 of 100 records stay under, end to end.",
                example: "500ms"
            ),
        ]
    }
}

extension SourceType {
    var spec: FieldSpec { FieldSpec(name, .object(fields), doc: doc) }
}

extension SinkType {
    var spec: FieldSpec { FieldSpec(name, .object(fields), doc: doc) }
}
