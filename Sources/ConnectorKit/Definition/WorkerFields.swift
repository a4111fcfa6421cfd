internal import Logging

/// The keys of `busbar.yaml`. Every default of a worker stands here and nowhere else.
package enum WorkerFields {
    /// In the order of the documentation.
    package static var all: [FieldSpec] {
        [
            FieldSpec(
                "brokers",
                .oneOf([.string, .list(.string, count: 1...100)]),
                .byDefault("localhost:9092"),
                doc:
                    "Kafka brokers to start from, as `host:port`, several in a sequence or with commas; `embedded` runs busbar's own log.",
                example: "kafka-1:9092,kafka-2:9092"
            ),
            FieldSpec(
                "embedded",
                .object(embedded),
                .byDefault("{}"),
                doc: "busbar's own log, with `brokers: embedded`."
            ),
            FieldSpec(
                "kafka",
                .map(.string),
                .byDefault("{}"),
                doc: "Properties of librdkafka, passed through by their own names.",
                example: "{ security.protocol: ssl }"
            ),
            FieldSpec("schemas", .path, .byDefault("schemas"), doc: "Folder of contracts."),
            FieldSpec(
                "registry",
                .oneOf([.url, .object(RegistrySettings.specs)]),
                doc:
                    "Schema registry to take contracts from that the folder does not have: its address, or a mapping with who asks.",
                example: "http://localhost:8081"
            ),
            FieldSpec("state", .path, .byDefault("state"), doc: "Folder of local state; rebuilt from Kafka when lost."),
            FieldSpec("secrets", .path, .byDefault("secrets"), doc: "Folder with one file per secret."),
            FieldSpec(
                "http",
                .string,
                .byDefault("127.0.0.1:8080"),
                doc: "Where health, metrics and administration listen, as `host:port`; port 0 takes a free one."
            ),
            FieldSpec("telemetry", .object(telemetry), .byDefault("{}"), doc: "Logs and traces."),
            FieldSpec("worker", .object(worker), .byDefault("{}"), doc: "This process."),
        ]
    }

    private static var embedded: [FieldSpec] {
        [
            FieldSpec(
                "listen",
                .string,
                .byDefault("127.0.0.1:9092"),
                doc: "Where it listens for Kafka clients, this worker's own among them, as `host:port`."
            ),
            FieldSpec(
                "config",
                .path,
                doc:
                    "Its own settings file, as of `busbar-broker --config`; its data are in `broker` of the state folder.",
                example: "broker.yaml"
            ),
        ]
    }

    private static var telemetry: [FieldSpec] {
        [
            .choice("level", Logger.Level.info, doc: "Least severe log line that is written."),
            FieldSpec(
                "traces",
                .url,
                doc: "OTLP endpoint for traces; none are sent when left out.",
                example: "http://localhost:4318"
            ),
        ]
    }

    private static var worker: [FieldSpec] {
        [
            FieldSpec(
                "id",
                .string,
                doc: "Name that stays the same over restarts, part of transactional ids; the host's name when left out."
            ),
            FieldSpec(
                "static",
                .bool,
                .byDefault("false"),
                doc:
                    "Static group membership (KIP-345): a restarted worker has its partitions back at once, and when it stays away the others get them after the session timeout only. Needs an `id` that no other worker has."
            ),
            FieldSpec(
                "drain",
                .duration(.seconds(1) ... .seconds(3600)),
                .byDefault("25s"),
                doc: "Longest time for records under way after SIGTERM."
            ),
        ]
    }

    /// Properties of librdkafka on which busbar's guarantees rest.
    package static let reservedProperties: Set<String> = [
        "bootstrap.servers", "metadata.broker.list", "group.id", "group.instance.id", "enable.auto.commit",
        "enable.auto.offset.store", "auto.offset.reset", "isolation.level", "enable.idempotence", "acks",
        "request.required.acks", "transactional.id", "partition.assignment.strategy", "enable.partition.eof",
    ]
}
