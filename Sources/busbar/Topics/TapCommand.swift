internal import ArgumentParser
internal import Log

/// `busbar tap`: what goes through a topic.
struct TapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tap",
        abstract: "Shows the records of a topic as they come.",
        discussion: """
            Example: busbar tap github.issues --from earliest --where '.action == "opened"' --limit 10

            Joins no group and commits nothing. Ctrl-C ends it with 0. A value that is not UTF-8 shows as base64, a \
            tombstone as such. With --json, each record is a line: {"v":1, "topic", "partition", "offset", "timestamp", \
            "key", "headers":[[name, value]], "value"}, where key and value are null or one of {"json":…}, {"text":…}, \
            {"base64":…}.

            Exit codes: 0 done, 1 failed, 64 usage, 78 configuration.
            """
    )

    @OptionGroup var broker: BrokerOptions

    @Option(
        help: ArgumentHelp(
            "Where to start: earliest, latest, an offset, a time (2026-01-31T12:00:00Z) or an age (10m).",
            valueName: "position"
        )
    )
    var from = TapPosition.latest

    @Option(help: "End after this many records shown.")
    var limit: Int?

    @Option(
        name: .customLong("where"),
        help: ArgumentHelp("Show records that this jq program passes.", valueName: "jq")
    )
    var condition: String?

    @Flag(inversion: .prefixedNo, help: "Wait for new records at the end of the topic.")
    var follow = true

    @Flag(help: "Print records as JSON.")
    var json = false

    @Argument(help: "The topic.")
    var topic: String

    func validate() throws {
        guard TopicName(topic).isValid else { throw ValidationError("`\(topic)` is no name of a topic") }
        if let limit, limit < 1 { throw ValidationError("--limit is \(limit); it must be 1 or more") }
    }

    func run() async throws {
        try await reportingFailures {
            let (log, address) = try broker.log()
            let filter = try RecordFilter(condition)
            let view = RecordView(style: json ? nil : Style())
            let tap = TopicTap(log: log, address: address, topic: TopicName(topic), from: from, follows: follow)
            try await Interruption.catching { interruption in
                try await tap.run(limit: limit, filter: filter, until: interruption) { Output.bytes(view.bytes($0)) }
            }
            if let note = filter.note { Output.note(note) }
        }
    }
}
