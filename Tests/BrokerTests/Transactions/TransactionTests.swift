import KafkaProtocol
import Testing

@testable import Broker

@Suite struct TransactionTests {
    @Test func idempotentProducersGetIDsThatAreNeverGivenTwice() throws {
        var settings = TransactionSettings()
        settings.producerIDBlock = 3
        var rig = TransactionRig(settings)
        var seen: Set<Int64> = []
        for round in 1...3 {
            for _ in 0..<5 {
                let (error, producer) = rig.initialize(nil)
                #expect(error == nil)
                #expect(producer.epoch == 0)
                #expect(seen.insert(producer.id).inserted, "round \(round)")
                #expect(producer.id < rig.idLimit)
            }
            rig = try rig.restarted()
        }
        #expect(seen.count == 15)
    }

    @Test func withoutADurableReservationNoIDIsGiven() {
        let rig = TransactionRig()
        rig.areIDsRefused = true
        #expect(rig.initialize(nil).error == .coordinatorNotAvailable)
        rig.areIDsRefused = false
        #expect(rig.initialize(nil).error == nil)
    }

    @Test func aTransactionIsCommittedInEveryPartitionThatWasAdded() {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        #expect(rig.add(producer, 0, 1) == nil)
        #expect(rig.add(producer, 1, 2) == nil)
        #expect(rig.state == .ongoing)
        #expect(rig.end(producer, commit: true) == nil)
        #expect(rig.marked.map(\.partition.partition) == [0, 1, 2])
        #expect(rig.marked.allSatisfy { $0.committed && $0.producer == producer })
        #expect(rig.state == .completeCommit)
    }

    @Test func offsetsAreMarkedInTheGroupsPartition() {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        let claim = TransactionalProducer(transactionalID: "tx", identity: producer)
        let token = rig.send { .addOffsets(claim, groupID: "orders", $0) }
        #expect(rig.answers[token] == .addOffsets(nil))
        #expect(rig.end(producer, commit: false) == nil)
        #expect(rig.marked.map(\.partition) == [LogPartition("__consumer_offsets", 31)])
        #expect(rig.marked.map(\.committed) == [false])
    }

    @Test func theEndIsAnsweredBeforeTheMarkersAndTheNextBeginWaitsForThem() {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        _ = rig.add(producer, 0, 1)
        rig.areMarkersFast = false
        #expect(rig.end(producer, commit: true) == nil)
        #expect(rig.state == .prepareCommit)
        let next = rig.sendAdd(producer, 5)
        #expect(rig.answers[next] == nil)
        #expect(rig.end(producer, commit: true) == .concurrentTransactions)
        #expect(rig.initialize().error == .concurrentTransactions)
        rig.flushMarkers()
        #expect(rig.answers[next] == .addPartitions(nil))
        #expect(rig.state == .ongoing)
        #expect(rig.coordinator.describe("tx")?.partitions == [LogPartition("t", 5)])
    }

    @Test func partitionsAndOffsetsMayBeAddedAtTheSameTime() {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        let claim = TransactionalProducer(transactionalID: "tx", identity: producer)
        rig.isLogFast = false
        let partitions = rig.sendAdd(producer, 0)
        let offsets = rig.send { .addOffsets(claim, groupID: "orders", $0) }
        #expect(rig.writes.count == 1)
        rig.isLogFast = true
        rig.flushLog()
        #expect(rig.answers[partitions] == .addPartitions(nil))
        #expect(rig.answers[offsets] == .addOffsets(nil))
        #expect(rig.coordinator.describe("tx")?.partitions.count == 2)
    }

    @Test func theNextBeginIsRefusedWhereTheMarkersCannotBeWrittenNow() {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        _ = rig.add(producer, 0)
        rig.areMarkersFast = false
        #expect(rig.end(producer, commit: true) == nil)
        let next = rig.sendAdd(producer, 5)
        rig.flushMarkers(.kafkaStorageError)
        #expect(rig.answers[next] == .addPartitions(.concurrentTransactions))
        #expect(rig.add(producer, 5) == .concurrentTransactions)
        rig.areMarkersFast = true
        rig.pass(rig.coordinator.settings.markerRetryDelay)
        #expect(rig.add(producer, 5) == nil)
    }

    @Test func onlySoManyRequestsWaitAndNoneOfAZombie() {
        let rig = TransactionRig()
        let zombie = rig.initialize().producer
        let producer = rig.initialize().producer
        _ = rig.add(producer, 0)
        rig.areMarkersFast = false
        #expect(rig.end(producer, commit: true) == nil)
        #expect(rig.add(zombie, 5) == .producerFenced)
        let waiting = (1...16).map { rig.sendAdd(producer, $0) }
        #expect(rig.add(producer, 17) == .concurrentTransactions)
        rig.flushMarkers()
        #expect(waiting.allSatisfy { rig.answers[$0] == .addPartitions(nil) })
        #expect(rig.coordinator.describe("tx")?.partitions.count == 16)
    }

    @Test func theDecisionIsAnsweredWhenItIsDurable() {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        _ = rig.add(producer, 0)
        rig.isLogFast = false
        let claim = TransactionalProducer(transactionalID: "tx", identity: producer)
        let token = rig.send { .end(claim, commit: true, $0) }
        #expect(rig.answers[token] == nil)
        #expect(rig.markers.isEmpty && rig.marked.isEmpty)
        rig.flushLog()
        #expect(rig.answers[token] == .end(nil))
        rig.flushLog()
        #expect(rig.marked.count == 1)
    }

