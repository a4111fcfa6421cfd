import Kafka
import KafkaTesting
import Log
import TestKit
import Testing

@Suite(.timeLimit(.minutes(2))) struct AdminGroupTests {
    private let place = TopicPartition("t", 0)
    private let other = TopicPartition("t", 1)

    private func withTopic(_ body: (Admin, KafkaFixture) async throws -> Void) async throws {
        try await withAdmin { admin, fixture in
            _ = try await admin.createTopics([TopicSpecification("t", partitions: 2)])
            try await fixture.fill("t", count: 10, partitions: 2)
            try await body(admin, fixture)
        }
    }

    @Test func groupsAreListedWithTheirStates() async throws {
        try await withTopic { admin, fixture in
            #expect(try await admin.listGroups().isEmpty)
            #expect(try await admin.alterGroupOffsets([place: CommittedOffset(1)], of: "quiet").failures().isEmpty)
            let member = try await fixture.consumer("t", group: "busy")
            _ = try await member.values(1)
            let groups = try await admin.listGroups()
            #expect(groups.mapValues(\.state) == ["quiet": .empty, "busy": .stable])
            #expect(groups["quiet"]?.isSimple == true && groups["busy"]?.isSimple == false)
            #expect(Array(try await admin.listGroups(in: [.stable]).keys) == ["busy"])
            #expect(try await admin.listGroups(in: [.dead]).isEmpty)
            await member.close()
        }
    }

    @Test func aGroupIsDescribedWithItsMembers() async throws {
        try await withTopic { admin, fixture in
            let member = try await fixture.consumer("t", group: "g", with: ["client.id": "the-client"])
            _ = try await member.values(1)
            let result = try await admin.describeGroups(["g", "nobody", "g"])
            let group = try #require(result.successes()["g"])
            #expect(group.id == "g" && group.state == .stable && !group.isSimple && !group.assignor.isEmpty)
            #expect(group.coordinator?.id == (try await admin.describeCluster().controller))
            let seen = try #require(group.members.first)
            #expect(group.members.count == 1)
            #expect(seen.clientID == "the-client" && !seen.id.isEmpty && seen.host.contains("127.0.0.1"))
            #expect(seen.instanceID == nil && seen.assignment == [place, other])
            #expect(result.failures().mapValues(\.name) == ["nobody": "GROUP_ID_NOT_FOUND"])
            #expect(result.failures()["nobody"]?.message.contains("nobody") == true)
            await member.close()
            let left = try #require(try await admin.describeGroups(["g"]).successes()["g"])
            #expect(left.members.isEmpty && left.state == .empty)
        }
    }

    @Test func groupsWithoutMembersAreDeleted() async throws {
        try await withTopic { admin, fixture in
            _ = try await admin.alterGroupOffsets([place: CommittedOffset(1)], of: "quiet")
            let member = try await fixture.consumer("t", group: "busy")
            _ = try await member.values(1)
            let result = try await admin.deleteGroups(["quiet", "busy", "nobody", "quiet", "a\u{0}b"])
            #expect(result.count == 4)
            let names = result.failures().mapValues(\.name)
            #expect(
                names == ["busy": "NON_EMPTY_GROUP", "nobody": "GROUP_ID_NOT_FOUND", "a\u{0}b": "_INVALID_ARG"]
            )
            #expect(Array(try await admin.listGroups().keys) == ["busy"])
            await member.close()
        }
    }

    @Test func offsetsOfSeveralGroupsAreListed() async throws {
        try await withTopic { admin, _ in
            let first = [place: CommittedOffset(3, metadata: "busbar1;consumed=3"), other: CommittedOffset(0)]
            #expect(try await admin.alterGroupOffsets(first, of: "a").failures().isEmpty)
            #expect(try await admin.alterGroupOffsets([place: CommittedOffset(5)], of: "b").failures().isEmpty)
            let groups = ["a", "b", "nobody", "c\u{0}d"]
            let all = try await admin.listGroupOffsets(groups)
            #expect(try all["a"]?.get().successes() == first)
            #expect(try all["b"]?.get().successes() == [place: CommittedOffset(5)])
            #expect(try all["nobody"]?.get().isEmpty == true)
            #expect(all.failures().mapValues(\.code) == ["c\u{0}d": .configuration])
            let some = try await admin.listGroupOffsets(["a", "b"], in: [other, other])
            #expect(try some["a"]?.get().successes() == [other: CommittedOffset(0)])
            #expect(try some["b"]?.get().isEmpty == true)
            #expect(try await admin.listGroupOffsets(["a"], in: [])["a"]?.get().isEmpty == true)
        }
    }

    @Test func manyGroupsAreAskedAboutTogether() async throws {
        try await withTopic { admin, _ in
            let groups = (0..<100).map { "g\($0)" }
            for (index, group) in groups.enumerated() {
                _ = try await admin.alterGroupOffsets([place: CommittedOffset(Offset(Int64(index % 5)))], of: group)
            }
            let listed = try await admin.listGroupOffsets(groups)
            #expect(listed.count == 100)
            for (index, group) in groups.enumerated() {
                #expect(try listed[group]?.get()[place]?.get().offset == Offset(Int64(index % 5)))
            }
            #expect(try await admin.deleteGroups(groups).failures().isEmpty)
        }
    }

    @Test func offsetsAreSetPerPartition() async throws {
        try await withTopic { admin, fixture in
            let missing = TopicPartition("missing", 0)
            let result = try await admin.alterGroupOffsets(
                [place: CommittedOffset(2), missing: CommittedOffset(2), other: CommittedOffset(-5)],
                of: "g"
            )
            #expect(result.count == 3)
            #expect(result.failures()[missing]?.code == .unknownTopicOrPartition, "\(result)")
            #expect(result.failures()[missing]?.message.contains("missing/0") == true)
            #expect(result.failures()[other]?.code == .configuration)
            #expect(try await admin.listGroupOffsets(["g"])["g"]?.get().successes() == [place: CommittedOffset(2)])

            let member = try await fixture.consumer("t")
            _ = try await member.values(1)
            let refused = try await admin.alterGroupOffsets([place: CommittedOffset(0)], of: "g").failures()
            #expect(refused[place]?.message.contains("t/0") == true, "\(refused)")
            await member.close()
        }
    }

    @Test func offsetsAreDeletedPerPartition() async throws {
        try await withTopic { admin, fixture in
            _ = try await admin.alterGroupOffsets([place: CommittedOffset(2), other: CommittedOffset(1)], of: "g")
            #expect(try await admin.deleteGroupOffsets([place, place], of: "g").failures().isEmpty)
            #expect(try await admin.listGroupOffsets(["g"])["g"]?.get().successes() == [other: CommittedOffset(1)])
            let nobody = try await admin.deleteGroupOffsets([place], of: "nobody").failures()
            #expect(nobody[place]?.name == "GROUP_ID_NOT_FOUND", "\(nobody)")
            #expect(nobody[place]?.message.contains("t/0") == true)
            let member = try await fixture.consumer("t")
            _ = try await member.values(1)
            let busy = try await admin.deleteGroupOffsets([other], of: "g").failures()
            #expect(busy[other]?.name == "GROUP_SUBSCRIBED_TO_TOPIC", "\(busy)")
            await member.close()
        }
    }

    @Test func offsetsOfAnOpenTransactionAreAnErrorPerPartition() async throws {
        try await withTopic { admin, fixture in
            let member = try await fixture.consumer("t")
            _ = try await member.values(1)
            let producer = try await fixture.producer(ProducerConfiguration(transactionalID: "x"))
            try await producer.beginTransaction()
            try await producer.sendOffsets([place: CommittedOffset(3)], of: member.groupMetadata())
            let open = try await admin.listGroupOffsets(["g"], in: [place, other], within: .seconds(3))
            let failure = try #require(try open["g"]?.get().failures()[place], "\(open)")
            #expect(failure.isRetriable)
            #expect(try await admin.listGroupOffsets(["g"], requireStable: false)["g"]?.get().isEmpty == true)
            try await producer.commitTransaction()
            // The commit is answered before its marker has reached the group.
            var closed = try await admin.listGroupOffsets(["g"], in: [place])
            while try closed["g"]?.get().failures()[place]?.isRetriable == true {
                closed = try await admin.listGroupOffsets(["g"], in: [place])
            }
            #expect(try closed["g"]?.get()[place]?.get().offset == 3, "\(closed)")
            await producer.close(within: .seconds(2))
            await member.close()
        }
    }
}
