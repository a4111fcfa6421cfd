import KafkaProtocol
import NIOCore
import Testing

@Suite struct CapturedRequestTests {
    struct Frame: Sendable, CustomTestStringConvertible {
        var client: String
        var name: String
        var hex = ""

        var testDescription: String { "\(client) \(name)" }
    }

    static let frames =
        frames(of: "librdkafka", Golden.librdkafkaFrames) + frames(of: "kcat", Golden.kcatFrames)
        + frames(of: "kafka-python", Golden.kafkaPythonFrames) + frames(of: "aiokafka", Golden.aiokafkaFrames)

    @Test(arguments: frames) func isReadToItsLastByte(_ frame: Frame) throws {
        var reader = WireReader(ByteBuffer(hex: frame.hex))
        let header = try RequestHeader(from: &reader)
        #expect("\(header.apiKey) \(header.apiVersion)" == frame.name)
        #expect(header.isSupported)
        #expect(header.clientID?.isEmpty == false)
        let (body, left) = try Golden.decode(header.apiKey, header.apiVersion, reader.buffer)
        #expect(left == 0)
        if let produce = body as? ProduceRequest { try check(produce) }
    }

    private func check(_ produce: ProduceRequest) throws {
        for partition in produce.topicData.flatMap(\.partitionData) {
            let batches = try RecordBatch.all(in: #require(partition.records))
            #expect(batches.count == 1)
            for batch in batches {
                try batch.checkFromProducer()
                guard batch.header.attributes.compression == Compression.none else { continue }
                var records = try RecordReader(batch)
                while try records.next() != nil {}
            }
        }
    }

    private static func frames(of client: String, _ text: String) -> [Frame] {
        var frames: [Frame] = []
        for line in text.split(separator: "\n") {
            if line.contains(" ") {
                frames.append(Frame(client: client, name: String(line)))
            } else {
                frames[frames.count - 1].hex += line
            }
        }
        return frames
    }
}
