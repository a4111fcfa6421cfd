import KafkaProtocol
import Testing

@testable import Broker

@Suite struct GroupMembershipTests {
    @Test func aNewMemberIsGivenAnIDFirstAndJoinsWithIt() throws {
        let rig = GroupRig()
        let first = rig.join(client: "app")
        #expect(try rig.joined(first).error == .memberIDRequired)
        #expect(try rig.joined(first).memberID == "app-1")
        let second = rig.join("app-1", client: "app")
        let reply = try rig.joined(second)
        #expect(reply.error == nil)
        #expect(reply.generation == 1)
        #expect(reply.leaderID == "app-1")
        #expect(reply.protocolName == "range")
        #expect(reply.members == [.init(memberID: "app-1", instanceID: nil, metadata: [1])])
    }

    @Test func beforeVersion4AMemberJoinsAtOnce() throws {
        let rig = GroupRig()
        let reply = try rig.joined(rig.join(version: 3))
        #expect(reply.error == nil)
        #expect(reply.generation == 1)
    }

    @Test func onlyTheLeaderSeesTheMembersAndEachGetsItsOwnAssignment() throws {
        let rig = GroupRig()
        let one = try rig.admit(client: "one")
        let two = try rig.admit(client: "two")
        #expect(rig.answers[two.token] == nil)
        let again = rig.join(one.id, client: "one")
        let (leader, follower) = (try rig.joined(again), try rig.joined(two.token))
        #expect(leader.members.map(\.memberID) == [one.id, two.id])
        #expect(follower.members.isEmpty)
        #expect(follower.leaderID == one.id)
        #expect([leader.generation, follower.generation] == [2, 2])

        let waiting = rig.sync(two.id, 2)
        #expect(rig.answers[waiting] == nil)
        let assigning = rig.sync(one.id, 2, [one.id: [1, 1], two.id: [2, 2]])
        #expect(try rig.synced(assigning).assignment == [1, 1])
        #expect(try rig.synced(waiting).assignment == [2, 2])
        #expect(rig.coordinator.describe("g").state == .stable)
    }

    @Test func anAssignmentIsHandedOutWhenItIsDurable() throws {
        let rig = GroupRig()
        let (id, _) = try rig.admit()
        rig.isLogFast = false
        let token = rig.sync(id, 1, [id: [7]])
        #expect(rig.answers[token] == nil)
        rig.flush()
        #expect(try rig.synced(token).assignment == [7])
    }

    @Test func anAssignmentThatCannotBeStoredStartsOver() throws {
        let rig = GroupRig()
        let (id, _) = try rig.admit()
        rig.isLogFast = false
        let token = rig.sync(id, 1, [id: [7]])
        rig.flush(.kafkaStorageError)
        #expect(try rig.synced(token).error == .coordinatorNotAvailable)
        #expect(rig.heartbeat(id, 1) == .rebalanceInProgress)
    }

    @Test func heartbeatsKeepAMemberAndSilenceEndsIt() throws {
        let rig = GroupRig()
        let (ids, generation) = try rig.stableGroup(1)
        for _ in 0..<5 {
            rig.pass(9_999)
            #expect(rig.heartbeat(ids[0], generation) == nil)
        }
        rig.pass(10_000)
        #expect(rig.heartbeat(ids[0], generation) == .unknownMemberID)
        #expect(rig.coordinator.describe("g").state == .empty)
    }

    @Test func aStaleGenerationIsRefusedEverywhere() throws {
        let rig = GroupRig()
        let (ids, generation) = try rig.stableGroup(2)
        let member = GroupMember(groupID: "g", memberID: ids[0], generation: generation - 1)
        #expect(rig.heartbeat(ids[0], generation - 1) == .illegalGeneration)
        #expect(try rig.synced(rig.sync(ids[0], generation - 1)).error == .illegalGeneration)
        #expect(try rig.committed(rig.commit(5, member: member)) == [.illegalGeneration])
        #expect(rig.offset() == -1)
    }

