import Foundation
import Kafka
import Log
import Logging
import TopicCopy

/// `kafka-copy BROKERS FROM TO`: copies until it is interrupted. Exits 64 when it is called otherwise.
@main struct KafkaCopy {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 3 else {
            FileHandle.standardError.write(Data("usage: kafka-copy HOST:PORT[,HOST:PORT…] FROM TO\n".utf8))
            exit(64)
        }
        let brokers = arguments[0].split(separator: ",").map(String.init)
        let copy = TopicCopy(
            from: TopicName(arguments[1]),
            to: TopicName(arguments[2]),
            client: ClientConfiguration(brokers: brokers),
            logger: Logger(label: "kafka-copy")
        )
        try await copy.run { copied in
            print("\(copied) records copied")
            return true
        }
    }
}
