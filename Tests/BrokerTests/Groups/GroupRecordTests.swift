import Testing

@testable import Broker

/// The golden bytes were put together by hand from Kafka's schemas (`OffsetCommitKey.json` and its neighbours).
@Suite struct GroupRecordTests {
    private static let partition = LogPartition("events", 7)
    private static let key = Hex.bytes("000100066f726465727300066576656e747300000007")

    @Test func anOffsetsKeyIsKafkas() throws {
        #expect(OffsetRecord.key(group: "orders", partition: Self.partition) == Self.key)
        #expect(try OffsetsTopicKey(Self.key) == .offset(group: "orders", Self.partition))
        let old = Hex.bytes("0000") + Self.key.dropFirst(2)
        #expect(try OffsetsTopicKey(old) == .offset(group: "orders", Self.partition))
    }

    @Test func anOffsetsValueIsKafkas() throws {
        let committed = CommittedOffset(
            offset: 42,
            leaderEpoch: 5,
            metadata: "méta",
            commitTimestamp: 1_700_000_000_000
        )
        let bytes = Hex.bytes("0003000000000000002a0000000500056dc3a974610000018bcfe56800")
        #expect(OffsetRecord.value(committed) == bytes)
        #expect(try OffsetRecord.committed(bytes) == committed)
    }

    @Test func anOffsetWithItsOwnExpiryIsStoredInVersion1() throws {
        let committed = CommittedOffset(
            offset: 42,
            metadata: "m",
            commitTimestamp: 1_700_000_000_000,
            expireTimestamp: 1_700_000_060_000
        )
        let bytes = Hex.bytes("0001000000000000002a00016d0000018bcfe568000000018bcfe65260")
        #expect(OffsetRecord.value(committed) == bytes)
        #expect(try OffsetRecord.committed(bytes) == committed)
        let oldest = Hex.bytes("0000000000000000002a00016d0000018bcfe56800")
        let read = try OffsetRecord.committed(oldest)
        #expect(read == CommittedOffset(offset: 42, metadata: "m", commitTimestamp: 1_700_000_000_000))
    }

    @Test func aGroupsRecordIsKafkas() throws {
        let bytes = Hex.bytes(
            """
            00030008636f6e73756d657200000009000572616e676500036d2d310000018bcfe568000000000200036d2d310003692d310003
            61707000092f31302e302e302e310000ea6000002710000000020102000000010300036d2d32ffff000361707000092f31302e30
            2e302e320000ea6000002710000000000000000104
            """
        )
        let record = try GroupRecord(bytes)
        #expect(record.protocolType == "consumer")
        #expect(record.generation == 9)
        #expect(record.protocolName == "range")
        #expect(record.leaderID == "m-1")
        #expect(record.stateTimestamp == 1_700_000_000_000)
        #expect(record.members.map(\.memberID) == ["m-1", "m-2"])
        #expect(record.members.map(\.instanceID) == ["i-1", nil])
        #expect(record.members.map(\.clientHost) == ["/10.0.0.1", "/10.0.0.2"])
        #expect(record.members.map(\.rebalanceTimeout) == [60_000, 60_000])
        #expect(record.members.map(\.sessionTimeout) == [10_000, 10_000])
        #expect(record.members.map(\.subscription) == [[1, 2], []])
        #expect(record.members.map(\.assignment) == [[3], [4]])
        #expect(record.value == bytes)
        #expect(GroupRecord.key(group: "orders") == Hex.bytes("000200066f7264657273"))
        #expect(try OffsetsTopicKey(GroupRecord.key(group: "orders")) == .group("orders"))
    }

    @Test func anEmptyGroupHasNeitherStrategyNorLeader() throws {
        let bytes = Hex.bytes("00030008636f6e73756d65720000000affffffff0000018bcfe5680000000000")
        let record = try GroupRecord(bytes)
        #expect(record.generation == 10)
        #expect(record.protocolName == nil)
        #expect(record.leaderID == nil)
        #expect(record.members.isEmpty)
        #expect(record.value == bytes)
    }

    @Test func theOldestGroupRecordIsRead() throws {
        let bytes = Hex.bytes(
            """
            00000008636f6e73756d657200000009000572616e676500036d2d310000000100036d2d31000361707000022f68000027100000
            0001010000000103
            """
        )
        let record = try GroupRecord(bytes)
        #expect(record.stateTimestamp == -1)
        #expect(record.members.map(\.rebalanceTimeout) == [10_000])
        #expect(record.members.map(\.assignment) == [[3]])
    }

    @Test func aRecordThatIsCutAnywhereIsRefusedWithItsField() throws {
        let value = OffsetRecord.value(CommittedOffset(offset: 1, metadata: "abc", commitTimestamp: 2))
        for length in value.indices {
            let error = #expect(throws: RecordFormatError.self) { try OffsetRecord.committed(Array(value[..<length])) }
            #expect(error?.description.hasPrefix("OffsetCommitValue: ") == true)
        }
        let group = Hex.bytes("00030008636f6e73756d65720000000affffffff0000018bcfe56800000000")
        for length in group.indices {
            #expect(throws: RecordFormatError.self) { try GroupRecord(Array(group[..<length])) }
        }
    }

    @Test func aCountThatTheBytesCannotHoldIsRefusedBeforeAnythingIsAllocated() {
        let bytes = Hex.bytes("00030008636f6e73756d65720000000affffffff0000018bcfe568007fffffff")
        let error = #expect(throws: RecordFormatError.self) { try GroupRecord(bytes) }
        #expect(
            error?.description
                == "GroupMetadataValue: version 3, members says 2147483647 elements, 0 bytes left"
        )
    }

    @Test func versionsOfTheFutureAreNamedAndUnknownKeysAreSkipped() throws {
        let error = #expect(throws: RecordFormatError.self) { try GroupRecord(Hex.bytes("0004")) }
        #expect(error?.description == "GroupMetadataValue: version 4, this broker reads 0 to 3")
        var coordinator = GroupCoordinator()
        try coordinator.load(CoordinatorRecord(key: Hex.bytes("0003000161"), value: []), offset: 0, producer: nil)
        #expect(coordinator.list().isEmpty)
    }

    /// Computed by another program from the definition of Java's `String.hashCode`; the hash of `polygenelubricants` is
    /// the least 32-bit number, which has no absolute value.
    @Test(arguments: [
        ("orders", 31), ("", 0), ("polygenelubricants", 0), ("connect-über", 40), ("a", 47),
        ("console-consumer-12345", 6), ("😀", 49),
    ])
    func aGroupsPartitionIsKafkas(group: String, partition: Int32) {
        #expect(GroupCoordinator().partition(for: group) == partition)
    }
}