    @Test func aMemberThatLeavesMakesTheOthersJoinAgain() throws {
        let rig = GroupRig()
        let (ids, generation) = try rig.stableGroup(3)
        #expect(rig.leave(LeavingMember(memberID: ids[0])) == [nil])
        #expect(rig.heartbeat(ids[1], generation) == .rebalanceInProgress)
        let tokens = [rig.join(ids[1]), rig.join(ids[2])]
        #expect(try tokens.map { try rig.joined($0).generation } == [generation + 1, generation + 1])
        #expect(try rig.joined(tokens[0]).leaderID == ids[1])
    }

    @Test func severalMembersLeaveInOneRequest() throws {
        let rig = GroupRig()
        let (ids, _) = try rig.stableGroup(2)
        let gone = LeavingMember(memberID: "nobody")
        let left = rig.leave(LeavingMember(memberID: ids[0]), gone, LeavingMember(memberID: ids[1]))
        #expect(left == [nil, .unknownMemberID, nil])
        #expect(rig.coordinator.describe("g").state == .empty)
    }

    @Test func whoDoesNotJoinInTimeIsOut() throws {
        let rig = GroupRig()
        let (ids, generation) = try rig.stableGroup(2)
        let token = rig.join(ids[0], strategies: ["range": [2]])
        for _ in 0..<8 {
            rig.pass(7_000)
            #expect(rig.heartbeat(ids[1], generation) == .rebalanceInProgress)
        }
        #expect(rig.answers[token] == nil)
        rig.pass(4_000)
        #expect(try rig.joined(token).members.map(\.memberID) == [ids[0]])
        #expect(rig.heartbeat(ids[1], generation) == .unknownMemberID)
    }

    @Test func whoDoesNotFetchItsAssignmentInTimeIsOut() throws {
        let rig = GroupRig()
        let (ids, generation) = try rig.stableGroup(2)
        _ = rig.join(ids[0], strategies: ["range": [2]])
        _ = rig.join(ids[1])
        _ = rig.sync(ids[0], generation + 1, [:])
        for _ in 0..<12 {
            rig.pass(5_000)
            _ = rig.heartbeat(ids[0], generation + 1)
            _ = rig.heartbeat(ids[1], generation + 1)
        }
        #expect(rig.heartbeat(ids[0], generation + 1) == .rebalanceInProgress)
        #expect(rig.heartbeat(ids[1], generation + 1) == .unknownMemberID)
    }

    @Test func theFirstRebalanceWaitsForMoreMembersAndIsExtended() throws {
        var settings = GroupSettings()
        settings.initialRebalanceDelay = 3_000
        let rig = GroupRig(settings)
        let one = try rig.admit(client: "one")
        rig.pass(2_000)
        let two = try rig.admit(client: "two")
        rig.pass(1_500)
        #expect(rig.answers[one.token] == nil)
        rig.pass(3_000)
        #expect(try rig.joined(one.token).members.count == 2)
        #expect(try rig.joined(two.token).generation == 1)
    }

    @Test func aMemberThatWasGivenAnIDIsWaitedForUntilItsSessionEnds() throws {
        let rig = GroupRig()
        let (ids, _) = try rig.stableGroup(1)
        _ = rig.join(client: "late")
        let token = rig.join(ids[0], strategies: ["range": [2]])
        #expect(rig.answers[token] == nil)
        rig.pass(10_000)
        #expect(try rig.joined(token).generation == 2)
    }

    @Test func aRepeatedJoinIsAnsweredWithTheGenerationThatStands() throws {
        let rig = GroupRig()
        let (ids, generation) = try rig.stableGroup(2)
        let follower = try rig.joined(rig.join(ids[1]))
        #expect(follower.generation == generation)
        #expect(follower.members.isEmpty)
        #expect(rig.coordinator.describe("g").state == .stable)
        _ = rig.join(ids[0])
        #expect(rig.coordinator.describe("g").state == .preparingRebalance)
    }

    @Test func aSecondRequestOfAMemberSupersedesTheParkedOne() throws {
        let rig = GroupRig()
        let (ids, _) = try rig.stableGroup(2)
        let first = rig.join(ids[0], strategies: ["range": [2]])
        let second = rig.join(ids[0], strategies: ["range": [2]])
        #expect(try rig.joined(first).error == .rebalanceInProgress)
        _ = rig.join(ids[1])
        #expect(try rig.joined(second).error == nil)
    }

