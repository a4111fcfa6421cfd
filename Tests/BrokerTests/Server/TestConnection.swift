import Foundation
import KafkaProtocol
import NIOCore

/// A client of one blocking socket that speaks as much of Kafka's protocol as the tests need. Not for two threads.
final class TestConnection {
    struct Closed: Error {}

    private let socket: Int32
    private var correlationID: Int32 = 0

    /// - Throws: when nothing listens.
    init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Closed() }
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(socket) }

    /// Sends bytes as they are.
    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Closed() }
            sent += count
        }
    }

    /// Sends a request without waiting for its answer.
    func send(_ key: APIKey, _ version: Int16, _ body: (inout WireWriter) -> Void) throws {
        correlationID += 1
        var writer = WireWriter()
        writer.int32(0)
        writer.int16(key.rawValue)
        writer.int16(version)
        writer.int32(correlationID)
        writer.string("test")
        writer.flexible = key.isFlexible(version)
        writer.taggedFields()
        body(&writer)
        writer.patchInt32(Int32(writer.totalLength - 4), at: 0)
        try send(Array(writer.buffer.readableBytesView))
    }

    /// The next answer: its correlation id, and a reader at its body.
    func receive(_ key: APIKey, _ version: Int16) throws -> (correlationID: Int32, body: WireReader) {
        let length = try read(4).reduce(0) { $0 << 8 | Int($1) }
        var reader = WireReader(ByteBuffer(bytes: try read(length)))
        let id = try reader.int32()
        reader.flexible = key.responseHeaderVersion(version) == 1
        try reader.taggedFields()
        reader.flexible = key.isFlexible(version)
        return (id, reader)
    }

    /// Asks and waits for the answer.
    func call(_ key: APIKey, _ version: Int16, _ body: (inout WireWriter) -> Void) throws -> WireReader {
        try send(key, version, body)
        return try receive(key, version).body
    }

    /// Whether the broker closes the connection without a byte, within the socket's timeout.
    func isClosedByPeer() -> Bool {
        var byte: UInt8 = 0
        let count = recv(socket, &byte, 1, 0)
        return count == 0 || count < 0 && errno == ECONNRESET
    }

    private func read(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var received = 0
        while received < count {
            let got = bytes[received...].withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
            guard got > 0 else { throw Closed() }
            received += got
        }
        return bytes
    }
}

extension TestConnection {
    /// Asks for a topic, which creates it.
    func createTopic(_ name: String) throws {
        _ = try call(.metadata, 4) { writer in
            writer.int32(1)
            writer.string(name)
            writer.bool(true)
        }
    }

    /// Says who it is by SASL PLAIN; answers the error code.
    func authenticate(_ user: String, _ password: String) throws -> Int16 {
        _ = try call(.saslHandshake, 1) { $0.string("PLAIN") }
        var answer = try call(.saslAuthenticate, 0) { writer in
            writer.bytes(ByteBuffer(string: "\u{0}\(user)\u{0}\(password)"))
        }
        return try answer.int16()
    }

    /// Sends one record; answers the error code and the offset.
    func produce(_ topic: String, _ value: String, acks: Int16 = -1) throws -> (code: Int16, offset: Int64) {
        try sendProduce(topic, value, acks: acks)
        return try receiveProduce()
    }

    func sendProduce(_ topic: String, _ value: String, key: String? = "k", acks: Int16 = -1) throws {
        var batch = RecordBatchBuilder()
        batch.append(key: key.map { ByteBuffer(string: $0) }, value: ByteBuffer(string: value), timestamp: 1)
        let records = batch.finish()
        try send(.produce, 3) { writer in
            writer.nullableString(nil)
            writer.int16(acks)
            writer.int32(1_000)
            writer.int32(1)
            writer.string(topic)
            writer.int32(1)
            writer.int32(0)
            writer.bytes(records)
        }
    }

    func receiveProduce() throws -> (code: Int16, offset: Int64) {
        var reader = try receive(.produce, 3).body
        _ = try reader.int32()
        _ = try reader.string()
        _ = try reader.int32()
        _ = try reader.int32()
        return (try reader.int16(), try reader.int64())
    }

    /// The values from an offset on; waits up to `maxWait` ms for one byte.
    func fetch(_ topic: String, from offset: Int64, maxWait: Int32 = 0) throws -> [String] {
        try sendFetch(topic, from: offset, maxWait: maxWait)
        return try receiveFetch()
    }

    func sendFetch(_ topic: String, from offset: Int64, maxWait: Int32, minBytes: Int32 = 1) throws {
        try send(.fetch, 4) { writer in
            writer.int32(-1)
            writer.int32(maxWait)
            writer.int32(minBytes)
            writer.int32(50 << 20)
            writer.int8(0)
            writer.int32(1)
            writer.string(topic)
            writer.int32(1)
            writer.int32(0)
            writer.int64(offset)
            writer.int32(50 << 20)
        }
    }

    func receiveFetch() throws -> [String] {
        var reader = try receive(.fetch, 4).body
        _ = try reader.int32()
        _ = try reader.int32()
        _ = try reader.string()
        _ = try reader.int32()
        _ = try reader.int32()
        guard try reader.int16() == 0 else { throw Closed() }
        _ = try reader.int64()
        _ = try reader.int64()
        _ = try reader.int32()
        var values: [String] = []
        for batch in try RecordBatch.all(in: try reader.bytes()) {
            var records = try RecordReader(batch)
            while let record = try records.next() {
                values.append(record.value.map { String(buffer: $0) } ?? "")
            }
        }
        return values
    }
}
