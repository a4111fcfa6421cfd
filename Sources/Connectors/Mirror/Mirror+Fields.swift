internal import ConnectorKit
internal import Log
internal import Logging

extension SourceType {
    static func mirror(_ environment: ConnectorEnvironment) -> SourceType {
        SourceType(
            name: "mirror",
            kind: .pull,
            doc:
                "Reads topics of another cluster, byte for byte, to move to this one; with the sink `mirror` "
                + "each record keeps its topic, partition, key, value, headers and timestamp, exactly once. Topics that are "
                + "missing here are created as they are there. Run it in one worker only.",
            fields: fields,
            keepsPlaces: true,
            check: check,
            make: { fields, context in
                guard let logs = environment.logs else {
                    throw ConnectorError(.invalidSetting, "a `mirror` source runs in a worker only.")
                }
                let brokers = fields.string("brokers")
                let settings = try settings(of: fields)
                let addresses = brokers.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) }
                return .external(
                    MirrorSource(
                        settings,
                        connector: context.connector,
                        from: logs.open(addresses, fields.secretMap("kafka")),
                        to: logs.own,
                        onEvent: { [logger = context.logger] in $0.log(to: logger) }
                    )
                )
            }
        )
    }

    private static func settings(of fields: Fields) throws(ConnectorError) -> MirrorSettings {
        try MirrorSettings(
            brokers: fields.string("brokers"),
            topics: fields.strings("topics").map { TopicName($0) },
            positions: fields.bool("positions"),
            follow: fields.bool("follow"),
            batch: fields.int("batch"),
            refresh: fields.duration("refresh")
        )
    }

    @Sendable
    private static func check(_ fields: Fields) -> [Diagnostic] {
        let reserved = fields.entries("kafka").filter { WorkerFields.reservedProperties.contains($0.key) }.map {
            entry in
            Diagnostic(
                .contradiction,
                at: entry.keyLocation,
                "`kafka.\(entry.key)` is set by busbar, whose guarantees rest on it",
                fix: "Remove it."
            )
        }
        do throws(ConnectorError) {
            _ = try settings(of: fields)
            return reserved
        } catch {
            return reserved + [error.diagnostic(at: fields.location(of: error.setting ?? "topics"))]
        }
    }

    private static let fields = [
        FieldSpec(
            "brokers",
            .string,
            .required,
            doc: "Brokers of the other cluster, as `host:port`, several with commas.",
            example: "127.0.0.1:9092"
        ),
        FieldSpec(
            "kafka",
            .map(.string),
            .byDefault("{}"),
            doc: "Properties of librdkafka for the other cluster; those of `busbar.yaml` are this cluster's.",
            example: "{ security.protocol: ssl }"
        ),
        FieldSpec(
            "topics",
            .list(.topicPattern, count: 1...1000),
            .required,
            doc:
                "Topics, or regular expressions over topic names that start with `^`. Topics that begin with `__` never.",
            example: "[\"^github\\\\.\"]"
        ),
        FieldSpec(
            "positions",
            .bool,
            .byDefault("true"),
            doc: "Also mirror `busbar.offsets`, so that pull sources continue here where they are there."
        ),
        FieldSpec(
            "follow",
            .bool,
            .byDefault("true"),
            doc: "Wait for more; `false` ends when everything that is there was mirrored."
        ),
        FieldSpec(
            "batch",
            .int(1...10_000),
            .byDefault("1000"),
            doc: "Most records in one transaction; it also ends at 4 MiB."
        ),
        FieldSpec(
            "refresh",
            .duration(.milliseconds(10) ... .seconds(3600)),
            .byDefault("10s"),
            doc: "How often new topics and partitions are looked for, and whether the other cluster answers."
        ),
    ]
}

extension SinkType {
    static let mirror = SinkType(
        name: "mirror",
        doc:
            "Writes each record to the topic and the partition that it has in the other cluster, with its timestamp. For the "
            + "source `mirror`.",
        fields: [],
        needsPlaces: true,
        make: { _, _ in .log(MirrorSink()) }
    )
}

extension MirrorEvent {
    fileprivate func log(to logger: Logger) {
        switch self {
        case .deleted(let partition, let unread):
            // Nothing can bring the records back; silence would hide it.
            logger.error(
                "records were deleted before they were read",
                metadata: [
                    "kafka.partition": "\(partition)",
                    "kafka.offset_committed": "\(unread.lowerBound)",
                    "kafka.offset_start": "\(unread.upperBound)",
                    "busbar.records": "\(unread.lowerBound.distance(to: unread.upperBound))",
                ]
            )
        case .added(let partitions):
            logger.info("partitions are mirrored", metadata: ["kafka.partition": "\(partitions)"])
        case .gone(let partitions):
            logger.notice("mirrored partitions are gone", metadata: ["kafka.partition": "\(partitions)"])
        }
    }
}
