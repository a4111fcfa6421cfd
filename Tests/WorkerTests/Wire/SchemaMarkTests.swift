import ConnectorKit
import Contracts
import Log
import RegistryClient
import Testing

@testable import Worker

/// What stands before a payload, or in a header, byte for byte.
@Suite struct SchemaMarkTests {
    private func read(_ bytes: [UInt8]) -> Result<SchemaMark, SchemaMark.Unreadable> {
        bytes.withUnsafeBytes { SchemaMark.read($0) }
    }

    @Test func anIDIsFourBytesBigEndian() {
        #expect(read([0, 0, 0, 1, 2, 0x7B]) == .success(SchemaMark(key: .id(258), prefix: 5)))
        #expect(read([0, 0x7F, 0xFF, 0xFF, 0xFF]) == .success(SchemaMark(key: .id(.max), prefix: 5)))
    }

    @Test func aGUIDIsSixteenBytes() {
        let guid = "00010203-0405-0607-0809-0a0b0c0d0eff"
        let bytes: [UInt8] = [1] + (0..<15).map { UInt8($0) } + [255]
        #expect(read(bytes + [0x7B]) == .success(SchemaMark(key: .guid(guid), prefix: 17)))
    }

    @Test(arguments: 0..<5) func aPrefixThatEndsEarlyIsNone(_ count: Int) {
        let error = SchemaMark.Unreadable.truncated(bytes: count, isHeader: false)
        #expect(read([UInt8](repeating: 0, count: count)) == .failure(error))
        #expect(error.description.contains("ends after \(count) bytes"))
    }

    @Test func aGUIDThatEndsEarlyIsNone() {
        #expect(read([1] + [UInt8](repeating: 9, count: 15)) == .failure(.truncated(bytes: 16, isHeader: false)))
    }

    @Test(arguments: [2, 0x7B, 0xFF] as [UInt8]) func anotherMagicByteIsNone(_ magic: UInt8) {
        #expect(read([magic, 0, 0, 0, 1]) == .failure(.unknownMagic(magic, isHeader: false)))
    }

    @Test func theHeaderCountsBeforeThePrefix() async throws {
        let guid = "01020304-0506-0708-090a-0b0c0d0e0f10"
        let value = Schemas.marked(7, "{}")
        let guided = try await mark(of: value, Schemas.header(guid))
        #expect(try guided.get() == SchemaMark(key: .guid(guid), prefix: 0))
        let named = try await mark(of: Array("{}".utf8), Header("__value_schema_id", [0, 0, 0, 0, 9]))
        #expect(try named.get() == SchemaMark(key: .id(9), prefix: 0))
        let broken = try await mark(of: value, Header("__value_schema_id", [7]))
        #expect(broken == .failure(.unknownMagic(7, isHeader: true)))
        #expect("\(SchemaMark.Unreadable.unknownMagic(7, isHeader: true))".contains("the header __value_schema_id"))
        let null = try await mark(of: value, Header("__value_schema_id", nil as [UInt8]?))
        #expect(try null.get() == SchemaMark(key: .id(7), prefix: 5))
        let other = try await mark(of: value, Header("__key_schema_id", [1]))
        #expect(try other.get() == SchemaMark(key: .id(7), prefix: 5))
    }

    /// The mark of a message with these parts, from a log.
    private func mark(
        of value: [UInt8],
        _ header: Header
    ) async throws -> Result<SchemaMark, SchemaMark.Unreadable> {
        let rig = Rig()
        try await rig.createInput()
        try await rig.produce([value], headers: [header])
        let reader = try await rig.log.reader()
        let partition = TopicPartition("in", 0)
        var mark: Result<SchemaMark, SchemaMark.Unreadable>?
        try await reader.read(partition, in: try await reader.bounds(of: partition)) { mark = SchemaMark.read($0) }
        await reader.close()
        return try #require(mark)
    }
}