    @Test func strategiesMustBeSharedAndTheMostPreferredWins() throws {
        let rig = GroupRig()
        let (ids, _) = try rig.stableGroup(1)
        #expect(try rig.joined(rig.join(strategies: ["sticky": [1]])).error == .inconsistentGroupProtocol)
        let both = rig.join(strategies: ["range": [3], "sticky": [4]], version: 3)
        #expect(rig.answers[both] == nil)
        let leader = try rig.joined(rig.join(ids[0], strategies: ["range": [1], "sticky": [2]]))
        #expect(leader.protocolName == "range")
        #expect(leader.members.map(\.metadata) == [[1], [3]])
    }

    @Test func aFullGroupRefusesNewMembers() throws {
        var settings = GroupSettings()
        settings.maximumSize = 2
        let rig = GroupRig(settings)
        let (ids, generation) = try rig.stableGroup(2)
        #expect(try rig.joined(rig.join()).error == .groupMaxSizeReached)
        #expect(rig.heartbeat(ids[1], generation) == nil)
    }

    @Test(arguments: [(999, true), (1_000, false), (1_800_000, false), (1_800_001, true)] as [(Int32, Bool)])
    func theSessionTimeoutIsBounded(timeout: Int32, isRefused: Bool) throws {
        let rig = GroupRig()
        let reply = try rig.joined(rig.join(session: timeout))
        #expect((reply.error == .invalidSessionTimeout) == isRefused)
    }

    @Test func unknownGroupsAndMembersAreNamedSo() throws {
        let rig = GroupRig()
        #expect(try rig.joined(rig.join("ghost")).error == .unknownMemberID)
        #expect(try rig.joined(rig.join(group: "")).error == .invalidGroupID)
        #expect(rig.heartbeat("ghost", 1) == .unknownMemberID)
        #expect(try rig.synced(rig.sync("ghost", 1)).error == .unknownMemberID)
        #expect(rig.leave(LeavingMember(memberID: "ghost")) == [.unknownMemberID])
        #expect(rig.coordinator.list().isEmpty)
    }

    @Test func textsThatDoNotFitIntoARecordAreRefused() throws {
        let rig = GroupRig()
        let long = String(repeating: "é", count: 16_001)
        #expect(try rig.joined(rig.join(client: long)).error == .invalidRequest)
        #expect(try rig.joined(rig.join(instance: long)).error == .invalidRequest)
        #expect(try rig.joined(rig.join(group: long)).error == .invalidGroupID)
        #expect(try rig.joined(rig.join(strategies: [long: []])).error == .invalidRequest)
        let member = GroupMember(groupID: long)
        #expect(try rig.committed(rig.commit(1, member: member)) == [.invalidGroupID])
        let fitting = String(repeating: "é", count: 16_000)
        #expect(try rig.joined(rig.join(instance: fitting)).error == nil)
    }

    @Test func aSyncThatNamesAnotherStrategyIsRefused() throws {
        let rig = GroupRig()
        let (id, _) = try rig.admit()
        #expect(try rig.synced(rig.sync(id, 1, name: "sticky")).error == .inconsistentGroupProtocol)
        #expect(try rig.synced(rig.sync(id, 1, name: "range")).error == nil)
    }

    @Test func aBrokerThatFallsWithItsMembersStartsWithoutThem() throws {
        var settings = GroupSettings()
        settings.keepsMembers = false
        let rig = GroupRig(settings)
        let (ids, generation) = try rig.stableGroup(3)
        let member = GroupMember(groupID: "g", memberID: ids[0], generation: generation)
        #expect(try rig.committed(rig.commit(42, member: member)) == [nil])
        let fresh = try rig.restarted()
        #expect(fresh.coordinator.describe("g").state == .empty)
        #expect(fresh.offset() == 42)
        #expect(fresh.heartbeat(ids[0], generation) == .unknownMemberID)
        let (id, token) = try fresh.admit()
        let joined = try fresh.joined(token)
        #expect(joined.leaderID == id && joined.generation > generation)
    }
}
