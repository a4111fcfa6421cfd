internal import Kafka
internal import LocalStack
internal import Log
internal import Logging

/// A topic under measurement: filling it and counting what arrived in it.
struct BenchTopic {
    static let silent = Logger(label: "busbar.bench") { _ in SwiftLogNoOpLogHandler() }

    let name: TopicName
    let partitions: Int
    var client: ClientConfiguration

    /// A new topic of a broker of this machine.
    static func created(
        _ name: String,
        _ partitions: Int,
        _ segment: ByteSize,
        retention: ByteSize? = nil,
        _ broker: LocalBroker
    ) async throws -> BenchTopic {
        let client = ClientConfiguration(brokers: [broker.address])
        var settings = ["segment.bytes": "\(segment.bytes)"]
        settings["retention.bytes"] = retention.map { "\($0.bytes)" }
        let topic = TopicSpecification(TopicName(name), partitions: partitions, settings: settings)
        try await KafkaLog(client, logger: silent).createTopics([topic])
        return BenchTopic(name: topic.name, partitions: partitions, client: client)
    }

    /// Produces `count` values of `size` bytes round robin, `batch` to a batch, as many in flight as
    /// librdkafka's queue holds by default, 100,000, which is what the C loop has too.
    func produce(_ count: Int, size: Int, batch: Int = 1000) async throws {
        let producer = try await Producer.open(ProducerConfiguration(), client: client, logger: Self.silent)
        try await produce(count, size: size, batch: batch, with: producer)
        await producer.close(within: .seconds(30))
    }

    func produce(_ count: Int, size: Int, headers: Int = 0, batch: Int, with producer: Producer) async throws {
        let value = [UInt8](repeating: UInt8(ascii: "x"), count: size)
        let acknowledged = try await withThrowingTaskGroup(of: Int.self) { group in
            var acknowledged = 0
            var outstanding = 0
            for start in stride(from: 0, to: count, by: batch) {
                if outstanding == max(1, 100_000 / batch), let one = try await group.next() {
                    acknowledged += one
                    outstanding -= 1
                }
                let records = records(start..<min(start + batch, count), value, headers)
                group.addTask { try await producer.send(records).count(where: \.isAcknowledged) }
                outstanding += 1
            }
            for try await one in group { acknowledged += one }
            return acknowledged
        }
        guard acknowledged == count else {
            throw BenchError("\(count - acknowledged) of \(count) records were not acknowledged")
        }
    }

    /// Produces `count` values of `size` bytes round robin out of one lent buffer, and counts the reports in a task beside.
    func lend(_ count: Int, size: Int, headers: Int, to producer: Producer) async throws {
        let value = [UInt8](repeating: UInt8(ascii: "x"), count: size)
        async let reported = Self.acknowledged(count, by: producer)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
        defer { memory.deallocate() }
        memory.copyBytes(from: value)
        var number = 0
        try await producer.produce { writer in
            Self.headerName.withUTF8Buffer { header in
                let header = UnsafeRawBufferPointer(header)
                while number < count {
                    for _ in 0..<headers { writer.addHeader(header, header) }
                    let partition = PartitionID(rawValue: Int32(number % partitions))
                    let lent = UnsafeRawBufferPointer(memory)
                    guard
                        writer.append(
                            topic: name,
                            partition: partition,
                            key: nil,
                            value: lent,
                            token: UInt64(number)
                        )
                    else { return }
                    number += 1
                }
            }
        }
        let acknowledged = await reported
        guard acknowledged == count else {
            throw BenchError("\(count - acknowledged) of \(count) records were not acknowledged")
        }
    }

    /// Name and value of every header; the C loop has the same.
    private static let headerName: StaticString = "header-1"

    private static func acknowledged(_ count: Int, by producer: Producer) async -> Int {
        var (seen, acknowledged) = (0, 0)
        for await reports in producer.reports {
            seen += reports.count
            for report in reports where report.isAcknowledged { acknowledged += 1 }
            if seen >= count { break }
        }
        return acknowledged
    }

    private func records(_ numbers: Range<Int>, _ value: [UInt8], _ headers: Int) -> ProduceBatch {
        var records = ProduceBatch()
        records.reserve(records: numbers.count, bytes: numbers.count * value.count)
        for number in numbers {
            let partition = PartitionID(rawValue: Int32(number % partitions))
            value.withUnsafeBytes { records.append(topic: name, partition: partition, key: nil, value: $0) }
            Self.headerName.withUTF8Buffer { header in
                for _ in 0..<headers {
                    records.addHeader(UnsafeRawBufferPointer(header), UnsafeRawBufferPointer(header))
                }
            }
        }
        return records
    }

    /// How many offsets the broker has, over all partitions.
    func end() async throws -> Int {
        let reader = try await Reader.open(client: client, logger: Self.silent)
        var sum: Int64 = 0
        for partition in 0..<Int32(partitions) {
            let bounds = try await reader.bounds(of: TopicPartition(name, PartitionID(rawValue: partition)))
            sum += bounds.upperBound.rawValue
        }
        await reader.close()
        return Int(sum)
    }

    /// Runs `body` and checks that the broker has at least `count` records more than before.
    func expecting(_ count: Int, _ body: () async throws -> Sample) async throws -> Sample {
        let before = try await end()
        let sample = try await body()
        let arrived = try await end() - before
        guard arrived >= count else { throw BenchError("\(arrived) of \(count) records arrived in \(name)") }
        return sample
    }
}

extension ProduceResult {
    fileprivate var isAcknowledged: Bool {
        if case .acknowledged = self { true } else { false }
    }
}