    @Test func aDecisionThatCannotBeStoredIsNone() {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        _ = rig.add(producer, 0)
        rig.isLogFast = false
        let claim = TransactionalProducer(transactionalID: "tx", identity: producer)
        let token = rig.send { .end(claim, commit: true, $0) }
        rig.flushLog(.kafkaStorageError)
        #expect(rig.answers[token] == .end(.coordinatorNotAvailable))
        #expect(rig.state == .ongoing)
        rig.isLogFast = true
        #expect(rig.end(producer, commit: false) == nil)
        #expect(rig.marked.map(\.committed) == [false])
    }

    @Test func theSameEndAgainIsFineAndTheOtherIsNot() {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        #expect(rig.end(producer, commit: true) == .invalidTxnState)
        _ = rig.add(producer, 0)
        _ = rig.end(producer, commit: true)
        #expect(rig.end(producer, commit: true) == nil)
        #expect(rig.end(producer, commit: false) == .invalidTxnState)
        #expect(rig.marked.count == 1)
    }

    @Test func aMarkerThatFailsIsWrittenLater() {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        _ = rig.add(producer, 0, 1)
        rig.areMarkersFast = false
        _ = rig.end(producer, commit: true)
        rig.flushMarkers(.kafkaStorageError)
        #expect(rig.state == .prepareCommit)
        rig.areMarkersFast = true
        rig.pass(rig.coordinator.settings.markerRetryDelay)
        #expect(rig.marked.map(\.partition.partition) == [0, 1])
        #expect(rig.state == .completeCommit)
    }

    @Test(
        "A partition that is deleted, or has seen a later epoch, does not hold up the end",
        arguments: [ErrorCode.unknownTopicOrPartition, .invalidProducerEpoch]
    )
    func whatCannotBeMarkedDoesNotHoldUpTheEnd(_ error: ErrorCode) {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        _ = rig.add(producer, 0, 1)
        rig.areMarkersFast = false
        _ = rig.end(producer, commit: true)
        rig.flushMarkers(error)
        #expect(rig.state == .completeCommit)
    }

    @Test func requestsOfTheWrongProducerAreRefused() {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        let stranger = ProducerIdentity(id: producer.id + 1, epoch: 0)
        let future = ProducerIdentity(id: producer.id, epoch: 1)
        #expect(rig.add(stranger, 0) == .invalidProducerIDMapping)
        #expect(rig.add(future, 0) == .producerFenced)
        #expect(rig.end(stranger, commit: true) == .invalidProducerIDMapping)
        #expect(rig.end(future, commit: true) == .producerFenced)
        #expect(rig.initialize("").error == .invalidRequest)
        #expect(rig.initialize(String(repeating: "x", count: 32_001)).error == .invalidRequest)
        #expect(rig.initialize("other", timeout: 900_001).error == .invalidTransactionTimeout)
        #expect(rig.initialize("other", timeout: 0).error == .invalidTransactionTimeout)
        #expect(rig.coordinator.describe("other") == nil)
    }

    @Test func appendsAreCheckedAgainstTheTransaction() {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        let claim = TransactionalProducer(transactionalID: "tx", identity: producer)
        let partition = LogPartition("t", 0)
        #expect(rig.coordinator.verify(claim, partition) == .invalidTxnState)
        _ = rig.add(producer, 0)
        #expect(rig.coordinator.verify(claim, partition) == nil)
        #expect(rig.coordinator.verify(claim, LogPartition("t", 1)) == .invalidTxnState)
        let old = TransactionalProducer(
            transactionalID: "tx",
            identity: ProducerIdentity(id: producer.id, epoch: producer.epoch - 1)
        )
        #expect(rig.coordinator.verify(old, partition) == .invalidProducerEpoch)
        rig.isLogFast = false
        rig.send { .end(claim, commit: true, $0) }
        #expect(rig.coordinator.verify(claim, partition) == .invalidTxnState)
    }

    @Test func transactionsAreDescribedAndListed() {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        rig.pass(1_000)
        _ = rig.add(producer, 1, 0)
        let description = TransactionDescription(
            transactionalID: "tx",
            state: .ongoing,
            producer: producer,
            timeout: 60_000,
            startTimestamp: rig.now.epoch,
            partitions: [LogPartition("t", 0), LogPartition("t", 1)]
        )
        #expect(rig.coordinator.describe("tx") == description)
        _ = rig.initialize("other")
        #expect(rig.coordinator.list().map(\.transactionalID) == ["other", "tx"])
        #expect(rig.coordinator.list(states: [.ongoing]).map(\.transactionalID) == ["tx"])
        #expect(rig.coordinator.list(producerIDs: [producer.id]).map(\.transactionalID) == ["tx"])
        let later = rig.now.epoch + 5_001
        #expect(rig.coordinator.list(olderThan: 5_000, now: later).map(\.transactionalID) == ["tx"])
        #expect(rig.coordinator.list(olderThan: 5_001, now: later).isEmpty)
    }

    @Test func anIDThatIsNotUsedExpires() throws {
        let rig = TransactionRig()
        let producer = rig.initialize().producer
        _ = rig.add(producer, 0)
        _ = rig.end(producer, commit: true)
        rig.pass(rig.coordinator.settings.idExpiration - 1_000)
        #expect(rig.state == .completeCommit)
        rig.pass(rig.coordinator.settings.expiryInterval + 1_000)
        #expect(rig.state == nil)
        #expect(try rig.restarted().state == nil)
        #expect(rig.add(producer, 0) == .invalidProducerIDMapping)
    }
}
