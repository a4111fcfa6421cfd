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
            .choice(
                "start",
                LogSourceSettings.Start.earliest,
                doc: "Where a connector without committed offsets begins."
            ),
            .choice(
                "format",
                PayloadFormat.json,
                doc:
                    "`confluent-json`: the value is JSON with the id of its schema in the registry before it or in the header `__value_schema_id`. The rest of the connector sees the JSON; without a `contract` it is checked against the schema of its id."
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
                    start: fields.choice("start"),
                    format: fields.choice("format")
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
            ),
            .choice(
                "format",
                PayloadFormat.json,
                doc:
                    "`confluent-json` writes the id of the payload's schema in the registry with it. A payload that breaks that schema is dead-lettered."
            ),
            FieldSpec(
                "subject",
                .subject,
                doc:
                    "Subject of the registry that has the schema, `subject` or `subject@vN`; `<topic>-value` when left out. Without a version it is the latest when the connector starts.",
                example: "orders-value"
            ),
            .choice(
                "schema_id",
                PayloadEncoding.Place.prefix,
                doc:
                    "Where the id goes: `prefix` writes five bytes before the payload, `header` the header `__value_schema_id`."
            ),
            FieldSpec(
                "register",
                .subject,
                doc:
                    "A contract of the folder that is registered under `subject` when the connector starts; left out, nothing is registered.",
                example: "orders@v2"
            ),
        ],
        check: { checkEncoding($0) },
        make: { fields, _ in
            let topic = fields.topic("topic")
            return .log(KafkaSink(try KafkaSinkSettings(topic: topic, encoding: encoding(fields, topic))))
        }
    )

    /// What is said about ids of schemas says nothing where none are written.
    private static func checkEncoding(_ fields: Fields) -> [Diagnostic] {
        if fields.choice("format", of: PayloadFormat.self) == .json {
            return ["subject", "schema_id", "register"].filter { fields.isWritten($0) }.map { key in
                Diagnostic(
                    .contradiction,
                    at: fields.location(of: key),
                    "`\(key)` is about ids of schemas, and `format: json` writes none",
                    fix: "Write `format: confluent-json`, or remove the key."
                )
            }
        }
        guard fields.isSet("register"),
            fields.optionalString("subject").flatMap({ SubjectReference($0) })?.version != nil
        else {
            return []
        }
        return [
            Diagnostic(
                .contradiction,
                at: fields.location(of: "subject"),
                "`subject` names a version, and `register` decides by its text which version it is",
                fix: "Leave the version out, or remove `register`."
            )
        ]
    }

    private static func encoding(_ fields: Fields, _ topic: TopicName) -> PayloadEncoding? {
        guard fields.choice("format", of: PayloadFormat.self) == .confluentJSON else { return nil }
        // The subject's grammar was checked by the decoder.
        let subject = fields.optionalString("subject").flatMap { SubjectReference($0) }
        return PayloadEncoding(
            subject: subject?.subject ?? "\(topic.rawValue)-value",
            version: subject?.version,
            place: fields.choice("schema_id"),
            registered: fields.optionalString("register")
        )
    }
}
