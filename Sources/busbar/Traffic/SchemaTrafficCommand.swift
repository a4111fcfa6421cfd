internal import ArgumentParser
internal import Contracts
internal import Traffic

/// `busbar schema traffic`: would a contract refuse what is in a topic?
struct SchemaTrafficCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traffic",
        abstract: "Holds a contract against the last records of a topic.",
        discussion: """
            Example: busbar schema traffic --against-topic orders --last 100000 orders@v2

            Joins no group and commits nothing. Reads what is there when it starts, committed records only, the same \
            number from each partition where there are enough. Tombstones obey every contract; records that are not JSON \
            are counted apart. With --encoding confluent-json the magic byte and the schema's id before each record are \
            taken off.

            With --format json, one object: {"v":1, "topic", "contract", "records", "rejected", "tombstones", \
            "groups":[{"keyword", "records", "examples":[{"partition", "offset", "instance", "message"}]}], \
            "not_json":{"records", "examples", "prefixed"}, "unprefixed":{"records", "examples"}, \
            "schema_ids":[{"id", "records"}], "partitions":[{"partition", "from", "to", "records"}]}. Groups are by the \
            keyword of the contract; each shows its first records.

            Exit codes: 0 no record would be rejected, 1 failed, 2 some would, 64 usage, 78 configuration.
            """
    )

    /// How the result is printed.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @OptionGroup var traffic: TrafficOptions

    @Option(help: ArgumentHelp("The contract's file, in place of SUBJECT[@vN].", valueName: "file"))
    var schema: String?

    @Option(help: "Folder of the contracts.")
    var schemas = "schemas"

    @Option(help: "How to print the result.")
    var format = Format.text

    @Argument(help: ArgumentHelp("SUBJECT[@vN], unless --schema is given.", valueName: "subject"))
    var subject: String?

    func validate() throws {
        if traffic.againstTopic == nil { throw ValidationError("name a topic: --against-topic TOPIC") }
        if (schema == nil) == (subject == nil) {
            throw ValidationError("name one contract: SUBJECT[@vN], or --schema FILE")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let source = ContractSource(
                file: schema,
                subject: subject,
                schemas: schemas,
                formats: traffic.formats
            )
            guard let report = try await traffic.report(on: source.contract()) else { return }
            let view = TrafficView(report: report, contract: schema ?? subject ?? "")
            if format == .json { Output.line(view.json) } else { Output.bytes(Array(view.text(Style()).utf8)) }
            if !report.isClean { throw ExitCode.found }
        }
    }
}
