internal import ArgumentParser
internal import Contracts
internal import Log
internal import Traffic

/// A topic whose records a contract is held against.
struct TrafficOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Hold the contract against the records of this topic.", valueName: "topic"))
    var againstTopic: String?

    @Flag(help: "Refuse strings of records that do not have the format that the contract names.")
    var assertFormats = false

    @OptionGroup var records: RecordOptions

    /// What formats mean to a contract that is held against records.
    var formats: FormatHandling { assertFormats ? .assertion : .annotation }

    func validate() throws {
        if let againstTopic, !TopicName(againstTopic).isValid {
            throw ValidationError("--against-topic: `\(againstTopic)` is no name of a topic")
        }
    }

    /// What `contract` says of the topic's records, beside the version before it; nil when no topic is named.
    /// - Throws: ``CommandFailure`` when no broker answers in time, or there is no such topic.
    func report(on contract: Contract, after baseline: Contract? = nil) async throws -> TrafficReport? {
        guard let againstTopic else { return nil }
        return try await records.check(
            TrafficCheck(contract, after: baseline, encoding: records.encoding),
            againstTopic
        )
    }
}
