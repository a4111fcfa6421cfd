internal import ArgumentParser
internal import Connectors
internal import Kafka

/// `busbar offsets move`: groups continue in another cluster where they are in this one.
struct OffsetsMoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Takes the committed offsets of consumer groups to a mirror of their topics.",
        discussion: """
            Example: busbar offsets move --from 127.0.0.1:9092 --to kafka-1:9092 --dry-run

            Stop what writes to and reads from the source, wait until the mirror has caught up, then move. For each \
            partition the records behind the committed offset are compared one by one in both clusters; with any \
            difference, any member in a group, or offsets that a group has in the target already, nothing is moved. \
            What was moved already stays as it is, so that the command can be repeated. docs/moving-to-kafka.md has \
            the whole way.

            With --json, a line for each partition: {"v":1, "group", "topic", "partition", "from", "to", "records", \
            "deleted_unread", "state"}, where records counts those still to be read, and state is moved, unchanged or \
            planned.

            Exit codes: 0 done, 1 failed, 64 usage, 78 configuration.
            """
    )

    @Option(help: ArgumentHelp("Brokers to move away from, host:port, separated by commas.", valueName: "brokers"))
    var from: String

    @Option(help: ArgumentHelp("Brokers to move to.", valueName: "brokers"))
    var to: String

    @Option(
        help: ArgumentHelp(
            "Settings file whose `kafka:` is for --from; default busbar.yaml, if there is one.",
            valueName: "file"
        )
    )
    var fromConfig: String?

    @Option(help: ArgumentHelp("Settings file whose `kafka:` is for --to; likewise.", valueName: "file"))
    var toConfig: String?

    @Option(
        name: .customLong("group"),
        help: ArgumentHelp(
            "A group to move; may be repeated. Every group with offsets when left out.",
            valueName: "name"
        )
    )
    var groups: [String] = []

    @Flag(help: "Replace other offsets that a group has in the target.")
    var force = false

    @Flag(help: "Look and compare, move nothing.")
    var dryRun = false

    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let source = try await reached(from, fromConfig)
            let target = try await reached(to, toConfig)
            let move = OffsetsMove(from: source, to: target, groups: groups.isEmpty ? nil : groups, replaces: force)
            let plan = try await move.plan()
            guard plan.problems.isEmpty else {
                throw CommandFailure(
                    .failure,
                    "nothing was moved\n" + plan.problems.map { "  \($0)" }.joined(separator: "\n")
                )
            }
            if !dryRun { try await move.apply(plan) }
            let view = OffsetsMoveView(isDryRun: dryRun)
            for line in plan.lines { Output.line(json ? view.json(line) : view.text(line)) }
            Output.note(view.summary(plan.lines))
        }
    }

    /// A cluster that answers.
    private func reached(_ brokers: String, _ config: String?) async throws -> KafkaLog {
        // Every range is read to its end, one after the other: a fetch that waits there for more is time lost.
        let defaults = ["fetch.wait.max.ms": "5"]
        let (log, address) = try BrokerOptions.log(brokers: brokers, config: config, defaults: defaults)
        try await Reach(log: log, address: address).check()
        return log
    }
}
