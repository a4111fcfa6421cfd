internal import ConnectorKit
internal import FoundationEssentials
internal import Log

/// The records that come in, read from the test and the files it names.
struct TestInput: Sendable {
    private let records: [Record]

    /// Why an input cannot be read.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameters:
    ///   - test: whose input it is.
    ///   - definition: of the connector.
    ///   - environment: finds files.
    ///   - received: when the records come in.
    /// - Throws: which file cannot be read.
    init(
        of test: ConnectorTest,
        _ definition: ConnectorDefinition,
        _ environment: LintEnvironment,
        received: Timestamp
    ) throws(Unreadable) {
        var records: [Record] = []
        for input in test.inputs {
            let body = try Self.bytes(of: input, definition.file, environment)
            for _ in 0..<input.times {
                let delivery = DeliveryRecord(headers: input.headers, body: body, number: records.count + 1)
                var record = delivery.record(from: definition.source.type.kind, received: received)
                record.key = input.key.map { Array($0.utf8) }
                records.append(record)
            }
        }
        self.records = records
    }

    var count: Int { records.count }

    /// The records, each with the key that the source's own program gives it where the test says none.
    func records(keyedBy key: (Record) -> [UInt8]?) -> [Record] {
        records.map { record in
            var record = record
            if record.key == nil { record.key = key(record) }
            return record
        }
    }

    /// Writes the records to `topic`, as whoever feeds the connector would.
    func produce(to topic: TopicName, of log: InMemoryLog) async throws(LogError) {
        var batch = ProduceBatch()
        for record in records {
            batch.append(
                topic: topic,
                key: record.key,
                value: record.value.bytes(),
                headers: record.headers,
                timestamp: record.timestamp
            )
        }
        let producer = try await log.producer(ProducerConfiguration())
        let results = try await producer.send(batch)
        await producer.close(within: .seconds(1))
        for case .failed(let error) in results { throw error }
    }

    private static func bytes(
        of input: ConnectorTest.Input,
        _ file: String,
        _ environment: LintEnvironment
    ) throws(Unreadable) -> [UInt8]? {
        switch input.payload {
        case .tombstone: return nil
        case .text(let text): return Array(text.utf8)
        case .bytes(let bytes): return bytes
        case .file(let path):
            guard let place = environment.locate(path, besides: file),
                let data = FileManager.default.contents(atPath: place)
            else {
                throw Unreadable(description: "the test reads `\(path)`, which cannot be read")
            }
            return [UInt8](data)
        }
    }
}
