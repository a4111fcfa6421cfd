internal import ArgumentParser
internal import JSON
internal import Log

/// `busbar produce`: records into a topic.
struct ProduceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "produce",
        abstract: "Writes records to a topic and waits until every replica in sync has them.",
        discussion: """
            Example: echo '{"n":1}' | busbar produce events --key a --header ce_id=1

            Each line of the input is a record; empty lines are none. --whole takes the input as one record, --tombstone \
            writes one record without a value. With --json, one line at the end: {"v":1, "topic", "written", "failed"}.

            Exit codes: 0 all written, 1 failed, 64 usage, 78 configuration.
            """
    )

    @OptionGroup var broker: BrokerOptions

    @Option(help: "Key of every record; none when left out.")
    var key: String?

    @Option(
        name: .customLong("header"),
        help: ArgumentHelp("A header of every record; may be repeated.", valueName: "name=value")
    )
    var headers: [String] = []

    @Option(help: "File to read; - is standard input.")
    var file = "-"

    @Flag(help: "Take the whole input as one record.")
    var whole = false

    @Flag(help: "Write one record without a value, which deletes its key in a compacted topic.")
    var tombstone = false

    @Flag(help: "Read and check everything, write nothing.")
    var dryRun = false

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Argument(help: "The topic.")
    var topic: String

    func validate() throws {
        guard TopicName(topic).isValid else { throw ValidationError("`\(topic)` is no name of a topic") }
        if let header = headers.first(where: { !$0.contains("=") || $0.hasPrefix("=") }) {
            throw ValidationError("--header is `\(header)`; write name=value")
        }
        if tombstone, whole { throw ValidationError("--tombstone and --whole exclude each other") }
    }

    func run() async throws {
        try await reportingFailures {
            let (log, address) = try broker.log()
            let records = RecordInput(file: file, shape: tombstone ? .tombstone : whole ? .whole : .lines)
            let template = RecordTemplate(topic: TopicName(topic), key: key, headers: headers)
            let writer = TopicWriter(log: log, address: address, template: template, isDryRun: dryRun)
            let result = try await writer.write(records)
            if json { Output.line(result.json(topic)) }
            Output.note(result.summary(topic, isDryRun: dryRun))
            if result.failed > 0 { throw ExitCode.failure }
        }
    }
}
