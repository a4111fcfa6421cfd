internal import ArgumentParser
internal import Contracts
internal import JSON
internal import Log
internal import Traffic

/// `busbar schema generate`: from records to a contract.
struct SchemaGenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Infers a contract from records.",
        discussion: """
            Example: busbar schema generate --topic orders --last 10000 --title Orders > schemas/orders/v1.json

            Reads a topic, or files: one that ends in .json is one record, any other, and standard input, holds one a line. \
            Every record that was read obeys the result, which is the same whatever their order. Members that all have \
            are required; texts that all have a format get it; few texts that come often are an enum; objects with many \
            names that few of them have are maps. Tombstones and what is not JSON are left out and counted.

            It is where a contract begins: read it, and write what the data cannot say.

            Exit codes: 0 done, 1 failed, 64 usage, 78 configuration.
            """
    )

    @Option(help: "Infer from the last records of this topic, in place of files.")
    var topic: String?

    @OptionGroup var records: RecordOptions

    @OptionGroup var shape: InferenceOptions

    @Argument(help: ArgumentHelp("Files of records; - and none are standard input.", valueName: "file"))
    var files: [String] = []

    func validate() throws {
        guard let topic else { return }
        if !TopicName(topic).isValid { throw ValidationError("--topic: `\(topic)` is no name of a topic") }
        if !files.isEmpty { throw ValidationError("--topic and files exclude each other") }
    }

    func run() async throws {
        try await reportingFailures {
            let reading = InferenceReading(discriminator: shape.discriminator)
            if let topic {
                _ = try await records.read(topic) { reading.add($0, records.encoding) }
            } else {
                for file in files.isEmpty ? ["-"] : files { try await reading.add(file: file) }
            }
            for note in reading.notes { Output.note(note) }
            guard reading.inference.records > 0 else {
                throw CommandFailure(.failure, "there is no record to infer a contract from")
            }
            Output.line(IndentedJSON.text(of: reading.inference.schema(shape.schema)))
        }
    }
}
