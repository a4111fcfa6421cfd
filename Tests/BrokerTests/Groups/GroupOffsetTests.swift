import KafkaProtocol
import Testing

@testable import Broker

@Suite struct GroupOffsetTests {
    private let producer = ProducerIdentity(id: 7, epoch: 0)
    private let partition = LogPartition("t", 0)

    private func end(_ rig: GroupRig, committed: Bool) {
        let partition = rig.coordinator.partition(for: "g")
        let event = GroupEvent.transactionEnded(producerID: 7, offsetsPartition: partition, committed: committed)
        rig.take(rig.coordinator.on(event, at: rig.now))
    }

    private func fetch(_ rig: GroupRig, stable: Bool = true) -> FetchedOffset {
        rig.coordinator.offsets(of: "g", partitions: [partition], requireStable: stable)[0]
    }

    @Test func aCommitIsAnsweredAndSeenWhenItIsDurable() throws {
        let rig = GroupRig()
        rig.isLogFast = false
        let token = rig.commit(5)
        #expect(rig.answers[token] == nil)
        #expect(fetch(rig).error == .unstableOffsetCommit)
        #expect(fetch(rig, stable: false).offset == -1)
        rig.flush()
        #expect(try rig.committed(token) == [nil])
        #expect(fetch(rig).offset == 5)
        #expect(fetch(rig).error == nil)
    }

    @Test func aCommitThatCannotBeStoredIsRefusedAndNotSeen() throws {
        let rig = GroupRig()
        _ = rig.commit(4)
        rig.isLogFast = false
        let token = rig.commit(5)
        rig.flush(.kafkaStorageError)
        #expect(try rig.committed(token) == [.coordinatorNotAvailable])
        #expect(fetch(rig).offset == 4)
    }

    @Test func aConsumerOutsideTheProtocolCommitsOnlyToAGroupWithoutMembers() throws {
        let rig = GroupRig()
        #expect(try rig.committed(rig.commit(5)) == [nil])
        let (ids, generation) = try rig.stableGroup(1)
        #expect(try rig.committed(rig.commit(6)) == [.unknownMemberID])
        let member = GroupMember(groupID: "g", memberID: ids[0], generation: generation)
        #expect(try rig.committed(rig.commit(7, member: member)) == [nil])
        #expect(rig.offset() == 7)
    }

    @Test func aMemberOfAGroupThatDoesNotExistCannotCommit() throws {
        let rig = GroupRig()
        let member = GroupMember(groupID: "g", memberID: "m", generation: 3)
        #expect(try rig.committed(rig.commit(5, member: member)) == [.illegalGeneration])
    }

    @Test func aMemberCommitsWhileTheGroupPreparesButNotBeforeItHasItsAssignment() throws {
        let rig = GroupRig()
        let (ids, generation) = try rig.stableGroup(2)
        _ = rig.join(ids[0])
        var member = GroupMember(groupID: "g", memberID: ids[1], generation: generation)
        #expect(try rig.committed(rig.commit(5, member: member)) == [nil])
        _ = rig.join(ids[1])
        member.generation += 1
        #expect(try rig.committed(rig.commit(6, member: member)) == [.rebalanceInProgress])
    }

    @Test func metadataThatIsTooLongIsRefusedForItsPartitionAlone() throws {
        let rig = GroupRig()
        let offsets = [
            CommitRequest.Entry(partition, offset: 1, metadata: String(repeating: "é", count: 2_049)),
            CommitRequest.Entry(LogPartition("t", 1), offset: 2, metadata: String(repeating: "é", count: 2_048)),
        ]
        let token = rig.send { .commit(CommitRequest(member: GroupMember(groupID: "g"), offsets: offsets), $0) }
        #expect(try rig.committed(token) == [.offsetMetadataTooLarge, nil])
        #expect(rig.offset(LogPartition("t", 1)) == 2)
    }

    @Test(arguments: [nil, ProducerIdentity(id: 7, epoch: 0)])
    func ofAPartitionThatIsNamedTwiceTheLastCounts(producer: ProducerIdentity?) throws {
        let rig = GroupRig()
        let offsets = [1, 2].map { CommitRequest.Entry(partition, offset: $0) }
        let request = CommitRequest(member: GroupMember(groupID: "g"), offsets: offsets, producer: producer)
        #expect(try rig.committed(rig.send { .commit(request, $0) }) == [nil, nil])
        if producer != nil { end(rig, committed: true) }
        #expect(fetch(rig).offset == 2)
        #expect(fetch(rig).error == nil)
    }

    @Test func allOffsetsOfAGroupAreListedInOrder() {
        let rig = GroupRig()
        for number in [2, 0, 1] as [Int32] { _ = rig.commit(Int64(number) * 10, of: LogPartition("t", number)) }
        let all = rig.coordinator.offsets(of: "g", partitions: nil, requireStable: true)
        #expect(all.map(\.partition.partition) == [0, 1, 2])
        #expect(all.map(\.offset) == [0, 10, 20])
        #expect(rig.coordinator.offsets(of: "nobody", partitions: nil, requireStable: true).isEmpty)
    }

