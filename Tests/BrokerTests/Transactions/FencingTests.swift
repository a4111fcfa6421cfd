import KafkaProtocol
import Testing

@testable import Broker

@Suite struct FencingTests {
    @Test func aNewIncarnationRaisesTheEpochAndFencesTheOld() {
        let rig = TransactionRig()
        let old = rig.initialize().producer
        let new = rig.initialize().producer
        #expect(new == ProducerIdentity(id: old.id, epoch: old.epoch + 1))
        #expect(rig.add(old, 0) == .producerFenced)
        #expect(rig.end(old, commit: true) == .producerFenced)
        #expect(rig.add(new, 0) == nil)
    }

    @Test func aNewIncarnationAbortsWhatTheOldLeftOpenAndComesAgain() {
        let rig = TransactionRig()
        let old = rig.initialize().producer
        _ = rig.add(old, 0, 1)
        rig.areMarkersFast = false
        #expect(rig.initialize().error == .concurrentTransactions)
        #expect(rig.state == .prepareAbort)
        #expect(rig.initialize().error == .concurrentTransactions)
        rig.flushMarkers()
        #expect(rig.marked.map(\.committed) == [false, false])
        #expect(rig.marked.allSatisfy { $0.producer.epoch == old.epoch + 1 })
        let new = rig.initialize()
        #expect(new.error == nil)
        #expect(new.producer == ProducerIdentity(id: old.id, epoch: old.epoch + 2))
        #expect(rig.end(old, commit: true) == .producerFenced)
    }

    @Test func aTransactionThatTakesTooLongIsAbortedAndItsProducerFenced() {
        let rig = TransactionRig()
        let producer = rig.initialize(timeout: 10_000).producer
        _ = rig.add(producer, 0)
        rig.pass(6_000)
        _ = rig.add(producer, 1)
        rig.pass(3_999)
        #expect(rig.state == .ongoing)
        rig.pass(1)
        #expect(rig.state == .completeAbort)
        #expect(rig.marked.map(\.partition.partition) == [0, 1])
        #expect(rig.marked.allSatisfy { !$0.committed && $0.producer.epoch == producer.epoch + 1 })
        #expect(rig.end(producer, commit: true) == .producerFenced)
    }

    @Test func aTimeoutWhoseAbortCannotBeStoredTriesAgain() {
        let rig = TransactionRig()
        let producer = rig.initialize(timeout: 10_000).producer
        _ = rig.add(producer, 0)
        rig.isLogFast = false
        rig.pass(10_000)
        rig.flushLog(.kafkaStorageError)
        #expect(rig.state == .ongoing)
        rig.isLogFast = true
        rig.pass(1_000)
        #expect(rig.state == .completeAbort)
        #expect(rig.coordinator.describe("tx")?.producer.epoch == producer.epoch + 1)
    }

    @Test func aFinishedTransactionIsNotTimedOut() {
        let rig = TransactionRig()
        let producer = rig.initialize(timeout: 10_000).producer
        _ = rig.add(producer, 0)
        _ = rig.end(producer, commit: true)
        rig.pass(20_000)
        #expect(rig.state == .completeCommit)
        #expect(rig.marked.count == 1)
    }

    @Test func aProducerGoesOnAfterAnErrorWithARaisedEpoch() {
        let rig = TransactionRig()
        let first = rig.initialize().producer
        let next = rig.initialize(current: first)
        #expect(next.error == nil)
        #expect(next.producer == ProducerIdentity(id: first.id, epoch: 1))
    }

    @Test func theRepeatOfALostRecoveryGetsTheSameAnswer() {
        let rig = TransactionRig()
        let first = rig.initialize().producer
        let next = rig.initialize(current: first).producer
        #expect(rig.initialize(current: first).producer == next)
        #expect(rig.initialize(current: first).producer == next)
    }

    @Test func aZombieCannotRecoverAfterANewIncarnation() {
        let rig = TransactionRig()
        let zombie = rig.initialize().producer
        let new = rig.initialize().producer
        #expect(rig.initialize(current: zombie).error == .producerFenced)
        _ = rig.add(new, 0)
        #expect(rig.initialize(current: zombie).error == .producerFenced)
        #expect(rig.state == .ongoing)
        #expect(rig.end(new, commit: true) == nil)
        let stranger = ProducerIdentity(id: new.id + 5, epoch: 0)
        #expect(rig.initialize(current: stranger).error == .producerFenced)
    }

    @Test func usedUpEpochsLeadToANewID() throws {
        let rig = TransactionRig()
        let id = rig.initialize().producer.id
        let record = TransactionRecord(
            producer: ProducerIdentity(id: id, epoch: Int16.max - 1),
            timeout: 60_000,
            state: .empty,
            lastUpdate: rig.now.epoch
        )
        rig.log = [CoordinatorRecord(key: TransactionRecord.key(transactionalID: "tx"), value: record.value)]
        let anew = try rig.restarted().initialize()
        #expect(anew.producer.epoch == 0)
        #expect(anew.producer.id > id)
        let recovering = try rig.restarted()
        let exhausted = ProducerIdentity(id: id, epoch: Int16.max - 1)
        let next = recovering.initialize(current: exhausted).producer
        #expect(next.epoch == 0)
        #expect(next.id > id)
        #expect(recovering.initialize(current: exhausted).producer == next)
        #expect(recovering.initialize(current: ProducerIdentity(id: id, epoch: 3)).error == .producerFenced)
    }

    @Test func theLastEpochIsLeftForFencing() throws {
        let rig = TransactionRig()
        _ = rig.initialize()
        let record = TransactionRecord(
            producer: ProducerIdentity(id: 0, epoch: Int16.max - 1),
            timeout: 60_000,
            state: .ongoing,
            partitions: [LogPartition("t", 0)],
            lastUpdate: rig.now.epoch,
            start: rig.now.epoch
        )
        rig.log = [CoordinatorRecord(key: TransactionRecord.key(transactionalID: "tx"), value: record.value)]
        let fresh = try rig.restarted()
        #expect(fresh.initialize().error == .concurrentTransactions)
        #expect(fresh.marked.map(\.producer.epoch) == [Int16.max])
        #expect(fresh.initialize().producer.epoch == 0)
    }
}
