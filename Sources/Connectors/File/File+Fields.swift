internal import ConnectorKit
internal import Logging

extension SourceType {
    static func file(_ environment: ConnectorEnvironment) -> SourceType {
        SourceType(
            name: "file",
            kind: .pull,
            doc:
                "Reads an NDJSON file line by line, follows it through growth and rotation, and continues where it stopped.",
            fields: [
                FieldSpec("path", .path, .required, doc: "The file.", example: "events.ndjson"),
                FieldSpec(
                    "follow",
                    .bool,
                    .byDefault("true"),
                    doc: "Wait for more at the end of the file; `false` reads to the end and is done."
                ),
                FieldSpec(
                    "poll",
                    .duration(.milliseconds(1) ... .seconds(60)),
                    .byDefault("200ms"),
                    doc: "How often a quiet file is looked at."
                ),
                FieldSpec(
                    "max_line",
                    .size(1024...(10 << 20)),
                    .byDefault("1MiB"),
                    doc: "A longer line stops the source with an error; nothing is cut or skipped."
                ),
                FieldSpec(
                    "batch",
                    .int(1...10_000),
                    .byDefault("500"),
                    doc: "Most lines that are handed over at once."
                ),
            ],
            make: { fields, context in
                let settings = try FileSourceSettings(
                    path: context.absolute(fields.string("path")),
                    follow: fields.bool("follow"),
                    poll: fields.duration("poll"),
                    maxLine: fields.size("max_line"),
                    batch: fields.int("batch"),
                    onEvent: { [logger = context.logger] event in
                        logger.info("file source", metadata: ["busbar.event_id": "\(event)"])
                    }
                )
                return .external(FileSource(settings, now: environment.now))
            }
        )
    }
}

extension SinkType {
    static let file = SinkType(
        name: "file",
        doc: "Appends records to NDJSON files, at least once; a record counts as delivered when fsync has returned.",
        fields: [
            FieldSpec(
                "path",
                .path,
                .required,
                doc: "The file; `{topic}` and `{date}` stand for the record's topic and UTC day. Folders are made.",
                example: "archive/{topic}/{date}.ndjson"
            ),
            FieldSpec(
                "envelope",
                .bool,
                .byDefault("false"),
                doc:
                    "Write topic, partition, offset, timestamp, key, headers and value of each record, not the value alone."
            ),
            FieldSpec(
                "batch",
                .object([
                    FieldSpec("max", .int(1...10_000), .byDefault("1000"), doc: "Most lines that share one fsync."),
                    FieldSpec(
                        "within",
                        .duration(.zero ... .seconds(60)),
                        .byDefault("20ms"),
                        doc: "Longest wait of the first line for others."
                    ),
                ]),
                doc: "How lines are gathered."
            ),
            FieldSpec("open_files", .int(1...1024), .byDefault("64"), doc: "Files that are kept open."),
        ],
        check: { fields in
            do throws(ConnectorError) {
                _ = try PathTemplate(withoutReferences(fields.string("path")))
                return []
            } catch {
                return [error.diagnostic(at: fields.location(of: "path"))]
            }
        },
        make: { fields, context in
            let batch = fields.optionalObject("batch")
            let settings = try FileSinkSettings(
                path: PathTemplate(context.absolute(fields.string("path"))),
                envelope: fields.bool("envelope"),
                batch: BatchPolicy(
                    max: batch?.int("max") ?? 1000,
                    within: batch?.duration("within") ?? .milliseconds(20)
                ),
                openFiles: fields.int("open_files")
            )
            return .external(FileSink(settings))
        }
    )

    /// `${env:NAME}/a` as it could read once it is resolved: a reference is no placeholder.
    private static func withoutReferences(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            result += rest[..<start.lowerBound] + "reference"
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }
}