    @Test func offsetsOfATransactionWaitForItsEnd() throws {
        let rig = GroupRig()
        _ = rig.commit(5)
        #expect(try rig.committed(rig.commit(9, producer: producer)) == [nil])
        #expect(fetch(rig).error == .unstableOffsetCommit)
        #expect(fetch(rig, stable: false).offset == 5)
        end(rig, committed: true)
        #expect(fetch(rig).offset == 9)
    }

    @Test(arguments: [(10, 9), (20, -1)] as [(Int64, Int64)])
    func aCommitBelongsToTheTransactionWhoseMarkerIsBehindIt(offset: Int64, seen: Int64) {
        let rig = GroupRig()
        rig.isLogFast = false
        _ = rig.commit(9, producer: producer)
        let number = rig.coordinator.partition(for: "g")
        let marker = GroupEvent.transactionEnded(
            producerID: 7,
            offsetsPartition: number,
            committed: true,
            offset: 15
        )
        rig.take(rig.coordinator.on(marker, at: rig.now))
        rig.take(rig.coordinator.on(.written(rig.writes[0].token, .durable(offset: offset)), at: rig.now))
        #expect(fetch(rig, stable: false).offset == seen)
        #expect((fetch(rig).error == nil) == (seen == 9))
        end(rig, committed: true)
        #expect(fetch(rig).offset == 9)
    }

    @Test func offsetsOfAnAbortedTransactionAreForgotten() {
        let rig = GroupRig()
        _ = rig.commit(5)
        _ = rig.commit(9, producer: producer)
        end(rig, committed: false)
        #expect(fetch(rig).offset == 5)
        #expect(fetch(rig).error == nil)
    }

    @Test func ofTwoCommitsTheLaterRecordCounts() {
        let rig = GroupRig()
        _ = rig.commit(9, producer: producer)
        _ = rig.commit(5)
        end(rig, committed: true)
        #expect(rig.offset() == 5)
    }

    @Test func aTransactionsCommitIsCheckedAgainstTheGeneration() throws {
        let rig = GroupRig()
        let (ids, generation) = try rig.stableGroup(1)
        var member = GroupMember(groupID: "g", memberID: ids[0], generation: generation - 1)
        #expect(try rig.committed(rig.commit(9, member: member, producer: producer)) == [.illegalGeneration])
        member = GroupMember(groupID: "g", memberID: "zombie", generation: generation)
        #expect(try rig.committed(rig.commit(9, member: member, producer: producer)) == [.unknownMemberID])
        member = GroupMember(groupID: "g", memberID: ids[0], instanceID: "i", generation: generation)
        #expect(try rig.committed(rig.commit(9, member: member, producer: producer)) == [.unknownMemberID])
        member = GroupMember(groupID: "g", memberID: ids[0], generation: generation)
        #expect(try rig.committed(rig.commit(9, member: member, producer: producer)) == [nil])
        end(rig, committed: true)
        #expect(rig.offset() == 9)
    }

    @Test func aProducerThatNamesNoMemberCommitsToAGroupWithMembers() throws {
        let rig = GroupRig()
        _ = try rig.stableGroup(1)
        #expect(try rig.committed(rig.commit(9, producer: producer)) == [nil])
    }

    @Test func theProducersFencingByThePartitionReachesTheClient() throws {
        let rig = GroupRig()
        rig.isLogFast = false
        let token = rig.commit(9, producer: producer)
        rig.flush(.invalidProducerEpoch)
        #expect(try rig.committed(token) == [.invalidProducerEpoch])
        #expect(fetch(rig).error == nil)
    }

    @Test func aRestartRestoresOffsetsAndOpenTransactions() throws {
        let rig = GroupRig()
        _ = rig.commit(5)
        _ = rig.commit(6, of: LogPartition("t", 1))
        _ = rig.commit(9, producer: producer)
        let open = try rig.restarted()
        #expect(fetch(open).error == .unstableOffsetCommit)
        #expect(open.offset(LogPartition("t", 1)) == 6)
        end(open, committed: true)
        #expect(fetch(open).offset == 9)
        let ended = try rig.restarted(markers: [(after: 2, producerID: 7, committed: true)])
        #expect(fetch(ended).offset == 9)
        let aborted = try rig.restarted(markers: [(after: 2, producerID: 7, committed: false)])
        #expect(fetch(aborted).offset == 5)
    }

