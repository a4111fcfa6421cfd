import Kafka
import KafkaTesting
import Log
import TestKit
import Testing

@Suite(.timeLimit(.minutes(2))) struct AdminAccessTests {
    private func withRules(_ body: (Admin) async throws -> Void) async throws {
        try await InProcessBroker.withAccessRules(as: "root", isSuperUser: true) { broker in
            let admin = try await Admin.open(client: broker.client, logger: KafkaFixture.silent)
            try await body(admin)
            await admin.close()
        }
    }

    private let rules = [
        ACLBinding(.allow, "User:alice", to: .read, ACLResource(.topic, "orders")),
        ACLBinding(.deny, "User:bob", to: .all, ACLResource(.topic, "or", pattern: .prefixed), from: "10.0.0.1"),
        ACLBinding(.allow, "User:*", to: .describe, ACLResource(.group, "*")),
        ACLBinding(.allow, "User:carol", to: .clusterAction, .cluster),
    ]

    @Test func rulesAreCreatedDescribedAndDeleted() async throws {
        try await withRules { admin in
            #expect(try await admin.createACLs(rules).failures().isEmpty)
            #expect(try await admin.createACLs([rules[0]]).failures().isEmpty, "once more is no error")
            #expect(Set(try await admin.describeACLs()) == Set(rules))
            #expect(try await admin.describeACLs(ACLFilter(principal: "User:alice")) == [rules[0]])
            let applying = ACLFilter(type: .topic, name: "orders", pattern: .applying)
            #expect(Set(try await admin.describeACLs(applying)) == [rules[0], rules[1]])
            #expect(try await admin.describeACLs(ACLFilter(permission: .deny)) == [rules[1]])
            #expect(try await admin.describeACLs(ACLFilter(operation: .alterConfigs)).isEmpty)

            let filters = [ACLFilter(type: .topic), ACLFilter(principal: "User:nobody")]
            let deleted = try await admin.deleteACLs(filters)
            #expect(try Set(deleted[filters[0]]?.get() ?? []) == [rules[0], rules[1]])
            #expect(try deleted[filters[1]]?.get().isEmpty == true)
            #expect(Set(try await admin.describeACLs()) == [rules[2], rules[3]])
        }
    }

    @Test func whatCannotBeSentIsRefusedAlone() async throws {
        try await withRules { admin in
            let bad = ACLBinding(.allow, "User:a\u{0}lice", to: .read, ACLResource(.topic, "t"))
            let unknown = ACLBinding(.unknown, "User:alice", to: .read, ACLResource(.topic, "t"))
            let result = try await admin.createACLs([bad, rules[0], unknown])
            #expect(result.failures().mapValues(\.code) == [bad: .configuration, unknown: .configuration])
            #expect(try await admin.describeACLs() == [rules[0]])
            // Of a kind that librdkafka before 2.3 does not know.
            let newer = ACLBinding(.allow, "User:alice", to: .write, ACLResource(.transactionalID, "t"))
            let mixed = try await admin.createACLs([newer, rules[1]])
            #expect(mixed.successes()[rules[1]] != nil, "\(mixed)")
            #expect(mixed.failures().allSatisfy { $0.key == newer && $0.value.code == .configuration }, "\(mixed)")
            let filter = ACLFilter(operation: .unknown)
            #expect(try await admin.deleteACLs([filter]).failures()[filter]?.code == .configuration)
        }
    }

    @Test func aBrokerWithoutRulesSaysSo() async throws {
        try await withAdmin { admin, _ in
            let result = try await admin.createACLs([rules[0]])
            #expect(result.failures()[rules[0]]?.name == "SECURITY_DISABLED", "\(result)")
            #expect(result.failures()[rules[0]]?.message.contains("User:alice") == true)
        }
    }

    @Test func whoMayNotIsToldForEachItem() async throws {
        try await InProcessBroker.withAccessRules(as: "alice", isSuperUser: false) { broker in
            let admin = try await Admin.open(client: broker.client, logger: KafkaFixture.silent)
            let created = try await admin.createTopics([TopicSpecification("t", partitions: 1)])
            #expect(created.failures()["t"]?.code == .authorization, "\(created)")
            let described = try await admin.describeTopics(["t"])
            #expect(described.failures()["t"]?.code == .authorization, "\(described)")
            let rule = try await admin.createACLs([rules[0]])
            #expect(rule.failures()[rules[0]]?.code == .authorization, "\(rule)")
            await admin.close()
        }
    }
}
