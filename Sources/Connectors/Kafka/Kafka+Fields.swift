internal import ConnectorKit
internal import Log

extension SourceType {
    static let kafka = SourceType(
        name: "kafka",
        kind: .log,
        doc:
            "Reads topics as a member of the consumer group `busbar.<connector>`, exactly once where the sink is `kafka`.",
        fields: [
            FieldSpec("topic", .topicPattern, doc: "The topic, or `^` and a regular expression over topic names."),
            FieldSpec(
                "topics",
                .list(.topicPattern, count: 1...1000),
                doc: "Several topics; in place of `topic`.",
                example: "[github.issues, github.push]"
            ),
            FieldSpec(
                "start",
                .choice(LogSourceSettings.Start.allCases.map(\.rawValue)),
                .byDefault("earliest"),
                doc: "Where a connector without committed offsets begins."
            ),
        ],
        check: { fields in
            switch (fields.isSet("topic"), fields.isSet("topics")) {
            case (true, true), (false, false):
                [
                    Diagnostic(
                        .notExactlyOne,
                        at: fields.location,
                        "a kafka source needs `topic` or `topics`, and not both",
                        fix: "Write `topic: NAME`, or `topics: [NAME, …]`."
                    )
                ]
            default: []
            }
        },
        make: { fields, _ in
            let topics =
                fields.isSet("topic") ? [fields.topic("topic")] : fields.strings("topics").map { TopicName($0) }
            return .log(
                LogSourceSettings(
                    topics: topics,
                    start: LogSourceSettings.Start(rawValue: fields.string("start")) ?? .earliest
                )
            )
        }
    )
}

extension SinkType {
    static let kafka = SinkType(
        name: "kafka",
        doc:
            "Writes to a topic, in one transaction with the offsets of the input. The record keeps its key, which chooses "
            + "the partition.",
        fields: [
            FieldSpec(
                "topic",
                .topic,
                .required,
                doc: "The topic. Lists with `when:` under `to:` choose between several."
            )
        ],
        make: { fields, _ in
            .log(KafkaSink(try KafkaSinkSettings(topic: fields.topic("topic"))))
        }
    )
}
