internal import ArgumentParser
internal import Foundation
internal import Kafka
internal import KafkaTesting

/// `busbar-bench mock-broker`: librdkafka's mock cluster in a process of its own.
struct MockBroker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a mock broker until its standard input ends.",
        discussion: "Example: busbar-bench mock-broker in out --partitions 64"
    )

    @Argument(help: "Topics to create.")
    var topics: [String]

    @Option(help: "Partitions of each topic.")
    var partitions = 64

    func run() async throws {
        let cluster = try MockCluster()
        for topic in topics { try cluster.createTopic(topic, partitions: partitions) }
        print(cluster.bootstrap)
        fflush(nil)
        // Ends with its parent, however that ends.
        while readLine() != nil {}
        cluster.stop()
    }
}

/// The child process that serves a bench; it ends when this object or this process does.
final class BenchBroker {
    let client: ClientConfiguration
    var bootstrap: String { client.brokers.joined(separator: ",") }
    private let process = Process()
    private let input = Pipe()
    private let exit = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    init(topics: [String], partitions: Int) throws {
        let output = Pipe()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["mock-broker", "--partitions", String(partitions)] + topics
        process.standardInput = input
        process.standardOutput = output
        let continuation = exit.continuation
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let brokers = line.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ",").map(String.init)
        guard !brokers.isEmpty else { throw BenchError("the mock broker did not start") }
        client = ClientConfiguration(brokers: brokers)
    }

    /// Ends the child and waits for it.
    func stop() async throws {
        try input.fileHandleForWriting.close()
        for await _ in exit.stream {}
    }
}
