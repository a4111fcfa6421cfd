import KafkaProtocol
import Testing

@testable import Broker

@Suite struct StaticMembershipTests {
    /// A stable group of the static members `a`, the leader, and `b`.
    private func stableGroup(_ rig: GroupRig) throws -> (a: String, b: String, generation: Int32) {
        let a = try rig.joined(rig.join(instance: "a"))
        let second = rig.join(instance: "b")
        _ = rig.join(a.memberID, instance: "a")
        let b = try rig.joined(second)
        _ = rig.sync(b.memberID, b.generation, instance: "b")
        let assignments: [String: [UInt8]] = [a.memberID: [1], b.memberID: [2]]
        _ = rig.sync(a.memberID, b.generation, instance: "a", assignments)
        try #require(rig.coordinator.describe("g").state == .stable)
        return (a.memberID, b.memberID, b.generation)
    }

    @Test func aStaticMemberJoinsAtOnce() throws {
        let rig = GroupRig()
        let reply = try rig.joined(rig.join(instance: "a"))
        #expect(reply.error == nil)
        #expect(reply.memberID == "a-1")
    }

    @Test func aStaticMemberThatComesBackKeepsItsAssignmentWithoutARebalance() throws {
        let rig = GroupRig()
        let (_, b, generation) = try stableGroup(rig)
        let back = try rig.joined(rig.join(instance: "b"))
        #expect(back.error == nil)
        #expect(back.memberID != b)
        #expect(back.generation == generation)
        #expect(rig.coordinator.describe("g").state == .stable)
        let again = try rig.synced(rig.sync(back.memberID, generation, instance: "b"))
        #expect(again.assignment == [2])
    }

    @Test func theOldIncarnationIsFenced() throws {
        let rig = GroupRig()
        let (_, b, generation) = try stableGroup(rig)
        _ = rig.join(instance: "b")
        #expect(rig.heartbeat(b, generation, instance: "b") == .fencedInstanceID)
        #expect(try rig.synced(rig.sync(b, generation, instance: "b")).error == .fencedInstanceID)
        #expect(try rig.joined(rig.join(b, instance: "b")).error == .fencedInstanceID)
        let member = GroupMember(groupID: "g", memberID: b, instanceID: "b", generation: generation)
        #expect(try rig.committed(rig.commit(5, member: member)) == [.fencedInstanceID])
        #expect(rig.leave(LeavingMember(memberID: b, instanceID: "b")) == [.fencedInstanceID])
        #expect(rig.offset() == -1)
    }

    @Test func aLeaderThatComesBackIsToldNotToAssign() throws {
        let rig = GroupRig()
        let (_, b, _) = try stableGroup(rig)
        let back = try rig.joined(rig.join(instance: "a"))
        #expect(back.skipsAssignment)
        #expect(back.leaderID == back.memberID)
        #expect(back.members.map(\.memberID) == [back.memberID, b])
    }

    @Test func beforeVersion9ALeaderThatComesBackDoesNotKnowItself() throws {
        let rig = GroupRig()
        let (a, _, _) = try stableGroup(rig)
        let back = try rig.joined(rig.join(instance: "a", version: 8))
        #expect(!back.skipsAssignment)
        #expect(back.leaderID == a)
        #expect(back.members.isEmpty)
    }

    @Test func aChosenStrategyThatChangesStartsARebalance() throws {
        let rig = GroupRig()
        let first = try rig.joined(rig.join(instance: "a", strategies: ["range": [1], "sticky": [1]]))
        _ = rig.sync(first.memberID, 1, instance: "a", [first.memberID: [1]])
        let back = try rig.joined(rig.join(instance: "a", strategies: ["sticky": [1]]))
        #expect(back.generation == 2)
        #expect(back.protocolName == "sticky")
    }

    @Test func aNewIDThatCannotBeStoredIsTakenBack() throws {
        let rig = GroupRig()
        let (_, b, generation) = try stableGroup(rig)
        rig.isLogFast = false
        let token = rig.join(instance: "b")
        rig.flush(.kafkaStorageError)
        #expect(try rig.joined(token).error == .coordinatorNotAvailable)
        #expect(rig.heartbeat(b, generation, instance: "b") == nil)
    }

    @Test func aParkedRequestOfTheOldIncarnationIsFencedAndAnswered() throws {
        let rig = GroupRig()
        let (a, b, _) = try stableGroup(rig)
        let parked = rig.join(a, instance: "a")
        #expect(rig.answers[parked] == nil)
        let next = rig.join(instance: "a")
        #expect(try rig.joined(parked).error == .fencedInstanceID)
        _ = rig.join(b, instance: "b")
        #expect(try rig.joined(next).members.count == 2)
    }

    @Test func anAbsentStaticMemberKeepsItsPlaceUntilItsSessionEnds() throws {
        let rig = GroupRig()
        let (a, b, generation) = try stableGroup(rig)
        rig.pass(9_000)
        #expect(rig.heartbeat(a, generation, instance: "a") == nil)
        #expect(rig.coordinator.describe("g").members.map(\.memberID) == [a, b])
        rig.pass(2_000)
        #expect(rig.coordinator.describe("g").members.map(\.memberID) == [a])
        #expect(rig.heartbeat(a, generation, instance: "a") == .rebalanceInProgress)
    }

    @Test func anAdministratorRemovesAMemberByItsInstanceID() throws {
        let rig = GroupRig()
        let (a, _, _) = try stableGroup(rig)
        let unknown = LeavingMember(memberID: "", instanceID: "nobody")
        #expect(rig.leave(LeavingMember(memberID: "", instanceID: "b"), unknown) == [nil, .unknownMemberID])
        #expect(rig.coordinator.describe("g").members.map(\.memberID) == [a])
    }

    @Test func aRestartKeepsStaticMembersInTheirPlaces() throws {
        let rig = GroupRig()
        let (a, b, generation) = try stableGroup(rig)
        let fresh = try rig.restarted()
        let description = fresh.coordinator.describe("g")
        #expect(description.state == .stable)
        #expect(description.members.map(\.memberID) == [a, b])
        #expect(description.members.map(\.assignment) == [[1], [2]])
        #expect(fresh.heartbeat(b, generation, instance: "b") == nil)
        fresh.pass(10_001)
        #expect(fresh.coordinator.describe("g").members.isEmpty)
    }
}
