internal import ArgumentParser

/// `busbar offsets`: where groups stand.
struct OffsetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offsets",
        abstract: "Where consumer groups stand in their topics.",
        discussion: """
            Example: busbar offsets move --from 127.0.0.1:9092 --to kafka-1:9092 --dry-run

            Exit codes: 0 done, 1 failed, 64 usage, 78 configuration.
            """,
        subcommands: [OffsetsMoveCommand.self]
    )
}
