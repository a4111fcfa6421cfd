import Testing

@testable import Broker

/// The golden bytes were put together by hand from `TransactionLogKey.json` and `TransactionLogValue.json`.
@Suite struct TransactionRecoveryTests {
    @Test(arguments: [true, false])
    func aDecidedTransactionIsFinishedAfterARestart(commit: Bool) throws {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        _ = rig.add(producer, 0, 1, 2)
        rig.areMarkersFast = false
        #expect(rig.end(producer, commit: commit) == nil)
        let fresh = try rig.restarted()
        #expect(fresh.marked.map(\.partition.partition) == [0, 1, 2])
        #expect(fresh.marked.allSatisfy { $0.committed == commit && $0.producer == producer })
        #expect(fresh.state == (commit ? .completeCommit : .completeAbort))
        #expect(fresh.end(producer, commit: commit) == nil)
        #expect(try fresh.restarted().marked.isEmpty)
    }

    @Test func anOpenTransactionGoesOnAfterARestartAndKeepsItsDeadline() throws {
        let rig = TransactionRig()
        let producer = rig.initialize(timeout: 10_000).producer
        _ = rig.add(producer, 0)
        rig.pass(4_000)
        let fresh = try rig.restarted()
        #expect(fresh.add(producer, 1) == nil)
        fresh.pass(5_999)
        #expect(fresh.state == .ongoing)
        fresh.pass(1)
        #expect(fresh.state == .completeAbort)
    }

    @Test func anOpenTransactionThatTimedOutDuringTheRestartIsAborted() throws {
        let rig = TransactionRig()
        let producer = rig.initialize(timeout: 10_000).producer
        _ = rig.add(producer, 0)
        rig.now.epoch += 60_000
        let fresh = try rig.restarted()
        fresh.pass(0)
        #expect(fresh.state == .completeAbort)
    }

    @Test func epochsGoOnAfterARestart() throws {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        let next = try rig.restarted().initialize().producer
        #expect(next == ProducerIdentity(id: producer.id, epoch: producer.epoch + 1))
        let other = try rig.restarted().initialize("other").producer
        #expect(other.id > producer.id)
    }

    @Test func aTransactionsRecordIsKafkas() throws {
        let bytes = Hex.bytes(
            """
            000000000000000004d200050000ea60010000000200016100000002000000000000000300016200000001000000010000018bcf
            e569f40000018bcfe56800
            """
        )
        let record = TransactionRecord(
            producer: ProducerIdentity(id: 1_234, epoch: 5),
            timeout: 60_000,
            state: .ongoing,
            partitions: [LogPartition("a", 0), LogPartition("a", 3), LogPartition("b", 1)],
            lastUpdate: 1_700_000_000_500,
            start: 1_700_000_000_000
        )
        #expect(record.value == bytes)
        #expect(try TransactionRecord(bytes) == record)
        #expect(TransactionRecord.key(transactionalID: "tx-1") == Hex.bytes("0000000474782d31"))
        #expect(try TransactionRecord.transactionalID(key: Hex.bytes("0000000474782d31")) == "tx-1")
    }

    @Test func anEmptyTransactionHasNullPartitions() throws {
        let bytes = Hex.bytes("000000000000000004d200050000ea6000ffffffff0000018bcfe569f4ffffffffffffffff")
        let record = TransactionRecord(
            producer: ProducerIdentity(id: 1_234, epoch: 5),
            timeout: 60_000,
            state: .empty,
            lastUpdate: 1_700_000_000_500
        )
        #expect(record.value == bytes)
        #expect(try TransactionRecord(bytes) == record)
    }

    @Test func aDamagedRecordIsRefusedWithItsField() throws {
        let bytes = Hex.bytes("000000000000000004d200050000ea6000ffffffff0000018bcfe569f4ffffffffffffffff")
        for length in bytes.indices {
            #expect(throws: RecordFormatError.self) { try TransactionRecord(Array(bytes[..<length])) }
        }
        var wrong = bytes
        wrong[16] = 9
        let error = #expect(throws: RecordFormatError.self) { try TransactionRecord(wrong) }
        let text = "TransactionLogValue: version 0, transactionStatus is 9, which Kafka does not define"
        #expect(error?.description == text)
    }
}