    @Test func deletedOffsetsAreGoneAfterARestartToo() throws {
        let rig = GroupRig()
        _ = rig.commit(5)
        _ = rig.commit(6, of: LogPartition("t", 1))
        let token = rig.send { .deleteOffsets(groupID: "g", [partition, LogPartition("t", 9)], $0) }
        let none = [partition, LogPartition("t", 9)].map { PartitionOutcome(partition: $0, error: nil) }
        #expect(rig.answers[token] == .deleteOffsets(nil, none))
        for each in [rig, try rig.restarted()] {
            #expect(each.offset() == -1)
            #expect(each.offset(LogPartition("t", 1)) == 6)
        }
    }

    @Test func aTransactionDoesNotBringBackWhatWasDeletedMeanwhile() throws {
        let rig = GroupRig()
        _ = rig.commit(9, producer: producer)
        _ = rig.send { .deleteOffsets(groupID: "g", [partition], $0) }
        end(rig, committed: true)
        #expect(rig.offset() == -1)
        #expect(try rig.restarted(markers: [(after: 1, producerID: 7, committed: true)]).offset() == -1)
    }

    @Test func offsetsOfTopicsThatAreReadCannotBeDeleted() throws {
        let rig = GroupRig()
        // A ConsumerProtocolSubscription of version 0 for the topic "t".
        let subscription = Hex.bytes("0000 00000001 0001 74 ffffffff")
        let id = try rig.joined(rig.join(strategies: ["range": subscription])).memberID
        _ = rig.join(id, strategies: ["range": subscription])
        _ = rig.sync(id, 1, [id: []])
        let member = GroupMember(groupID: "g", memberID: id, generation: 1)
        _ = rig.commit(5, member: member)
        _ = rig.commit(6, of: LogPartition("unread", 0), member: member)
        let token = rig.send { .deleteOffsets(groupID: "g", [partition, LogPartition("unread", 0)], $0) }
        let outcomes = [
            PartitionOutcome(partition: partition, error: .groupSubscribedToTopic),
            PartitionOutcome(partition: LogPartition("unread", 0), error: nil),
        ]
        #expect(rig.answers[token] == .deleteOffsets(nil, outcomes))
        #expect(rig.offset() == 5)
        #expect(rig.offset(LogPartition("unread", 0)) == -1)
    }

    @Test func onlyGroupsWithoutMembersAreDeleted() throws {
        let rig = GroupRig()
        let (ids, _) = try rig.stableGroup(1)
        _ = rig.send {
            let entry = CommitRequest.Entry(partition, offset: 1)
            return .commit(CommitRequest(member: GroupMember(groupID: "other"), offsets: [entry]), $0)
        }
        let names = ["g", "other", "ghost"]
        let first = rig.send { .deleteGroups(names, $0) }
        let errors: [ErrorCode?] = [.nonEmptyGroup, nil, .groupIDNotFound]
        let expected = zip(names, errors).map { GroupOutcome(groupID: $0, error: $1) }
        #expect(rig.answers[first] == .deleteGroups(expected))
        _ = rig.leave(LeavingMember(memberID: ids[0]))
        let second = rig.send { .deleteGroups(["g"], $0) }
        #expect(rig.answers[second] == .deleteGroups([GroupOutcome(groupID: "g", error: nil)]))
        #expect(rig.coordinator.list().isEmpty)
        #expect(try rig.restarted().coordinator.list().isEmpty)
    }

    @Test func offsetsOfAGroupWithoutMembersExpireAfterTheRetention() throws {
        let rig = GroupRig()
        let (ids, generation) = try rig.stableGroup(1)
        let member = GroupMember(groupID: "g", memberID: ids[0], generation: generation)
        _ = rig.commit(5, member: member)
        _ = rig.leave(LeavingMember(memberID: ids[0]))
        rig.pass(rig.coordinator.settings.offsetsRetention - 1_000)
        #expect(rig.offset() == 5)
        rig.pass(rig.coordinator.settings.expiryInterval + 1_000)
        #expect(rig.offset() == -1)
        #expect(rig.coordinator.list().isEmpty)
        #expect(try rig.restarted().coordinator.list().isEmpty)
    }

    @Test func anOffsetMayCarryItsOwnRetention() {
        let rig = GroupRig()
        _ = rig.commit(5, retention: 60_000)
        _ = rig.commit(6, of: LogPartition("t", 1))
        rig.pass(rig.coordinator.settings.expiryInterval)
        #expect(rig.offset() == -1)
        #expect(rig.offset(LogPartition("t", 1)) == 6)
    }

    @Test func offsetsOfDeletedPartitionsGoInEveryGroup() {
        let rig = GroupRig()
        _ = rig.commit(5)
        _ = rig.commit(6, of: LogPartition("t", 1))
        rig.take(rig.coordinator.on(.partitionsDeleted([partition]), at: rig.now))
        #expect(rig.offset() == -1)
        #expect(rig.offset(LogPartition("t", 1)) == 6)
    }
}
